// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeListener;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A registration whose descriptor stays open takes its knotes with it. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class CancelTest {

    private final Platform platform;
    private final EngineFixture f;

    CancelTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @Test
    void whatTheKernelHasIsDeletedBeforeItReturns() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.register(socket);
        registration.startReading();
        registration.armWrite();
        f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 50);
        f.turn();
        f.kernel.clearLog();

        registration.cancel();

        assertThat(f.kernel.changes())
                .containsExactlyInAnyOrder(
                        f.change(registration, f.c.EVFILT_READ(), f.c.EV_DELETE()),
                        f.change(registration, f.c.EVFILT_WRITE(), f.c.EV_DELETE()),
                        f.change(registration, f.c.EVFILT_TIMER(), f.c.EV_DELETE()));
        assertThat(f.kernel.lastKevent().timeoutNanos()).isZero();
        assertThat(f.kernel.lastKevent().result()).isZero();
        assertThat(registration.isOpen()).isFalse();
        assertThat(f.engine.registrations()).isZero();
        for (int filter : new int[] {f.c.EVFILT_READ(), f.c.EVFILT_WRITE(), f.c.EVFILT_TIMER()}) {
            assertThat(f.kernel.hasKnote(f.kq(), socket.fd(), filter)).isFalse();
        }
        socket.arrive(1);
        assertThat(f.turn()).isZero();
        assertThat(f.kernel.openDescriptors()).contains(socket.fd());
    }

    @Test
    void whatIsDisabledIsDeletedToo() {
        FakeListener listener = f.kernel.newListener();
        Registration registration = f.register(listener);
        registration.startReading();
        f.turn();
        registration.stopReading();
        listener.connections(1);
        f.turn();
        assertThat(f.changesOfATurn()).hasSize(1).allMatch(change -> change.has(f.c.EV_DISABLE()));

        registration.cancel();

        assertThat(f.kernel.hasKnote(f.kq(), listener.fd(), f.c.EVFILT_READ())).isFalse();
    }

    @Test
    void whatWasNeverSentIsTakenBackAndCostsNoCall() {
        Registration registration = f.register(f.kernel.newSocket());
        registration.startReading();
        registration.armWrite();
        f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 50);

        registration.cancel();

        assertThat(f.kernel.log()).isEmpty();
        assertThat(f.changesOfATurn()).isEmpty();
    }

    @Test
    void aWaitingChangeOfAKnoteThatTheKernelHasIsReplacedByTheDeletion() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.reading(socket);
        registration.stopReading();
        socket.arrive(1);
        f.turn();
        // Now the change that makes it quiet waits.
        f.kernel.clearLog();

        registration.cancel();
        f.turn();

        assertThat(f.kernel.changes()).containsExactly(f.change(registration, f.c.EVFILT_READ(), f.c.EV_DELETE()));
    }

    @Test
    void changesOfOthersThatWaitAreSentOnce() {
        Registration registration = f.reading(f.kernel.newSocket());
        Registration other = f.register(f.kernel.newSocket().arrive(1));
        other.startReading();
        f.kernel.clearLog();

        registration.cancel();
        f.turn();

        assertThat(f.kernel.changes())
                .containsExactlyInAnyOrder(
                        f.readAdded(other), f.change(registration, f.c.EVFILT_READ(), f.c.EV_DELETE()));
        assertThat(f.target.reads()).containsExactly(other);
    }

    @Test
    void theSameDescriptorCanBeRegisteredAgainAtOnce() {
        FakeSocket socket = f.kernel.newSocket();
        Registration old = f.reading(socket);
        old.armWrite();
        f.turn();
        f.target.told.clear();
        old.cancel();

        Registration next = f.register(socket);
        next.startReading();
        socket.arrive(3);
        f.turn();

        assertThat(f.target.reads()).containsExactly(next);
        assertThat(f.target.writes()).isEmpty();
    }

    @Test
    void theErrorsOfItsDeletionsAreToldToNobody() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.reading(socket);
        f.kernel.close(socket.fd());
        f.kernel.clearLog();

        registration.cancel();
        f.turn();

        assertThat(f.kernel.kevents().get(0).events()).extracting(Kevent::data).containsExactly((long)
                platform.errno().EBADF());
        assertThat(f.target.told).isEmpty();
    }

    @Test
    void itWorksWithAListOfOneEntry() {
        EngineFixture one = new EngineFixture(platform, 1);
        FakeSocket socket = one.kernel.newSocket();
        Registration registration = one.register(socket);
        registration.startReading();
        registration.armWrite();
        one.turn();
        one.kernel.clearLog();

        registration.cancel();

        assertThat(one.kernel.changes()).hasSize(2).allMatch(change -> change.flags() == one.c.EV_DELETE());
        assertThat(one.kernel.hasKnote(one.kq(), socket.fd(), one.c.EVFILT_READ()))
                .isFalse();
        assertThat(one.kernel.hasKnote(one.kq(), socket.fd(), one.c.EVFILT_WRITE()))
                .isFalse();
    }

    @Test
    void anInterruptedDeletionIsDone() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.reading(socket);
        f.kernel.clearLog();
        f.kernel.fail(CFunction.KEVENT, 1, platform.errno().EINTR());

        registration.cancel();
        f.turn();

        assertThat(f.kernel.changes()).hasSize(1);
        assertThat(f.kernel.hasKnote(f.kq(), socket.fd(), f.c.EVFILT_READ())).isFalse();
    }

    @Test
    void itMayBeCalledFromWithinAHandlerAndTwice() {
        FakeSocket socket = f.kernel.newSocket().arrive(1);
        Registration registration = f.register(socket);
        registration.startReading();
        registration.armWrite();
        f.target.onRead = Registration::cancel;
        f.target.onWrite = Registration::cancel;

        assertThat(f.turn()).isEqualTo(1);
        f.kernel.clearLog();
        registration.cancel();
        registration.close();

        assertThat(f.kernel.log()).isEmpty();
        assertThat(f.target.told).hasSize(1);
        assertThat(f.engine.registrations()).isZero();
    }
}
