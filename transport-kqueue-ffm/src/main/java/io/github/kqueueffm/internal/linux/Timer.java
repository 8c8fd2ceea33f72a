// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/** One EVFILT_TIMER knote. There is no descriptor behind it. Loop thread only. */
final class Timer extends EpollTarget {

    private static final int NO_DESCRIPTOR = -1;

    final long ident;
    final KnoteState knote;

    /** {@link System#nanoTime} of the next expiration. */
    long deadline;

    /** Nanoseconds between expirations, 0 for one that expires once. */
    private long period;

    /** Expirations since the last report. */
    private long expirations;

    Timer(KqueueConstants constants, long ident) {
        super(NO_DESCRIPTOR);
        this.ident = ident;
        knote = new KnoteState(constants, constants.EVFILT_TIMER());
    }

    /** Starts it, or starts it anew: what has expired before does not count. */
    void start(long newDeadline, long newPeriod) {
        deadline = newDeadline;
        period = newPeriod;
        expirations = 0;
        knote.deactivate();
    }

    /**
     * Its deadline is behind.
     *
     * @return whether it has another one
     */
    boolean expire(long now) {
        knote.activate();
        if (period == 0) {
            expirations++;
            return false;
        }
        // All that were missed count, and the next one is where it would have been: a periodic timer does not drift.
        long passed = 1 + (now - deadline) / period;
        expirations += passed;
        deadline += passed * period;
        return true;
    }

    @Override
    void fired(int mask) {
        throw new IllegalStateException("a timer is in no epoll set");
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
        events.set(at, ident, knote.filter, knote.flags(), 0, expirations, knote.udata);
        expirations = 0;
        knote.reported();
        return 1;
    }
}
