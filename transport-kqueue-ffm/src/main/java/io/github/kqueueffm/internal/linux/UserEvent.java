// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/**
 * One EVFILT_USER knote, fired through an eventfd that is registered edge-triggered and never read: each write is an edge
 * (eventfd_write wakes the epoll set), so a wakeup costs its writer one call and the loop none.
 */
final class UserEvent extends KnoteTarget {

    final int ident;

    /** The caller's 24 bits, which no report takes away. */
    int fflags;

    /** Of the last change. */
    long data;

    private final UserFilter filter;

    UserEvent(UserFilter filter, KqueueConstants constants, int ident, int eventfd) {
        super(filter.queue, constants, constants.EVFILT_USER(), eventfd);
        this.filter = filter;
        this.ident = ident;
    }

    @Override
    void fired(int mask) {
        activate();
    }

    @Override
    void report(KEventList events, int at) {
        events.set(at, ident, knote.filter, knote.flags(), fflags, data, knote.udata);
        knote.reported();
        // An EV_ONESHOT one is gone now, but its eventfd stays for the next EV_ADD: a trigger may be writing to it.
        if (knote.isLevel()) {
            // Without EV_CLEAR it is told for ever: a new edge brings it to the next wait, not to this one again.
            knote.deactivate();
            filter.signal(fd);
        }
    }
}
