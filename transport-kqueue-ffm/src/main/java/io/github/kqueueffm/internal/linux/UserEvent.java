// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/** One EVFILT_USER knote. Loop thread, but for {@link #trigger}. */
final class UserEvent extends KnoteTarget {

    final int ident;

    /** The caller's 24 bits, which no report takes away. */
    int fflags;

    /** Of the last change. */
    long data;

    private final UserFilter filter;

    /** Triggered, and not taken over by the loop's thread. */
    private volatile boolean triggered;

    UserEvent(UserFilter filter, KqueueConstants constants, int ident) {
        super(filter.queue, constants, constants.EVFILT_USER(), NO_DESCRIPTOR);
        this.filter = filter;
        this.ident = ident;
    }

    /** Any thread; 0 or {@code -errno}. */
    int trigger() {
        triggered = true;
        return filter.wake.ring();
    }

    /** Takes over a trigger. One that comes between is followed by a ring of its own. */
    void collect() {
        if (triggered) {
            triggered = false;
            activate();
        }
    }

    @Override
    void report(KEventList events, int at) {
        events.set(at, ident, knote.filter, knote.flags(), fflags, data, knote.udata);
        knote.reported();
        if (!knote.added) {
            filter.remove(this);
        } else if (knote.isLevel()) {
            // Without EV_CLEAR it is told for ever: a new edge brings it to the next wait, not to this one again.
            knote.deactivate();
            trigger();
        }
    }
}
