// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Timers, and with them what is the same for all handles: registering, closing, failing listeners. */
@Timeout(120)
class KQueueTimerTest extends HandleLoops {

    private static final Duration LONG = Duration.ofHours(10);

    @Test
    void oneShotTimerExpiresOnceAndCloses() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        long start = System.nanoTime();
        KQueueTimer timer = KQueueTimer.once(group, 20, TimeUnit.MILLISECONDS, (expired, count) -> {
            thread.set(Thread.currentThread());
            notes.add(count);
        });
        assertThat(note()).isEqualTo(1L);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        done(timer.closeFuture());
        assertThat(timer.isOpen()).isFalse();
        assertThat(timer.registerFuture().isSuccess()).isTrue();
        assertThat(timer.eventLoop().inEventLoop(thread.get())).isTrue();
        assertThat(timer.isPeriodic()).isFalse();
        nothingMore();
    }

    @Test
    void noDelayIsAtOnce() throws Exception {
        KQueueTimer.once(loop, Duration.ZERO, (timer, count) -> notes.add(count));
        assertThat(note()).isEqualTo(1L);
    }

    @Test
    void partsOfMillisecondsAreNotEarly() throws Exception {
        for (long nanos : new long[] {1_500_000, 300_500, 1_000_001}) {
            long start = System.nanoTime();
            KQueueTimer.once(loop, Duration.ofNanos(nanos), (timer, count) -> notes.add(System.nanoTime() - start));
            assertThat((long) note()).isGreaterThanOrEqualTo(nanos);
        }
    }

    @Test
    void periodicTimerGoesOnWithoutDrift() throws Exception {
        int times = 20;
        long start = System.nanoTime();
        KQueueTimer timer = KQueueTimer.periodic(loop, Duration.ofMillis(5), (expired, count) -> notes.add(count));
        assertThat(timer.isPeriodic()).isTrue();
        long expirations = 0;
        while (expirations < times) {
            expirations += (long) note();
        }
        long took = System.nanoTime() - start;
        assertThat(took).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5 * times));
        done(timer.close());
        notes.clear();
        nothingMore();
    }

    @Test
    void expirationsOfABusyLoopAreCounted() throws Exception {
        KQueueTimer timer =
                registered(KQueueTimer.periodic(loop, 1, TimeUnit.MILLISECONDS, (expired, count) -> notes.add(count)));
        CountDownLatch free = hold();
        notes.clear();
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(60)) {
            Thread.onSpinWait();
        }
        free.countDown();
        assertThat((long) note()).isGreaterThanOrEqualTo(50);
        done(timer.close());
    }

    @Test
    void pointInTime() throws Exception {
        Instant time = Instant.now().plusMillis(30);
        KQueueTimer.at(loop, time, (timer, count) -> notes.add(Instant.now()));
        assertThat((Instant) note()).isAfterOrEqualTo(time);
        KQueueTimer.at(loop, Instant.EPOCH, (timer, count) -> notes.add(count));
        assertThat(note()).isEqualTo(1L);
        KQueueTimer.at(loop, Instant.MIN, (timer, count) -> notes.add(count));
        assertThat(note()).isEqualTo(1L);
        KQueueTimer never = registered(KQueueTimer.at(loop, Instant.MAX, (timer, count) -> notes.add(count)));
        nothingMore();
        done(never.close());
    }

    @Test
    void wrongTimesAreRefused() {
        KQueueTimerListener none = (timer, count) -> {};
        assertThatThrownBy(() -> KQueueTimer.once(loop, Duration.ofNanos(-1), none))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KQueueTimer.once(loop, Duration.ofSeconds(Long.MIN_VALUE), none))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KQueueTimer.periodic(loop, Duration.ZERO, none))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KQueueTimer.periodic(loop, -5, TimeUnit.DAYS, none))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longestTimesAreTaken() throws Exception {
        KQueueTimerListener none = (timer, count) -> notes.add(count);
        KQueueTimer longest = registered(KQueueTimer.once(loop, Duration.ofSeconds(Long.MAX_VALUE), none));
        KQueueTimer slowest = registered(KQueueTimer.periodic(loop, Long.MAX_VALUE, TimeUnit.DAYS, none));
        nothingMore();
        done(longest.close());
        done(slowest.close());
    }

    @Test
    void manyTimersOfOneLoopAreApart() throws Exception {
        for (int i = 20; i > 0; i--) {
            int number = i;
            KQueueTimer.once(loop, i * 5L, TimeUnit.MILLISECONDS, (timer, count) -> notes.add(number));
        }
        Set<Object> expired = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            expired.add(note());
        }
        assertThat(expired).isEqualTo(IntStream.rangeClosed(1, 20).boxed().collect(Collectors.toSet()));
        nothingMore();
    }

    @Test
    void closingInTheListenerEndsIt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        KQueueTimer timer = KQueueTimer.periodic(loop, 1, TimeUnit.MILLISECONDS, (expired, count) -> {
            if (calls.incrementAndGet() == 3) {
                notes.add(expired.close().isDone());
            }
        });
        assertThat(note()).as("closed at once on the event loop's thread").isEqualTo(true);
        done(timer.closeFuture());
        settle();
        assertThat(calls.get()).isEqualTo(3);
    }

    /** No call begins after close() has returned: the loop is held while it expires, and is closed meanwhile. */
    @Test
    void nothingIsToldAfterAnotherThreadHasClosed() throws Exception {
        for (int i = 0; i < 50; i++) {
            KQueueTimer timer = registered(
                    KQueueTimer.periodic(loop, 100, TimeUnit.MICROSECONDS, (expired, count) -> notes.add(count)));
            note();
            timer.close();
            // One may have been under way.
            done(loop.submit(notes::clear));
            done(timer.closeFuture());
            nothingMore();
            assertThat(timer.close()).isSameAs(timer.closeFuture());
        }
    }

    @Test
    void whatIsPendingAtCloseIsDropped() throws Exception {
        KQueueTimer timer =
                registered(KQueueTimer.once(loop, 1, TimeUnit.MILLISECONDS, (expired, count) -> notes.add("expired")));
        // Expires while the loop is busy, and is closed before it looks.
        done(loop.submit(() -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(5)) {
                Thread.onSpinWait();
            }
            notes.clear();
            timer.close();
        }));
        nothingMore();
    }

    @Test
    void closedBeforeItWasRegistered() throws Exception {
        CountDownLatch free = hold();
        KQueueTimer timer = KQueueTimer.once(loop, 0, TimeUnit.NANOSECONDS, (expired, count) -> notes.add(count));
        timer.close();
        free.countDown();
        done(timer.closeFuture());
        assertThat(timer.registerFuture().isCancelled()).isTrue();
        nothingMore();
    }

    @Test
    void closedInTheTurnThatRegistersIt() throws Exception {
        KQueueTimer timer = done(loop.submit(() -> {
            KQueueTimer made = KQueueTimer.once(loop, 0, TimeUnit.NANOSECONDS, (expired, count) -> notes.add(count));
            loop.execute(made::close);
            return made;
        }));
        done(timer.closeFuture());
        assertThat(timer.registerFuture().isCancelled()).isTrue();
        nothingMore();
    }

    @Test
    void listenerThatThrowsIsToldAndTheLoopGoesOn() throws Exception {
        IllegalStateException thrown = new IllegalStateException("of the listener");
        KQueueTimerListener listener = new KQueueTimerListener() {
            private int calls;

            @Override
            public void expired(KQueueTimer timer, long expirations) {
                notes.add(++calls);
                if (calls == 1) {
                    throw thrown;
                }
                timer.close();
            }

            @Override
            public void exceptionCaught(KQueueTimer timer, Throwable cause) {
                notes.add(cause);
                throw new AssertionError("not even this harms the event loop");
            }
        };
        long start = System.nanoTime();
        KQueueTimer.periodic(loop, 1, TimeUnit.MILLISECONDS, listener);
        assertThat(note()).isEqualTo(1);
        assertThat(note()).isSameAs(thrown);
        assertThat(note()).isEqualTo(2);
        assertThat(System.nanoTime() - start)
                .as("an event loop whose turn fails rests for a second")
                .isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    /** With the method that only logs, too. */
    @Test
    void oneShotTimerWhoseListenerThrowsCloses() throws Exception {
        KQueueTimer timer = KQueueTimer.once(loop, 0, TimeUnit.NANOSECONDS, (expired, count) -> {
            throw new IllegalStateException("wanted by the test");
        });
        done(timer.closeFuture());
        nothingMore();
    }

    @Test
    void endOfTheLoopClosesIt() throws Exception {
        KQueueTimer timer = registered(KQueueTimer.once(loop, LONG, (expired, count) -> notes.add(count)));
        done(group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertThat(timer.closeFuture().isSuccess()).isTrue();
        assertThat(timer.isOpen()).isFalse();
        assertThat(timer.close()).isSameAs(timer.closeFuture());
        assertThatThrownBy(() -> KQueueTimer.once(loop, LONG, (expired, count) -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(notes).isEmpty();
    }

    @Test
    void otherEventLoopsAreRefused() throws Exception {
        EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            assertThatThrownBy(() -> KQueueTimer.once(nio, LONG, (timer, count) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not an event loop of the kqueue transport");
        } finally {
            done(nio.shutdownGracefully(0, 10, TimeUnit.SECONDS));
        }
    }
}
