// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Call.KeventCall;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** EINTR: the kernel has taken the changes, and the time that was waited is gone. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class InterruptedCallTest {

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(2);

    private final Platform platform;
    private final EngineFixture f;

    InterruptedCallTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @Test
    void aWaitGoesOnForTheTimeLeftAndSendsNothingTwice() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.register(socket);
        registration.startReading();
        f.kernel.interruptWait(() -> EngineFixture.spin(STEP));
        f.kernel.interruptWait(() -> EngineFixture.spin(STEP));
        f.kernel.duringWait(() -> socket.arrive(5));

        assertThat(f.turn(System.nanoTime() + TimeUnit.SECONDS.toNanos(10))).isEqualTo(1);

        List<KeventCall> calls = f.kernel.kevents();
        assertThat(calls).hasSize(3);
        assertThat(calls).extracting(call -> call.changes().size()).containsExactly(1, 0, 0);
        assertThat(calls.get(1).timeoutNanos())
                .isPositive()
                .isLessThanOrEqualTo(calls.get(0).timeoutNanos() - STEP);
        assertThat(calls.get(2).timeoutNanos())
                .isPositive()
                .isLessThanOrEqualTo(calls.get(1).timeoutNanos() - STEP);
        assertThat(f.target.reads()).containsExactly(registration);
    }

    @Test
    void aWaitWithoutDeadlineStaysWithoutLimit() {
        FakeSocket socket = f.kernel.newSocket();
        f.register(socket).startReading();
        f.kernel.interruptWait(() -> {});
        f.kernel.duringWait(() -> socket.arrive(1));

        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.kernel.kevents())
                .extracting(KeventCall::timeoutNanos)
                .containsExactly(ScriptedKernel.FOREVER, ScriptedKernel.FOREVER);
    }

    @Test
    void aWaitInterruptedPastItsDeadlinePollsOnceMore() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        f.kernel.interruptWait(() -> EngineFixture.spin(deadline + STEP - System.nanoTime()));

        assertThat(f.turn(deadline)).isZero();

        List<KeventCall> calls = f.kernel.kevents();
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1).timeoutNanos()).isZero();
    }

    @Test
    void changesOfAnInterruptedCallAreNotSentAgainEvenWhenTheNextCallFails() {
        Registration registration = f.register(f.kernel.newSocket());
        registration.startReading();
        f.kernel.fail(CFunction.KEVENT, 1, platform.errno().EINTR());
        f.kernel.fail(CFunction.KEVENT, 2, platform.errno().ENOMEM());

        assertThatThrownBy(f::turn).isInstanceOf(KernelException.class);

        assertThat(f.kernel.changes()).containsExactly(f.readAdded(registration));
        assertThat(f.changesOfATurn()).isEmpty();
        assertThat(f.kernel.hasKnote(f.kq(), registration.ident(), f.c.EVFILT_READ()))
                .isTrue();
    }

    @Test
    void anInterruptedFlushHasSentItsChanges() {
        EngineFixture two = new EngineFixture(platform, 2);
        List<FakeSocket> sockets = two.readableSockets(3);
        two.kernel.fail(CFunction.KEVENT, 1, platform.errno().EINTR());

        List<Registration> registrations = two.startReading(sockets);

        assertThat(two.kernel.kevents()).hasSize(1);
        assertThat(two.kernel.lastKevent().result()).isEqualTo(-platform.errno().EINTR());
        two.turn();
        two.turn();
        assertThat(two.kernel.changes())
                .containsExactlyElementsOf(
                        registrations.stream().map(two::readAdded).toList());
        assertThat(two.target.reads()).containsExactlyElementsOf(registrations);
    }

    @Test
    void eventsThatAnInterruptedFlushDidNotBringComeWithTheNextWait() {
        EngineFixture one = new EngineFixture(platform, 1);
        List<FakeSocket> sockets = one.readableSockets(2);
        one.kernel.fail(CFunction.KEVENT, 1, platform.errno().EINTR());
        List<Registration> registrations = one.startReading(sockets);
        assertThat(one.engine.hasReady()).isFalse();

        one.turn();
        one.turn();

        assertThat(one.target.reads()).containsExactlyElementsOf(registrations);
        assertThat(one.kernel.changes()).extracting(Kevent::ident).doesNotHaveDuplicates();
    }
}
