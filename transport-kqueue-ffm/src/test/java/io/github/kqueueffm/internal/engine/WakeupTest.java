// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.testing.Call;
import io.github.kqueueffm.testing.Call.KeventCall;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ending a wait, on one thread. {@link WakeupRaceTest} has many. */
@ParameterizedClass
@MethodSource("wakers")
class WakeupTest {

    private final Platform platform;
    private final EngineFixture f;

    WakeupTest(Platform platform, String waker) {
        this.platform = platform;
        f = new EngineFixture(new ScriptedKernel(platform), 64, waker);
    }

    static Stream<Arguments> wakers() {
        return TestPlatforms.ofEachKernel()
                .flatMap(platform -> Stream.of(Arguments.of(platform, "user"), Arguments.of(platform, "pipe")));
    }

    /** Calls that wake a waiting thread. */
    static List<Call> triggers(ScriptedKernel kernel) {
        return kernel.log().stream()
                .filter(call -> call.function() == CFunction.WRITE
                        || call instanceof KeventCall kevent && kevent.capacity() == 0)
                .toList();
    }

    @Test
    void aWakeupEndsTheWaitAndManyAreOneTrigger() {
        f.kernel.duringWait(() -> {
            f.engine.wakeup();
            f.engine.wakeup();
            f.engine.wakeup();
        });

        assertThat(f.turnForever()).as("nobody is told of it").isZero();

        assertThat(triggers(f.kernel)).hasSize(1).allMatch(call -> call.result() >= 0);
    }

    @Test
    void theTriggerIsUsedUp() {
        f.kernel.duringWait(f.engine::wakeup);
        f.turnForever();
        FakeSocket socket = f.kernel.newSocket();
        f.reading(socket);
        f.kernel.clearLog();

        f.kernel.duringWait(() -> socket.arrive(1));
        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.kernel.scriptDone()).isTrue();
        assertThat(f.kernel.kevents()).hasSize(1);
    }

    @Test
    void aWakeupWhileTheLoopRunsKeepsTheNextTurnFromWaitingAndCostsNoCall() {
        f.engine.prepareTurn();
        f.engine.wakeup();
        f.engine.wakeup();

        assertThat(f.engine.turn(KQueueEngine.NO_DEADLINE)).isZero();

        assertThat(f.kernel.log()).hasSize(1);
        assertThat(f.kernel.lastKevent().timeoutNanos()).isZero();
    }

    @Test
    void aWakeupBeforeTheTurnWasPreparedIsForgotten() {
        f.engine.wakeup();
        f.engine.prepareTurn();
        f.kernel.duringWait(f.engine::wakeup);

        f.engine.turn(KQueueEngine.NO_DEADLINE);

        assertThat(f.kernel.scriptDone()).isTrue();
    }

    @Test
    void eachWaitCanBeEnded() {
        for (int i = 1; i <= 5; i++) {
            f.kernel.duringWait(f.engine::wakeup);
            f.turnForever();
            assertThat(triggers(f.kernel)).hasSize(i);
        }
    }

    @Test
    void aWakeupDuringAPollCostsNoCall() {
        ScriptedKernel kernel = f.kernel;
        Registration registration = f.register(kernel.newSocket().arrive(1));
        registration.startReading();
        f.target.onRead = told -> f.engine.wakeup();
        kernel.clearLog();

        f.turn();

        assertThat(triggers(kernel)).isEmpty();
    }

    @Test
    void aWaitThatSomethingElseEndedLeavesNoTriggerBehind() {
        FakeSocket socket = f.kernel.newSocket();
        f.reading(socket);
        f.kernel.duringWait(() -> socket.arrive(1));
        f.turnForever();
        f.kernel.clearLog();

        f.engine.wakeup();

        assertThat(f.kernel.log()).as("the loop runs").isEmpty();
    }

    @Test
    void anInterruptedTriggerIsRepeated() {
        f.kernel.duringWait(() -> {
            CFunction function = f.engine.waker().equals("pipe") ? CFunction.WRITE : CFunction.KEVENT;
            f.kernel.fail(function, 1, platform.errno().EINTR());
            f.engine.wakeup();
        });

        assertThat(f.turnForever()).isZero();

        assertThat(triggers(f.kernel)).hasSize(2);
    }

    @Test
    void aTriggerThatFailsIsToldToTheCaller() {
        f.kernel.duringWait(() -> {
            CFunction function = f.engine.waker().equals("pipe") ? CFunction.WRITE : CFunction.KEVENT;
            f.kernel.fail(function, 1, platform.errno().EIO());
            assertThatThrownBy(f.engine::wakeup)
                    .isInstanceOfSatisfying(
                            KernelException.class,
                            e -> assertThat(e.errno())
                                    .isEqualTo(platform.errno().EIO()));
        });

        assertThat(f.turn(System.nanoTime() + 1_000_000_000L)).isZero();
    }

    @Test
    void aWakeupAfterDestroyTouchesNothing() {
        f.kernel.duringWait(f.engine::wakeup);
        f.turnForever();
        f.engine.destroy();
        // The numbers now belong to someone else.
        for (int i = 0; i < 5; i++) {
            f.kernel.newSocket();
        }
        f.kernel.clearLog();

        f.engine.wakeup();
        f.engine.prepareTurn();
        f.engine.wakeup();

        assertThat(f.kernel.log()).isEmpty();
    }

    @Test
    void aWakeupBeforeDestroyIsNoTrigger() {
        f.engine.wakeup();
        f.engine.destroy();

        assertThat(f.kernel.log()).extracting(Call::function).containsOnly(CFunction.CLOSE);
    }
}
