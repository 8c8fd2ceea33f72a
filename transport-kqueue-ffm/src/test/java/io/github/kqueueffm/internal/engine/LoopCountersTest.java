// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Each count, against what the kernel has seen. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKevent")
class LoopCountersTest {

    private final Platform platform;
    private final EngineFixture f;
    private long[] before;

    LoopCountersTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
        before = f.engine.counters().snapshot();
    }

    /** Those that have changed since the last call, and by how much. */
    private Map<LoopCounter, Long> counted() {
        long[] now = f.engine.counters().snapshot();
        Map<LoopCounter, Long> changed = new EnumMap<>(LoopCounter.class);
        for (LoopCounter counter : LoopCounter.values()) {
            long more = now[counter.ordinal()] - before[counter.ordinal()];
            if (more != 0) {
                changed.put(counter, more);
            }
        }
        before = now;
        return changed;
    }

    @Test
    void makingAnEngineCountsNothing() {
        assertThat(before).containsOnly(0);
        assertThat(counted()).isEmpty();
    }

    @Test
    void aTurnThatDoesNotWaitIsAPollToo() {
        f.turn();
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.WAITS, 1L, LoopCounter.POLLS, 1L));
        f.kernel.duringWait(() -> f.engine.wakeup());
        f.turnForever();
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.WAITS, 1L, LoopCounter.EVENTS, 1L, LoopCounter.WAKEUPS, 1L));
    }

    @Test
    void aWakeupOfARunningLoopCostsNothing() {
        f.engine.prepareTurn();
        f.engine.wakeup();
        f.engine.wakeup();
        f.engine.turn(KQueueEngine.NO_DEADLINE);
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.WAITS, 1L, LoopCounter.POLLS, 1L));
    }

    @Test
    void anInterruptedWaitIsMadeAgain() {
        f.kernel.interruptWait(() -> {});
        f.kernel.duringWait(() -> f.engine.wakeup());
        f.turnForever();
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.WAITS, 2L, LoopCounter.EVENTS, 1L, LoopCounter.WAKEUPS, 1L));
    }

    @Test
    void changesAreCountedWhenTheyAreSent() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.register(socket);
        registration.startReading();
        registration.armWrite();
        assertThat(counted()).isEmpty();
        f.turn();
        assertThat(counted())
                .isEqualTo(Map.of(
                        LoopCounter.WAITS, 1L, LoopCounter.POLLS, 1L, LoopCounter.CHANGES, 2L, LoopCounter.EVENTS, 1L));
        assertThat(f.kernel.changes()).hasSize(2);
    }

    @Test
    void blockingIsNoChange() {
        Registration registration = f.reading(f.kernel.newSocket());
        counted();
        for (int i = 0; i < 10; i++) {
            registration.stopReading();
            registration.startReading();
        }
        assertThat(counted()).isEmpty();
    }

    @Test
    void aLaterChangeTakesThePlaceOfAnEarlierOne() {
        int fd = f.kernel.newSocket().fd();
        Registration registration = f.engine.register(fd, FilterKind.LEVEL, f.target);
        int add = f.c.EV_ADD() | f.c.EV_ENABLE();
        f.engine.submit(registration, f.c.EVFILT_READ(), add, 0, 0);
        f.engine.submit(registration, f.c.EVFILT_READ(), add | f.c.EV_CLEAR(), 0, 0);
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.COALESCED, 1L));
        f.turn();
        assertThat(counted().get(LoopCounter.CHANGES)).isEqualTo(1);
    }

    @Test
    void aChangeAndItsUndoingAreBothSaved() {
        int fd = f.kernel.newSocket().fd();
        Registration registration = f.engine.register(fd, FilterKind.LEVEL, f.target);
        f.engine.submit(registration, f.c.EVFILT_READ(), f.c.EV_ADD() | f.c.EV_ENABLE(), 0, 0);
        f.engine.submit(registration, f.c.EVFILT_READ(), f.c.EV_DELETE(), 0, 0);
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.COALESCED, 2L));
        f.turn();
        assertThat(counted()).doesNotContainKey(LoopCounter.CHANGES);
    }

    @Test
    void theChangesOfAClosedRegistrationAreSaved() {
        Registration registration = f.register(f.kernel.newSocket());
        registration.startReading();
        registration.armWrite();
        registration.close();
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.COALESCED, 2L));
    }

    @Test
    void aFullListIsFlushed() {
        EngineFixture small = new EngineFixture(platform, 2);
        small.startReading(small.readableSockets(3));
        long[] counts = small.engine.counters().snapshot();
        assertThat(counts[LoopCounter.FLUSHES.ordinal()]).isEqualTo(1);
        assertThat(counts[LoopCounter.CHANGES.ordinal()]).isEqualTo(2);
        assertThat(counts[LoopCounter.EVENTS.ordinal()]).isEqualTo(2);
        assertThat(counts[LoopCounter.WAITS.ordinal()]).isZero();
    }

    @Test
    void aCancelIsSentAtOnce() {
        Registration registration = f.reading(f.kernel.newSocket());
        counted();
        registration.cancel();
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.FLUSHES, 1L, LoopCounter.CHANGES, 1L));
    }

    @Test
    void aRefusedChangeIsAnErrorThatTheObserverHearsOf() {
        StringBuilder heard = new StringBuilder();
        ScriptedKernel kernel = new ScriptedKernel(platform);
        KQueueEngine engine =
                new KQueueEngine(kernel, platform, new KqueueKernel(kernel, platform), 16, null, new Heard(heard));
        int fd = kernel.newSocket().fd();
        kernel.refuse(fd, platform.kqueue().EVFILT_READ(), platform.errno().ENOMEM());
        engine.register(fd, FilterKind.EDGE, f.target).startReading();
        engine.turn(KQueueEngine.NOW);
        assertThat(heard.toString())
                .isEqualTo("ends,begins,kevent " + fd + " " + platform.errno().ENOMEM() + ",handed 1,");
        assertThat(engine.counters().snapshot()[LoopCounter.ERRORS.ordinal()]).isEqualTo(1);
    }

    @Test
    void aFailedWaitIsAnError() {
        f.kernel.fail(CFunction.KEVENT, 1, platform.errno().ENOMEM());
        assertThatThrownBy(f::turn).isInstanceOf(KernelException.class);
        assertThat(counted()).isEqualTo(Map.of(LoopCounter.WAITS, 1L, LoopCounter.POLLS, 1L, LoopCounter.ERRORS, 1L));
    }

    /** What was asked for is what was sent, what was saved, and what waits. */
    @Test
    void nothingIsCountedTwice() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.register(socket);
        int asked = 0;
        for (int i = 0; i < 50; i++) {
            registration.armWrite();
            asked++;
            f.turn();
        }
        Map<LoopCounter, Long> counted = counted();
        assertThat(counted.get(LoopCounter.CHANGES)).isEqualTo(asked);
        assertThat(counted.get(LoopCounter.CHANGES))
                .isEqualTo(f.kernel.changes().size());
        assertThat(counted).doesNotContainKey(LoopCounter.COALESCED);
    }

    private record Heard(StringBuilder heard) implements LoopObserver {
        @Override
        public void turnBegins() {
            heard.append("begins,");
        }

        @Override
        public void handedOut(int events) {
            heard.append("handed ").append(events).append(',');
        }

        @Override
        public void turnEnds() {
            heard.append("ends,");
        }

        @Override
        public void failed(String call, int ident, int errno) {
            heard.append(call)
                    .append(' ')
                    .append(ident)
                    .append(' ')
                    .append(errno)
                    .append(',');
        }
    }
}
