// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * EVFILT_TIMER, by the timeout of the wait: arming, expiring and cancelling a timer costs no system call and no descriptor,
 * where a timerfd costs three calls to set up and one for each expiration. The price: a kqueue that watches this one is not
 * told of its timers, and NOTE_ABSTIME is reckoned when the timer is set; a clock that is stepped afterwards does not move
 * it. Loop thread only.
 */
final class TimerFilter implements FilterFamily {

    /** Longest time that is told apart from for ever: {@link System#nanoTime} differences have to fit into a long. */
    private static final long MAX_NANOS = Long.MAX_VALUE / 2;

    final ReadyQueue queue;
    private final KqueueConstants constants;
    private final NoteConstants notes;
    private final Errno errno;
    final Map<Long, Timer> timers = new HashMap<>();
    private final TimerHeap running = new TimerHeap();

    TimerFilter(Platform platform, ReadyQueue queue) {
        constants = platform.kqueue();
        notes = platform.notes();
        errno = platform.errno();
        this.queue = queue;
    }

    @Override
    public boolean has(int filter) {
        return filter == constants.EVFILT_TIMER();
    }

    @Override
    public int change(long ident, int filter, int flags, int fflags, long data, long udata) {
        Timer timer = timers.get(ident);
        if ((flags & constants.EV_ADD()) != 0) {
            TimeUnit unit = unit(fflags & ~notes.NOTE_ABSTIME());
            boolean absolute = (fflags & notes.NOTE_ABSTIME()) != 0;
            // As observed on NetBSD: no time at all is an error.
            if (unit == null || data < 0 || (data == 0 && !absolute)) {
                return -errno.EINVAL();
            }
            if (timer == null) {
                timer = new Timer(this, constants, ident);
                timers.put(ident, timer);
                // Automatically EV_CLEAR (kqueue(2)).
                timer.knote.create(flags | constants.EV_CLEAR());
            }
            timer.knote.udata = udata;
            start(timer, unit, data, absolute, (flags & constants.EV_ONESHOT()) != 0);
        } else if (timer == null) {
            return -errno.ENOENT();
        }
        if ((flags & constants.EV_DELETE()) != 0) {
            forget(timer);
            return 0;
        }
        timer.disableOrEnable(flags);
        schedule(timer);
        return 0;
    }

    private void start(Timer timer, TimeUnit unit, long data, boolean absolute, boolean once) {
        long nanos = Math.min(MAX_NANOS, unit.toNanos(data));
        long delay = absolute ? Math.max(0, nanos - sinceEpoch()) : nanos;
        // A point in time comes once.
        timer.start(System.nanoTime() + delay, once || absolute ? 0 : nanos);
    }

    /** A disabled timer ends no wait: what it has missed counts when it is enabled. */
    private void schedule(Timer timer) {
        running.remove(timer);
        if (!timer.knote.disabled && !timer.ended) {
            running.add(timer);
        }
    }

    private static long sinceEpoch() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    private @Nullable TimeUnit unit(int note) {
        if (note == notes.NOTE_MSECONDS()) {
            return TimeUnit.MILLISECONDS;
        }
        if (note == notes.NOTE_SECONDS()) {
            return TimeUnit.SECONDS;
        }
        if (note == notes.NOTE_USECONDS()) {
            return TimeUnit.MICROSECONDS;
        }
        return note == notes.NOTE_NSECONDS() ? TimeUnit.NANOSECONDS : null;
    }

    void forget(Timer timer) {
        running.remove(timer);
        timers.remove(timer.ident);
        timer.knote.remove();
    }

    /** Whether {@link #limit} and {@link #expire} have anything to do. */
    boolean isRunning() {
        return running.first() != null;
    }

    /** {@code nanos}, or less if a timer expires before; {@link Kernel#FOREVER} is longer than anything. */
    long limit(long nanos) {
        Timer first = running.first();
        if (first == null) {
            return nanos;
        }
        long left = Math.max(0, first.deadline - System.nanoTime());
        return nanos == Kernel.FOREVER ? left : Math.min(left, nanos);
    }

    /** Puts what has expired by now into the ready queue. */
    void expire() {
        long now = System.nanoTime();
        Timer first = running.first();
        while (first != null && first.deadline - now <= 0) {
            first.expire(now);
            schedule(first);
            first = running.first();
        }
    }
}
