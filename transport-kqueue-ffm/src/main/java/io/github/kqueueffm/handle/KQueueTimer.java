// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueIoOps;
import io.netty.channel.EventLoopGroup;
import io.netty.util.internal.ObjectUtil;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer of the kernel (EVFILT_TIMER). Otherwise than a task that is scheduled on the event loop, a periodic one counts the times
 * that it could not be told of, and takes no part in the length of the event loop's wait on the BSDs.
 *
 * <p>A timer is never early. It is as exact as the kernel: FreeBSD, macOS, OpenBSD, NetBSD from 10 on and Linux take nanoseconds or
 * microseconds, other systems milliseconds, which a shorter time is rounded up to; kernels with ticks (hz, often 100) round up to
 * those.
 */
public final class KQueueTimer extends KQueueHandle {

    /** Nanoseconds; of no meaning if there is a {@link #time}. */
    private final long duration;

    private final @Nullable Instant time;
    private final boolean periodic;
    private final KQueueTimerListener listener;

    private KQueueTimer(
            EventLoopGroup loops,
            long duration,
            @Nullable Instant time,
            boolean periodic,
            KQueueTimerListener listener) {
        super(loops, KQueueFilter.TIMER, HandleIdents.next());
        this.duration = duration;
        this.time = time;
        this.periodic = periodic;
        this.listener = ObjectUtil.checkNotNull(listener, "listener");
    }

    /**
     * A timer that expires once and then closes.
     *
     * @param delay from when the event loop has registered it; 0 for at once
     * @throws IllegalArgumentException when {@code delay} is negative or the event loop is not of this transport
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueTimer once(EventLoopGroup loops, long delay, TimeUnit unit, KQueueTimerListener listener) {
        return started(new KQueueTimer(loops, notNegative(unit.toNanos(delay), "delay"), null, false, listener));
    }

    /** As {@link #once(EventLoopGroup, long, TimeUnit, KQueueTimerListener)}. */
    public static KQueueTimer once(EventLoopGroup loops, Duration delay, KQueueTimerListener listener) {
        return started(new KQueueTimer(loops, notNegative(nanos(delay), "delay"), null, false, listener));
    }

    /**
     * A timer that expires again and again until it is closed, without drift.
     *
     * @param period from when the event loop has registered it, and between expirations
     * @throws IllegalArgumentException when {@code period} is not positive or the event loop is not of this transport
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueTimer periodic(EventLoopGroup loops, long period, TimeUnit unit, KQueueTimerListener listener) {
        return started(new KQueueTimer(loops, positive(unit.toNanos(period)), null, true, listener));
    }

    /** As {@link #periodic(EventLoopGroup, long, TimeUnit, KQueueTimerListener)}. */
    public static KQueueTimer periodic(EventLoopGroup loops, Duration period, KQueueTimerListener listener) {
        return started(new KQueueTimer(loops, positive(nanos(period)), null, true, listener));
    }

    /**
     * A timer that expires once at a point in time, at once if that is over, and then closes. When the clock is set meanwhile, the
     * timer follows where the kernel does (NOTE_ABSTIME of FreeBSD, macOS, OpenBSD and NetBSD from 10 on); on Linux and DragonFly
     * it was reckoned when it was registered.
     *
     * @throws IllegalArgumentException when the event loop is not of this transport
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueTimer at(EventLoopGroup loops, Instant time, KQueueTimerListener listener) {
        return started(new KQueueTimer(loops, 0, ObjectUtil.checkNotNull(time, "time"), false, listener));
    }

    private static KQueueTimer started(KQueueTimer timer) {
        timer.register();
        return timer;
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            // Longer than the 292 years that a long has room for, as TimeUnit does it.
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static long notNegative(long nanos, String name) {
        return ObjectUtil.checkPositiveOrZero(nanos, name);
    }

    private static long positive(long nanos) {
        return ObjectUtil.checkPositive(nanos, "period");
    }

    /** Whether it goes on after it has expired. */
    public boolean isPeriodic() {
        return periodic;
    }

    @Override
    KQueueIoOps addition() {
        TimerUnits units = TimerUnits.ofThisSystem();
        TimerSetting setting =
                time == null ? TimerSetting.after(units, duration) : TimerSetting.at(units, time, Instant.now());
        int kind = periodic ? KQueueIoOps.CLEAR : KQueueIoOps.ONESHOT | KQueueIoOps.CLEAR;
        return KQueueIoOps.newOps(
                KQueueFilter.TIMER,
                KQueueIoOps.ADD | KQueueIoOps.ENABLE | KQueueIoOps.RECEIPT | kind,
                setting.fflags(),
                setting.data());
    }

    @Override
    void deliver(KQueueIoEvent event) {
        listener.expired(this, event.data());
    }

    @Override
    boolean isLast(KQueueIoEvent event) {
        return !periodic;
    }

    @Override
    void caught(Throwable cause) {
        listener.exceptionCaught(this, cause);
    }

    @Override
    public String toString() {
        if (time != null) {
            return "KQueueTimer(at " + time + ')';
        }
        return "KQueueTimer(" + (periodic ? "every " : "after ") + Duration.ofNanos(duration) + ')';
    }
}
