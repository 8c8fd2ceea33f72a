// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeListener;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes that need not be sent are not. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class CoalescingTest {

    private final EngineFixture f;

    CoalescingTest(Platform platform) {
        f = new EngineFixture(platform);
    }

    @Test
    void blockingAndUnblockingSendsNothing() {
        Registration registration = f.reading(f.kernel.newSocket());
        for (int i = 0; i < 10; i++) {
            registration.stopReading();
            assertThat(f.changesOfATurn()).isEmpty();
            registration.startReading();
            assertThat(f.changesOfATurn()).isEmpty();
        }
    }

    @Test
    void anEventWhileBlockedIsRememberedAndUnblockingBeforeTheNextWaitSendsNothing() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.reading(socket);
        registration.stopReading();
        socket.arrive(9);
        f.turn();
        assertThat(f.target.told).isEmpty();
        assertThat(registration.reader().ready()).isTrue();
        assertThat(registration.reader().available()).isEqualTo(9);

        registration.startReading();

        assertThat(f.changesOfATurn()).isEmpty();
        assertThat(f.target.last().data()).isEqualTo(9);
    }

    @Test
    void aListenerBlockedAndUnblockedBeforeTheNextWaitSendsNothing() {
        FakeListener listener = f.kernel.newListener();
        Registration registration = f.register(listener);
        registration.startReading();
        f.turn();
        registration.stopReading();
        listener.connections(1);
        f.turn();
        registration.startReading();

        assertThat(f.changesOfATurn()).isEmpty();
        assertThat(f.target.reads()).contains(registration);
    }

    @Test
    void aListenerUnblockedAndBlockedAgainEndsUpDisabledAndIsNotTold() {
        FakeListener listener = f.kernel.newListener();
        FakeSocket bystander = f.kernel.newSocket();
        f.reading(bystander);
        Registration registration = f.register(listener);
        registration.startReading();
        registration.stopReading();
        listener.connections(1);
        f.turn();
        f.turn();
        registration.startReading();
        registration.stopReading();
        f.turn();
        f.turn();

        f.kernel.duringWait(() -> listener.connections(1));
        f.kernel.duringWait(() -> bystander.arrive(1));
        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.kernel.scriptDone()).isTrue();
        assertThat(f.target.reads()).doesNotContain(registration);
    }

    @Test
    void watchingAndThenReadingIsOneAddition() {
        Registration registration = f.register(f.kernel.newSocket());
        registration.watch();
        registration.watch();
        registration.startReading();
        registration.startReading();

        assertThat(f.changesOfATurn()).containsExactly(f.readAdded(registration));
        registration.watch();
        assertThat(f.changesOfATurn()).isEmpty();
    }

    @Test
    void watchingDoesNotAskForEvents() {
        Registration registration = f.register(f.kernel.newSocket().arrive(1));
        registration.watch();
        assertThat(registration.isReading()).isFalse();

        f.turn();

        assertThat(f.target.told).isEmpty();
        assertThat(registration.reader().ready()).isTrue();
    }

    @Test
    void anAdditionUndoneBeforeItIsSentIsNotSent() {
        Registration registration = f.register(f.kernel.newSocket());
        registration.startReading();
        registration.armWrite();
        registration.close();

        assertThat(f.changesOfATurn()).isEmpty();
    }

    @Test
    void bothFiltersOfManyDescriptorsAreOneChangeEach() {
        for (int i = 0; i < 100; i++) {
            Registration registration = f.register(f.kernel.newSocket());
            for (int j = 0; j < 3; j++) {
                registration.startReading();
                registration.armWrite();
                registration.stopReading();
            }
        }

        assertThat(f.changesOfATurn())
                .hasSize(200)
                .extracting((Kevent change) -> change.ident() + "/" + change.filter())
                .doesNotHaveDuplicates();
    }

    @Test
    void theReadFilterOfAnEdgeIsAddedWithItsUdataAndKind() {
        Registration registration = f.register(f.kernel.newSocket());
        registration.startReading();

        assertThat(f.changesOfATurn()).containsExactly(f.readAdded(registration));
        assertThat(registration.udata()).as("0 is the waker's").isNotZero();
    }

    @Test
    void blockingWhatTheKernelHasNotSendsNothing() {
        Registration connection = f.register(f.kernel.newSocket());
        Registration listener = f.register(f.kernel.newListener());
        connection.stopReading();
        listener.stopReading();

        assertThat(f.changesOfATurn()).isEmpty();
        assertThat(f.target.told).isEmpty();
    }

    @Test
    void anIdleLoopSendsNothing() {
        f.reading(f.kernel.newSocket());
        assertThat(f.changesOfATurn()).isEmpty();
        assertThat(f.kernel.kevents()).hasSize(1);
    }
}
