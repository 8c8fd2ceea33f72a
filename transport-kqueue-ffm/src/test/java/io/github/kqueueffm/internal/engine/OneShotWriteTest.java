// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The WRITE filter tells once each time it is armed. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class OneShotWriteTest {

    private final Platform platform;
    private final EngineFixture f;

    OneShotWriteTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @Test
    void armedTwiceItIsOneChangeAndTellsOnce() {
        FakeSocket socket = f.kernel.newSocket().room(0);
        FakeSocket bystander = f.kernel.newSocket();
        f.reading(bystander);
        Registration registration = f.register(socket);
        registration.armWrite();
        registration.armWrite();
        assertThat(registration.isWriteArmed()).isTrue();
        assertThat(f.changesOfATurn()).containsExactly(f.writeArmed(registration));
        assertThat(f.target.told).isEmpty();

        f.kernel.duringWait(() -> socket.room(100));
        assertThat(f.turnForever()).isEqualTo(1);
        assertThat(f.target.writes()).containsExactly(registration);
        assertThat(f.target.last().data()).isEqualTo(100);
        assertThat(registration.isWriteArmed()).isFalse();

        f.kernel.duringWait(() -> socket.room(200));
        f.kernel.duringWait(() -> socket.room(300));
        f.kernel.duringWait(() -> bystander.arrive(1));
        f.turnForever();
        assertThat(f.target.writes()).as("an idle loop is not woken").containsExactly(registration);
        assertThat(f.kernel.scriptDone()).isTrue();
    }

    @Test
    void armedAgainItTellsOfRoomThatWasThereBefore() {
        Registration registration = f.register(f.kernel.newSocket());
        for (int i = 1; i <= 3; i++) {
            registration.armWrite();
            assertThat(f.changesOfATurn()).containsExactly(f.writeArmed(registration));
            assertThat(f.target.writes()).hasSize(i);
        }
    }

    @Test
    void itMayBeArmedFromWithinItsOwnHandler() {
        Registration registration = f.register(f.kernel.newSocket());
        registration.armWrite();
        f.target.onWrite = Registration::armWrite;
        f.turn();
        assertThat(registration.isWriteArmed()).isTrue();
        f.target.onWrite = told -> {};

        assertThat(f.changesOfATurn()).containsExactly(f.writeArmed(registration));
        assertThat(f.target.writes()).containsExactly(registration, registration);
    }

    @Test
    void itIsNotDisturbedByTheReadFilter() {
        FakeSocket socket = f.kernel.newSocket().room(0);
        Registration registration = f.register(socket);
        registration.startReading();
        registration.armWrite();
        f.turn();
        socket.arrive(1);
        f.turn();

        assertThat(f.target.writes()).isEmpty();
        assertThat(registration.isWriteArmed()).isTrue();
        assertThat(f.target.reads()).containsExactly(registration);
    }

    @Test
    void aRefusedConnectIsToldWithItsErrno() {
        FakeSocket socket = f.kernel.newSocket().room(0);
        Registration registration = f.register(socket);
        registration.armWrite();
        f.kernel.duringWait(() -> socket.fail(platform.errno().ECONNREFUSED()));
        f.turnForever();

        assertThat(f.target.writes()).containsExactly(registration);
        assertThat(f.target.last().eof()).isTrue();
        assertThat(f.target.last().errno()).isEqualTo(platform.errno().ECONNREFUSED());
        assertThat(registration.reader().errno())
                .as("the READ filter was not told")
                .isZero();
        assertThat(registration.reader().eof()).isFalse();
    }
}
