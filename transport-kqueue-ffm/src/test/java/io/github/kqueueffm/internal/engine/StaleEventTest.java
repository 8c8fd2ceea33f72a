// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Events and changes that outlive their registration. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class StaleEventTest {

    private final Platform platform;
    private final EngineFixture f;

    StaleEventTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @Test
    void theEventOfAClosedDescriptorIsNotToldToTheNextOwnerOfItsNumber() {
        List<Registration> two = f.startReading(f.readableSockets(2));
        RecordingTarget newcomer = new RecordingTarget();
        List<Registration> reused = new ArrayList<>();
        f.target.onRead = registration -> {
            Registration old = two.get(1);
            close(old);
            FakeSocket next = f.kernel.newSocket();
            assertThat(next.fd()).isEqualTo(old.ident());
            Registration registered = f.engine.register(next.fd(), FilterKind.EDGE, newcomer);
            registered.startReading();
            reused.add(registered);
        };

        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.target.reads()).containsExactly(two.get(0));
        assertThat(newcomer.told).isEmpty();
        Registration old = two.get(1);
        Registration next = reused.get(0);
        assertThat((int) next.udata()).as("slot").isEqualTo((int) old.udata());
        assertThat(next.udata()).isNotEqualTo(old.udata());
        assertThat(next.reader().ready()).isFalse();
    }

    @Test
    void theNextOwnerGetsItsOwnEvents() {
        Registration old = f.reading(f.kernel.newSocket());
        close(old);
        FakeSocket socket = f.kernel.newSocket().arrive(7);
        Registration next = f.reading(socket);

        assertThat(f.target.reads()).containsExactly(next);
        assertThat(next.reader().available()).isEqualTo(7);
    }

    @Test
    void whenTheFirstOfTwoFiltersInABatchClosesTheSecondIsNotTold() {
        FakeSocket socket = f.kernel.newSocket().arrive(1);
        Registration registration = f.register(socket);
        registration.startReading();
        registration.armWrite();
        f.target.onRead = this::close;
        f.target.onWrite = this::close;

        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.kernel.lastKevent().events()).hasSize(2);
        assertThat(f.target.told).hasSize(1);
        assertThat(f.engine.registrations()).isZero();
    }

    @Test
    void whenTheFirstOfTwoFiltersClosesAndTheSlotIsTakenAgainTheSecondIsNotTold() {
        FakeSocket socket = f.kernel.newSocket().arrive(1);
        Registration registration = f.register(socket);
        registration.startReading();
        registration.armWrite();
        RecordingTarget newcomer = new RecordingTarget();
        f.target.onRead = told -> {
            close(told);
            Registration next = f.engine.register(f.kernel.newSocket().fd(), FilterKind.EDGE, newcomer);
            next.startReading();
            next.armWrite();
        };

        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.target.told).hasSize(1);
        assertThat(newcomer.told).isEmpty();
    }

    @Test
    void closingFromWithinAHandlerEndsTheRegistrationAtOnce() {
        FakeSocket socket = f.kernel.newSocket().arrive(1);
        Registration registration = f.register(socket);
        registration.startReading();
        f.target.onRead = told -> {
            close(told);
            assertThat(told.isOpen()).isFalse();
            assertThat(f.engine.registrations()).isZero();
            // Nothing of this has an effect any more.
            told.startReading();
            told.watch();
            told.armWrite();
            told.readAgain();
            told.close();
            told.cancel();
            f.engine.submit(told, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 1);
        };

        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.engine.hasReady()).isFalse();
        assertThat(f.changesOfATurn()).isEmpty();
        assertThat(f.target.told).hasSize(1);
        Registration next = f.register(f.kernel.newSocket());
        Registration other = f.register(f.kernel.newSocket());
        assertThat((int) next.udata()).as("closing again frees no slot twice").isNotEqualTo((int) other.udata());
    }

    @Test
    void closingTakesPendingChangesBackAndSendsNone() {
        Registration registration = f.reading(f.kernel.newSocket());
        registration.armWrite();
        f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 1);
        f.kernel.clearLog();

        close(registration);
        FakeSocket next = f.kernel.newSocket();
        assertThat(next.fd()).isEqualTo(registration.ident());

        assertThat(f.turn()).isZero();
        assertThat(f.kernel.changes()).isEmpty();
        assertThat(f.kernel.hasKnote(f.kq(), next.fd(), f.c.EVFILT_WRITE())).isFalse();
    }

    /** Numbers of processes, signals and timers are not numbers of descriptors. */
    @Test
    void closingLeavesTheChangesOfOthersThatHaveTheSameNumber() {
        FakeSocket socket = f.kernel.newSocket();
        Registration connection = f.register(socket);
        connection.startReading();
        Registration signal = f.engine.register(socket.fd(), FilterKind.EDGE, f.target);
        f.engine.submit(signal, f.c.EVFILT_SIGNAL(), f.c.EV_ADD(), 0, 0);

        close(connection);

        assertThat(f.changesOfATurn()).containsExactly(f.change(signal, f.c.EVFILT_SIGNAL(), f.c.EV_ADD()));
    }

    @Test
    void theEventOfAFileThatIsClosedMeanwhileIsNotToldToTheNextFileOfItsNumber() {
        List<Registration> files = new ArrayList<>();
        RecordingTarget newcomer = new RecordingTarget();
        for (int i = 0; i < 2; i++) {
            files.add(watchFile(f.target));
        }
        f.turn();
        f.target.onEvent = told -> {
            Registration other = files.get(1);
            other.cancel();
            f.kernel.close(other.ident());
            files.add(watchFile(newcomer));
        };
        for (Registration file : List.copyOf(files)) {
            f.kernel.fire(file.ident(), f.c.EVFILT_VNODE(), 1, 0);
        }

        assertThat(f.turn()).isEqualTo(1);
        f.turn();

        assertThat(f.kernel.kevents()).anyMatch(call -> call.events().size() == 2);
        assertThat(files.get(2).ident()).isEqualTo(files.get(1).ident());
        assertThat(f.target.told).extracting(RecordingTarget.Told::registration).containsExactly(files.get(0));
        assertThat(newcomer.told).isEmpty();
    }

    private Registration watchFile(RecordingTarget target) {
        Registration file = f.engine.register(f.kernel.newSocket().fd(), FilterKind.EDGE, target);
        f.engine.submit(file, f.c.EVFILT_VNODE(), f.c.EV_ADD() | f.c.EV_CLEAR(), 1, 0);
        return file;
    }

    /** Taking one out moves the last into its place: what is closed next must still find its own. */
    @Test
    void closingSomeTakesBackExactlyTheirs() {
        List<FakeSocket> sockets = f.readableSockets(6);
        List<Registration> all = f.startReading(sockets);
        for (int index : new int[] {0, 5, 4, 2}) {
            close(all.get(index));
        }

        f.turn();

        assertThat(f.kernel.changes()).containsExactlyInAnyOrder(f.readAdded(all.get(1)), f.readAdded(all.get(3)));
        assertThat(f.target.reads()).containsExactlyInAnyOrder(all.get(1), all.get(3));
    }

    @Test
    void aChangeThatWasMovedIsReplacedInItsNewPlace() {
        Registration first = f.register(f.kernel.newSocket());
        Registration second = f.register(f.kernel.newSocket());
        first.startReading();
        f.engine.submit(second, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 10);
        close(first);
        f.engine.submit(second, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 20);

        assertThat(f.changesOfATurn()).containsExactly(f.change(second, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 20));
    }

    @Test
    void aChangeThatWasMovedIsSentOnceAndItsKnoteCanBeChangedAgain() {
        FakeSocket socket = f.kernel.newSocket();
        Registration first = f.register(f.kernel.newSocket());
        Registration second = f.register(socket);
        first.startReading();
        second.watch();
        close(first);
        assertThat(f.changesOfATurn()).containsExactly(f.readAdded(second));
        socket.arrive(1);
        f.turn();

        assertThat(f.changesOfATurn()).as("made quiet").hasSize(1);
        assertThat(f.changesOfATurn()).isEmpty();
    }

    @Test
    void aClosedRegistrationThatTheKernelNeverHeardOfAddsNothing() {
        Registration registration = f.register(f.kernel.newSocket());
        close(registration);
        registration.watch();
        registration.startReading();
        registration.armWrite();

        assertThat(registration.isReading()).isFalse();
        assertThat(registration.isWriteArmed()).isFalse();
        assertThat(f.changesOfATurn()).isEmpty();
    }

    @Test
    void aRegistrationOnTheReadyListThatIsClosedIsNotTold() {
        List<Registration> two = f.startReading(f.readableSockets(2));
        f.target.onRead = Registration::readAgain;
        f.turn();
        assertThat(f.target.reads()).hasSize(2);
        f.target.onRead = registration -> {};

        close(two.get(0));
        assertThat(f.turn()).isEqualTo(1);

        assertThat(f.target.reads()).containsExactly(two.get(0), two.get(1), two.get(1));
    }

    @Test
    void noEndOfFileOnTheReadyListOutlivesItsRegistration() {
        Registration registration = f.reading(f.kernel.newSocket().endOfFile());
        registration.readAgain();
        close(registration);
        f.target.told.clear();

        assertThat(f.turn()).isZero();

        assertThat(f.target.told).isEmpty();
    }

    @Test
    void theEventsThatCameWithAFlushDoNotOutliveTheirRegistration() {
        EngineFixture one = new EngineFixture(platform, 1);
        List<FakeSocket> sockets = one.readableSockets(2);
        Registration first = one.register(sockets.get(0));
        Registration second = one.register(sockets.get(1));
        first.startReading();
        second.startReading();
        assertThat(one.engine.hasReady()).isTrue();

        first.close();
        one.kernel.close(first.ident());
        RecordingTarget newcomer = new RecordingTarget();
        one.engine
                .register(one.kernel.newSocket().fd(), FilterKind.EDGE, newcomer)
                .startReading();
        while (one.turn() > 0) {}
        one.turn();

        assertThat(one.target.reads()).containsExactly(second);
        assertThat(newcomer.told).isEmpty();
    }

    @Test
    void neitherClosingNorReusingSendsADeletion() {
        for (int i = 0; i < 3; i++) {
            close(f.reading(f.kernel.newSocket()));
        }
        f.turn();

        assertThat(f.kernel.changes()).hasSize(3).noneMatch((Kevent change) -> change.has(f.c.EV_DELETE()));
        assertThat(f.kernel.kevents()).allMatch(call -> call.result() >= 0);
    }

    private void close(Registration registration) {
        registration.close();
        f.kernel.close(registration.ident());
    }
}
