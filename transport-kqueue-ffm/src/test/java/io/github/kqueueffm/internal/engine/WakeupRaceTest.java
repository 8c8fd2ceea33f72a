// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.testing.Call;
import io.github.kqueueffm.testing.Call.KeventCall;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wakeups from many threads against a loop that really waits. */
@ParameterizedClass
@MethodSource("wakers")
class WakeupRaceTest {

    private static final int THREADS = 4;

    private final Platform platform;
    private final String waker;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    WakeupRaceTest(Platform platform, String waker) {
        this.platform = platform;
        this.waker = waker;
    }

    static Stream<Arguments> wakers() {
        return TestPlatforms.ofEachKevent()
                .flatMap(platform -> Stream.of(Arguments.of(platform, "user"), Arguments.of(platform, "pipe")));
    }

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    /** A kernel that stops the thread that triggers, between its decision to do so and the call. */
    private static final class SlowTrigger extends ScriptedKernel {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch proceed = new CountDownLatch(1);
        private volatile boolean slow;

        SlowTrigger(Platform platform) {
            super(platform);
        }

        void slow() {
            slow = true;
        }

        @Override
        public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
            if (eventCapacity == 0) {
                pause();
            }
            return super.kevent(kq, changes, changeCount, events, eventCapacity, timespec);
        }

        @Override
        public long write(int fd, long buffer, long length) {
            pause();
            return super.write(fd, buffer, length);
        }

        private void pause() {
            if (slow) {
                entered.countDown();
                await(proceed);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noWakeupIsLostAndNoWaitCostsMoreThanOneTrigger() throws Exception {
        int rounds = 1500;
        EngineFixture f = new EngineFixture(new ScriptedKernel(platform).waitForReal(), 64, waker);
        AtomicInteger posted = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Future<?> loop = start(() -> {
            while (done.get() < THREADS * rounds) {
                f.engine.prepareTurn();
                int work = posted.getAndSet(0);
                f.engine.turn(work > 0 ? KQueueEngine.NOW : KQueueEngine.NO_DEADLINE);
                done.addAndGet(work);
            }
        });
        List<Future<?>> posters = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            posters.add(start(() -> {
                for (int round = 0; round < rounds && !loop.isDone(); round++) {
                    int before = done.get();
                    posted.incrementAndGet();
                    f.engine.wakeup();
                    // Once in a while lets the loop go to sleep, or there would be nothing to wake.
                    while (round % 3 == 0 && done.get() == before && !loop.isDone()) {
                        Thread.yield();
                    }
                }
            }));
        }
        join(loop);
        for (Future<?> poster : posters) {
            join(poster);
        }

        assertThat(done.get()).isEqualTo(THREADS * rounds);
        List<Call> triggers = WakeupTest.triggers(f.kernel);
        long waits = f.kernel.kevents().stream().filter(KeventCall::mayWait).count();
        assertThat(triggers).isNotEmpty().hasSizeLessThanOrEqualTo((int) waits).allMatch(call -> call.result() >= 0);
        f.engine.destroy();
        assertThat(f.kernel.openDescriptors()).isEmpty();
    }

    @Test
    void manyWakeupsOfOneWaitAreOneTrigger() throws Exception {
        EngineFixture f = new EngineFixture(new ScriptedKernel(platform).waitForReal(), 64, waker);
        for (int i = 1; i <= 50; i++) {
            Future<?> loop = start(() -> assertThat(f.turnForever()).isZero());
            f.kernel.awaitWaiters(1);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> wakers = new ArrayList<>();
            for (int j = 0; j < THREADS; j++) {
                wakers.add(start(() -> {
                    await(start);
                    f.engine.wakeup();
                }));
            }
            start.countDown();
            for (Future<?> one : wakers) {
                join(one);
            }
            join(loop);
            f.engine.prepareTurn();
            assertThat(WakeupTest.triggers(f.kernel)).hasSize(i);
        }
    }

    @Test
    void aWaitWithADeadlineIsEndedByAWakeupToo() throws Exception {
        EngineFixture f = new EngineFixture(new ScriptedKernel(platform).waitForReal(), 64, waker);
        long begin = System.nanoTime();
        Future<?> loop = start(() -> f.turn(System.nanoTime() + TimeUnit.HOURS.toNanos(1)));
        f.kernel.awaitWaiters(1);

        f.engine.wakeup();

        join(loop);
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.MINUTES.toNanos(10));
    }

