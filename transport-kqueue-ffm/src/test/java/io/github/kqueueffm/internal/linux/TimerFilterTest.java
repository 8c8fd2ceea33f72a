// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.NoteConstants;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** EVFILT_TIMER. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimerFilterTest {

    private static final long IDENT = 1L << 40;
    private static final long MILLI = 1_000_000L;

    private final Kqueue kq = new Kqueue();
    private final NoteConstants notes = kq.platform.notes();
    private final int add = kq.c.EV_ADD();
    private final int clear = kq.c.EV_CLEAR();
    private final int oneshot = kq.c.EV_ONESHOT();

    @AfterEach
    void close() {
        kq.close();
    }

    private Kqueue timer(int flags, int fflags, long data) {
        return kq.change(IDENT, kq.c.EVFILT_TIMER(), flags, fflags, data, 7);
    }

    private Event expired(int flags, long count) {
        return new Event(IDENT, kq.c.EVFILT_TIMER(), add | clear | flags, 0, count, 7);
    }

    private static void spinUntil(long nanoTime) {
        while (System.nanoTime() - nanoTime < 0) {
            Thread.onSpinWait();
        }
    }

    private void takes(int fflags, long data, long nanos) {
        long start = System.nanoTime();
        timer(add | oneshot, fflags, data);
        assertThat(kq.await()).containsExactly(expired(oneshot, 1));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos).isLessThan(Kqueue.LONG.toNanos());
    }

    @Test
    void oneshotExpiresOnceInEveryUnit() {
        takes(0, 20, 20 * MILLI);
        takes(notes.NOTE_MSECONDS(), 5, 5 * MILLI);
        takes(notes.NOTE_SECONDS(), 1, 1000 * MILLI);
        takes(notes.NOTE_USECONDS(), 3_000, 3 * MILLI);
        takes(notes.NOTE_NSECONDS(), 2_000_000, 2 * MILLI);
        assertThat(kq.call(30 * MILLI)).isZero();
        assertThat(timer(kq.c.EV_DELETE(), 0, 0).poll())
                .containsExactly(
                        kq.error(IDENT, kq.c.EVFILT_TIMER(), kq.platform.errno().ENOENT(), 7));
    }

    @Test
    void periodicCountsWhatWasMissedAndDoesNotDrift() {
        long start = System.nanoTime();
        timer(add, 0, 10).poll();
        spinUntil(start + 55 * MILLI);
        List<Event> events = kq.poll();
        assertThat(events).hasSize(1);
        long total = events.get(0).data();
        assertThat(total).isBetween(4L, (System.nanoTime() - start) / (10 * MILLI));
        assertThat(events).containsExactly(expired(0, total));
        while (total < 20) {
            total += kq.await().get(0).data();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(total * 10 * MILLI);
        }
    }

    @Test
    void itEndsAWaitWithoutLimitAndOneThatIsLonger() {
        timer(add | oneshot, 0, 5);
        assertThat(kq.call(FOREVER)).isEqualTo(1);
        timer(add | oneshot, 0, 5);
        assertThat(kq.call(Kqueue.LONG.toNanos())).isEqualTo(1);
    }

    @Test
    void aShorterWaitIsNotMadeLonger() {
        timer(add, notes.NOTE_SECONDS(), 1_000_000);
        long start = System.nanoTime();
        assertThat(kq.call(10 * MILLI)).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(10), Kqueue.LONG);
    }

    @Test
    void aDisabledTimerExpiresWithoutAWordAndEndsNoWait() {
        timer(add | oneshot | kq.c.EV_DISABLE(), 0, 1);
        long start = System.nanoTime();
        assertThat(kq.call(20 * MILLI)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20 * MILLI);
        assertThat(timer(kq.c.EV_ENABLE(), 0, 0).poll()).containsExactly(expired(oneshot, 1));
    }

    @Test
    void aDisabledPeriodicTimerWakesNobodyAndCountsWhatItMissed() {
        long start = System.nanoTime();
        timer(add | kq.c.EV_DISABLE(), 0, 1);
        assertThat(kq.calls(() -> assertThat(kq.call(30 * MILLI)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
        Event event = timer(kq.c.EV_ENABLE(), 0, 0).await().get(0);
        assertThat(event.data()).isBetween(29L, (System.nanoTime() - start) / MILLI);
        assertThat(event).isEqualTo(expired(0, event.data()));
        timer(kq.c.EV_DISABLE(), 0, 0);
        assertThat(kq.call(5 * MILLI)).isZero();
        // Set anew it stays disabled.
        timer(add, 0, 1);
        assertThat(kq.call(5 * MILLI)).isZero();
    }

    /** Each turn of the loop must come to an end, though the next deadline is always behind. */
    @Test
    void theShortestPeriodIsOneEventWithAllItsExpirations() {
        long start = System.nanoTime();
        timer(add, notes.NOTE_NSECONDS(), 1).poll();
        spinUntil(start + 20 * MILLI);
        List<Event> events = kq.poll();
        assertThat(events).hasSize(1);
        assertThat(events.get(0).data()).isBetween(1L, System.nanoTime() - start);
    }

    @Test
    void theLongestTimesAreNotOver() {
        for (int unit : new int[] {notes.NOTE_SECONDS(), notes.NOTE_MSECONDS(), notes.NOTE_USECONDS()}) {
            timer(add, unit, Long.MAX_VALUE);
            assertThat(kq.poll()).isEmpty();
            timer(add, unit | notes.NOTE_ABSTIME(), Long.MAX_VALUE);
            assertThat(kq.poll()).isEmpty();
        }
    }

    /** Else one-shot timers with numbers of their own would fill the memory. */
    @Test
    void oneshotLeavesNothingBehind() {
        ReadyQueue queue = new ReadyQueue();
        TimerFilter filter = new TimerFilter(kq.platform, queue);
        filter.change(IDENT, kq.c.EVFILT_TIMER(), add | oneshot, notes.NOTE_NSECONDS(), 1, 7);
        assertThat(filter.timers).hasSize(1);
        spinUntil(System.nanoTime() + 1_000);
        filter.expire();
        assertThat(queue.drain(new KEventList(kq.counted, kq.platform.kevent(), 1), 1))
                .isEqualTo(1);
        assertThat(filter.timers).isEmpty();
        assertThat(filter.isRunning()).isFalse();
    }

    @Test
    void dispatchIsNoMatchForTheClearThatTimersHave() {
        timer(add | kq.c.EV_DISPATCH(), 0, 1);
        for (int i = 0; i < 2; i++) {
            assertThat(kq.await()).extracting(Event::flags).containsExactly(add | clear | kq.c.EV_DISPATCH());
        }
    }

    @Test
    void aPointInTime() {
        Instant then = Instant.now().plusMillis(30);
        long nanos = TimeUnit.SECONDS.toNanos(then.getEpochSecond()) + then.getNano();
        timer(add, notes.NOTE_ABSTIME() | notes.NOTE_NSECONDS(), nanos);
        assertThat(kq.await()).containsExactly(expired(0, 1));
        assertThat(Instant.now()).isAfterOrEqualTo(then);
        assertThat(kq.call(20 * MILLI)).as("comes once").isZero();
        timer(add, notes.NOTE_ABSTIME() | notes.NOTE_SECONDS(), 1);
        assertThat(kq.await()).as("1970 is over").containsExactly(expired(0, 1));
    }

    @Test
    void addingItAgainSetsItAnew() {
        timer(add, notes.NOTE_USECONDS(), 1).poll();
        spinUntil(System.nanoTime() + MILLI);
        kq.change(IDENT, kq.c.EVFILT_TIMER(), add, notes.NOTE_SECONDS(), 1_000, 8);
        assertThat(kq.call(5 * MILLI)).isZero();
        kq.change(IDENT, kq.c.EVFILT_TIMER(), add | oneshot, 0, 1, 9);
        assertThat(kq.await()).extracting(Event::udata).containsExactly(9L);
    }

    @Test
    void deletedItDoesNotExpire() {
        timer(add, 0, 5).poll();
        timer(kq.c.EV_DELETE(), 0, 0);
        assertThat(kq.call(20 * MILLI)).isZero();
    }

    @Test
    void theyExpireInTheOrderOfTheirDeadlines() {
        int[] millis = {17, 3, 11, 5, 19, 2, 13, 7};
        for (int after : millis) {
            kq.change(after, kq.c.EVFILT_TIMER(), add | oneshot, 0, after, 0);
        }
        kq.change(5, kq.c.EVFILT_TIMER(), kq.c.EV_DELETE(), 0);
        kq.capacity = 1;
        List<Long> order = new ArrayList<>();
        while (order.size() < 7) {
            order.add(kq.await().get(0).ident());
        }
        assertThat(order).containsExactly(2L, 3L, 7L, 11L, 13L, 17L, 19L);
    }

    @Test
    void aTimerCostsNoSystemCallButTheWait() {
        assertThat(kq.calls(() -> {
                    timer(add | oneshot, 0, 1);
                    assertThat(kq.call(FOREVER)).isEqualTo(1);
                }))
                .containsOnlyKeys("epoll_pwait2");
    }

    @Test
    void noTimeAndUnknownUnitsAreErrors() {
        int filter = kq.c.EVFILT_TIMER();
        int einval = kq.platform.errno().EINVAL();
        assertThat(timer(add, 0, 0).poll()).containsExactly(kq.error(IDENT, filter, einval, 7));
        assertThat(timer(add, 0, -1).poll()).containsExactly(kq.error(IDENT, filter, einval, 7));
        assertThat(timer(add, 3, 1).poll())
                .containsExactly(kq.error(IDENT, filter, einval, 7).withErrno(3));
        assertThat(kq.calls(() -> kq.poll())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }
}
