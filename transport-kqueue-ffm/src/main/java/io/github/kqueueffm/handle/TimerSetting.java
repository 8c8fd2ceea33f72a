// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A time as EVFILT_TIMER takes it. Milliseconds are taken whenever they are exact: that is what a kernel without units takes every
 * number for (DragonFly, NetBSD before 10), and what fits without limit, so NOTE_SECONDS is not needed. A finer time is rounded up
 * to the finest unit there is: no timer is early.
 */
record TimerSetting(int fflags, long data) {

    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    /** @param duration nanoseconds; none at all becomes the shortest time, as kernels refuse 0 (NetBSD: EINVAL, as observed) */
    static TimerSetting after(TimerUnits units, long duration) {
        long nanos = Math.max(1, duration);
        boolean micros = units.micros() != TimerUnits.NONE;
        if (nanos % NANOS_PER_MILLI == 0) {
            return new TimerSetting(0, nanos / NANOS_PER_MILLI);
        }
        if (micros && nanos % NANOS_PER_MICRO == 0) {
            return new TimerSetting(units.micros(), nanos / NANOS_PER_MICRO);
        }
        if (units.nanos() != TimerUnits.NONE) {
            return new TimerSetting(units.nanos(), nanos);
        }
        return micros
                ? new TimerSetting(units.micros(), ceiling(nanos, NANOS_PER_MICRO))
                : new TimerSetting(0, ceiling(nanos, NANOS_PER_MILLI));
    }

    /**
     * As a point in time if the system takes one and it is to come; else as the time until then, since kernels disagree about what
     * is over.
     */
    static TimerSetting at(TimerUnits units, Instant time, Instant now) {
        boolean absolute = units.absolute() != TimerUnits.NONE && time.isAfter(now);
        TimerSetting setting = after(units, absolute ? sinceEpoch(time) : until(now, time));
        return absolute ? new TimerSetting(setting.fflags() | units.absolute(), setting.data()) : setting;
    }

    private static long sinceEpoch(Instant time) {
        return until(Instant.EPOCH, time);
    }

    /** Nanoseconds, no more than a long has room for: 292 years. */
    private static long until(Instant from, Instant to) {
        if (!to.isAfter(from)) {
            return 0;
        }
        long seconds = Math.subtractExact(to.getEpochSecond(), from.getEpochSecond());
        // One less: the nanoseconds have to fit as well.
        return seconds >= Long.MAX_VALUE / NANOS_PER_SECOND - 1
                ? Long.MAX_VALUE
                : seconds * NANOS_PER_SECOND + to.getNano() - from.getNano();
    }

    private static long ceiling(long nanos, long unit) {
        return (nanos - 1) / unit + 1;
    }
}
