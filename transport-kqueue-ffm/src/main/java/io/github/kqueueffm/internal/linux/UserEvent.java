// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/**
 * One EVFILT_USER knote, fired through an eventfd that is registered edge-triggered and never read: each write is an edge
 * (eventfd_write wakes the epoll set), so a wakeup costs its writer one call and the loop none.
 */
final class UserEvent extends EpollTarget {

    final int ident;
    final KnoteState knote;

    /** The caller's 24 bits, which no report takes away. */
    int fflags;

    /** Of the last change. */
    long data;

    private final UserFilter filter;

    UserEvent(UserFilter filter, KqueueConstants constants, int ident, int eventfd) {
        super(eventfd);
        this.filter = filter;
        this.ident = ident;
        knote = new KnoteState(constants, constants.EVFILT_USER());
    }

    @Override
    void fired(int mask) {
        activate();
    }

    /** The event has happened. */
    void activate() {
        knote.activate();
        queueIfPending();
    }

    void enable() {
        knote.enable();
        // What has been triggered stays so: there is nothing to look at again.
        knote.stale = false;
        queueIfPending();
    }

    private void queueIfPending() {
        if (isPending()) {
            filter.queue.add(this);
        }
    }

    @Override
    boolean isPending() {
        return knote.isReportable();
    }

    @Override
    int deliver(KEventList events, int at, int room) {
        if (room == 0 || !isPending()) {
            return 0;
        }
        events.set(at, ident, knote.filter, knote.flags(), fflags, data, knote.udata);
        knote.reported();
        // An EV_ONESHOT one is gone now, but its eventfd stays for the next EV_ADD: a trigger may be writing to it.
        if (knote.isLevel()) {
            // Without EV_CLEAR it is told for ever: a new edge brings it to the next wait, not to this one again.
            knote.deactivate();
            filter.signal(fd);
        }
        return 1;
    }
}
