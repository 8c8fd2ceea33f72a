// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/** One EVFILT_TIMER knote. There is no descriptor behind it. Loop thread only. */
final class Timer extends KnoteTarget {

    final long ident;

    /** {@link System#nanoTime} of the next expiration. */
    long deadline;

    /** There is no next expiration. */
    boolean ended;

    /** {@link TimerHeap}'s. */
    int position = TimerHeap.NOWHERE;

    private final TimerFilter filter;

    /** Nanoseconds between expirations, 0 for one that expires once. */
    private long period;

    /** Expirations since the last report. */
    private long expirations;

    Timer(TimerFilter filter, KqueueConstants constants, long ident) {
        super(filter.queue, constants, constants.EVFILT_TIMER(), NO_DESCRIPTOR);
        this.filter = filter;
        this.ident = ident;
    }

    /** Starts it, or starts it anew: what has expired before does not count. */
    void start(long newDeadline, long newPeriod) {
        deadline = newDeadline;
        period = newPeriod;
        ended = false;
        expirations = 0;
        knote.deactivate();
    }

    /** Its deadline is behind. */
    void expire(long now) {
        activate();
        if (period == 0) {
            expirations++;
            ended = true;
            return;
        }
        // All that were missed count, and the next one is where it would have been: a periodic timer does not drift.
        long passed = 1 + (now - deadline) / period;
        expirations += passed;
        deadline += passed * period;
    }

    @Override
    void report(KEventList events, int at) {
        events.set(at, ident, knote.filter, knote.flags(), 0, expirations, knote.udata);
        expirations = 0;
        knote.reported();
        if (!knote.added) {
            filter.forget(this);
        }
    }
}
