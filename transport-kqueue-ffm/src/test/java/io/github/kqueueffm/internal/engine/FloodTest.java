// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.RecordingTarget.Told;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Call.KeventCall;
import io.github.kqueueffm.testing.FakeListener;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that keeps sending to a channel that does not read wakes the loop once. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class FloodTest {

    private final Platform platform;
    private final EngineFixture f;

    FloodTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @Test
    void aBlockedChannelIsWokenOnceAndThenOnlyForEndOfFile() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.reading(socket);
        registration.stopReading();
        f.kernel.clearLog();

        f.kernel.duringWait(() -> socket.arrive(1000));
        assertThat(f.turnForever()).isEqualTo(1);
        assertThat(f.target.told).isEmpty();

        for (int i = 0; i < 50; i++) {
            f.kernel.duringWait(() -> socket.arrive(1000));
        }
        f.kernel.duringWait(socket::endOfFile);
        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.kernel.scriptDone()).isTrue();
        assertThat(f.kernel.kevents()).hasSize(2);
        assertThat(f.kernel.changes()).containsExactly(quiet(registration));
        assertThat(f.target.reads()).containsExactly(registration);
        assertThat(registration.reader().eof()).isTrue();
        assertThat(registration.reader().available()).isEqualTo(51_000);
    }

    @Test
    void aWatchedChannelThatNeverReadIsToldOfAReset() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.register(socket);
        registration.watch();
        f.kernel.duringWait(() -> socket.arrive(10));
        f.turnForever();
        f.kernel.duringWait(() -> socket.arrive(10));
        f.kernel.duringWait(() -> socket.fail(platform.errno().ECONNRESET()));
        f.turnForever();

        Told told = f.target.last();
        assertThat(f.target.told).hasSize(1);
        assertThat(told.registration()).isSameAs(registration);
        assertThat(told.eof()).isTrue();
        assertThat(told.errno()).isEqualTo(platform.errno().ECONNRESET());
        assertThat(told.data()).isEqualTo(20);
    }

    @Test
    void unblockingTellsWhatCameMeanwhileWithoutWaiting() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = blockedAndQuiet(socket);
        f.kernel.clearLog();
        registration.startReading();

        assertThat(f.turnForever())
                .as("told once, not by the kernel and once more by the ready list")
                .isEqualTo(1 + 1);

        assertThat(f.kernel.changes()).containsExactly(f.readAdded(registration));
        assertThat(f.kernel.lastKevent().timeoutNanos()).isZero();
        assertThat(f.target.reads()).contains(registration);
        assertThat(f.target.last().data()).isEqualTo(30);
    }

    @Test
    void watchingAQuietFilterLeavesItQuiet() {
        Registration registration = blockedAndQuiet(f.kernel.newSocket());

        registration.watch();

        assertThat(f.changesOfATurn()).isEmpty();
    }

    @Test
    void aChannelThatReadEverythingAfterUnblockingIsToldOnce() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = blockedAndQuiet(socket);
        f.target.onRead = told -> {
            long count = told.reader().available();
            socket.take(count);
            told.reader().consumed(count);
        };
        registration.startReading();

        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.target.last().data()).isEqualTo(30);
        f.kernel.duringWait(() -> socket.arrive(1));
        assertThat(f.turnForever()).as("edges are told again").isEqualTo(1);
        assertThat(f.target.last().data()).isEqualTo(1);
    }

    @Test
    void aFilterMadeQuietTwiceIsToldToBeSoTwice() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = blockedAndQuiet(socket);
        registration.startReading();
        f.turn();
        registration.stopReading();
        f.kernel.duringWait(() -> socket.arrive(1));
        f.turnForever();

        assertThat(f.changesOfATurn()).containsExactly(quiet(registration));
        f.kernel.duringWait(() -> socket.arrive(1));
        f.kernel.duringWait(socket::endOfFile);
        assertThat(f.turnForever()).isEqualTo(1);
        assertThat(f.kernel.scriptDone()).isTrue();
    }

    @Test
    void aBlockedListenerIsDisabledAfterOneEventAndEnabledAgain() {
        FakeListener listener = f.kernel.newListener();
        FakeSocket bystander = f.kernel.newSocket();
        Registration other = f.reading(bystander);
        Registration registration = f.register(listener);
        registration.startReading();
        assertThat(f.changesOfATurn())
                .containsExactly(f.change(registration, f.c.EVFILT_READ(), f.c.EV_ADD() | f.c.EV_ENABLE()));
        registration.stopReading();
        f.kernel.clearLog();

        f.kernel.duringWait(() -> listener.connections(1));
        f.turnForever();
        for (int i = 0; i < 50; i++) {
            f.kernel.duringWait(() -> listener.connections(1));
        }
        f.kernel.duringWait(() -> bystander.arrive(1));
        assertThat(f.turnForever()).isEqualTo(1);

        assertThat(f.kernel.kevents()).hasSize(2);
        assertThat(f.kernel.changes())
                .containsExactly(f.change(registration, f.c.EVFILT_READ(), f.c.EV_ADD() | f.c.EV_DISABLE()));
        assertThat(f.target.reads()).containsExactly(other);

        f.kernel.clearLog();
        registration.startReading();
        f.turnForever();
        assertThat(f.kernel.changes())
                .containsExactly(f.change(registration, f.c.EVFILT_READ(), f.c.EV_ADD() | f.c.EV_ENABLE()));
        assertThat(f.target.last().registration()).isSameAs(registration);
        assertThat(f.target.last().data()).isEqualTo(51);
    }

    @Test
    void anActiveListenerIsToldInEachTurnWhileConnectionsWait() {
        FakeListener listener = f.kernel.newListener().connections(3);
        Registration registration = f.register(listener);
        registration.startReading();
        f.target.onRead = told -> {
            listener.take();
            told.reader().consumed(1);
        };

        f.turn();
        f.turn();
        f.turn();

        assertThat(f.target.told).extracting(Told::data).containsExactly(3L, 2L, 1L);
        assertThat(f.turn()).isZero();
        assertThat(f.kernel.kevents())
                .extracting(KeventCall::changes)
                .filteredOn(changes -> !changes.isEmpty())
                .hasSize(1);
    }

    private Registration blockedAndQuiet(FakeSocket socket) {
        Registration registration = f.reading(socket);
        registration.stopReading();
        socket.arrive(10);
        f.turn();
        f.turn();
        socket.arrive(20);
        assertThat(f.turn()).isZero();
        return registration;
    }

    private Kevent quiet(Registration registration) {
        return f.change(
                registration,
                f.c.EVFILT_READ(),
                f.c.EV_ADD() | f.c.EV_ENABLE() | f.c.EV_CLEAR(),
                f.c.NOTE_LOWAT(),
                Integer.MAX_VALUE);
    }

    @Test
    void endOfFileOfABlockedLevelFilterDisablesItInsteadOfBeingToldWithoutEnd() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.engine.register(socket.fd(), FilterKind.LEVEL, f.target);
        registration.startReading();
        f.turn();
        registration.stopReading();
        f.kernel.clearLog();

        socket.endOfFile();
        f.turn();
        f.turn();

        assertThat(f.target.told).isEmpty();
        assertThat(f.kernel.changes())
                .containsExactly(f.change(registration, f.c.EVFILT_READ(), f.c.EV_ADD() | f.c.EV_DISABLE()));
    }
}