    @Test
    void aSignalDoesNotEndTheWait() throws Exception {
        EngineFixture f = new EngineFixture(new ScriptedKernel(platform).waitForReal(), 64, waker);
        FakeSocket socket = f.kernel.newSocket();
        f.register(socket).startReading();
        Future<?> loop = start(() -> assertThat(f.turnForever()).isEqualTo(1));
        for (int i = 0; i < 3; i++) {
            f.kernel.awaitWaiters(1);
            f.kernel.interruptWaiters();
        }
        f.kernel.awaitWaiters(1);
        socket.arrive(1);
        join(loop);

        assertThat(f.kernel.changes()).hasSize(1);
    }

    @Test
    void destroyLetsATriggerThatIsUnderWayFinishBeforeItClosesAnything() throws Exception {
        SlowTrigger kernel = new SlowTrigger(platform);
        EngineFixture f = new EngineFixture(kernel, 64, waker);
        FakeSocket socket = kernel.newSocket();
        f.reading(socket);
        kernel.waitForReal();
        kernel.slow();
        Future<?> loop = start(() -> {
            f.turnForever();
            f.engine.destroy();
        });
        kernel.awaitWaiters(1);
        Future<?> wakeup = start(f.engine::wakeup);
        await(kernel.entered);
        // Something else ends the wait, and the loop goes on to its end.
        socket.arrive(1);
        // The event is handed out before the loop destroys the engine.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (f.kernel.kevents().stream().noneMatch(KeventCall::mayWait)) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.yield();
        }

        // Time enough for an engine that does not care to close its descriptors.
        assertThat(endsWithin(loop, 300)).isFalse();
        assertThat(kernel.log()).extracting(Call::function).doesNotContain(CFunction.CLOSE);

        kernel.proceed.countDown();
        join(wakeup);
        join(loop);
        List<Call> triggers = WakeupTest.triggers(kernel);
        assertThat(triggers).hasSize(1).allMatch(call -> call.result() >= 0);
        assertThat(kernel.openDescriptors()).containsExactly(socket.fd());
    }

    @Test
    void wakeupsThatRaceWithDestroyNeverTouchADescriptorAfterwards() throws Exception {
        for (int i = 0; i < 30; i++) {
            EngineFixture f = new EngineFixture(new ScriptedKernel(platform).waitForReal(), 64, waker);
            AtomicInteger calls = new AtomicInteger();
            CountDownLatch destroyed = new CountDownLatch(1);
            Future<?> loop = start(() -> {
                f.turnForever();
                f.engine.destroy();
                // The numbers now belong to someone else.
                for (int j = 0; j < 4; j++) {
                    f.kernel.newSocket();
                }
                f.kernel.clearLog();
                destroyed.countDown();
            });
            List<Future<?>> wakers = new ArrayList<>();
            for (int j = 0; j < THREADS; j++) {
                wakers.add(start(() -> {
                    while (destroyed.getCount() > 0) {
                        f.engine.wakeup();
                        calls.incrementAndGet();
                    }
                    f.engine.wakeup();
                }));
            }
            join(loop);
            for (Future<?> one : wakers) {
                join(one);
            }
            assertThat(calls.get()).isPositive();
            assertThat(f.kernel.log()).isEmpty();
        }
    }

    private Future<?> start(Action action) {
        Callable<Void> callable = () -> {
            action.run();
            return null;
        };
        return threads.submit(callable);
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void join(Future<?> future) throws Exception {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("in another thread", e.getCause());
        }
    }

    private static boolean endsWithin(Future<?> future, long millis) throws Exception {
        try {
            future.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
