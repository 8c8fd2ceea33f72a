// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.RecordingTarget.Kind;
import io.github.kqueueffm.internal.engine.RecordingTarget.Told;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.Kevent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of the owner's own making. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class SubmitTest {

    private static final int IDENT = 4711;

    private final Platform platform;
    private final EngineFixture f;
    private final Registration registration;
    private final int timer;
    private final int user;

    SubmitTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
        registration = f.engine.register(IDENT, FilterKind.EDGE, f.target);
        timer = f.c.EVFILT_TIMER();
        user = f.c.EVFILT_USER();
    }

    @Test
    void aChangeIsSentAsItWasGivenAndItsEventsAreHandedOutAsTheyCome() {
        f.engine.submit(registration, timer, f.c.EV_ADD() | f.c.EV_CLEAR(), 2, 50);
        assertThat(f.changesOfATurn())
                .containsExactly(f.change(registration, timer, f.c.EV_ADD() | f.c.EV_CLEAR(), 2, 50));
        assertThat(f.kernel.fire(IDENT, timer, 8, 3)).isTrue();

        assertThat(f.turn()).isEqualTo(1);

        Kevent event = f.kernel.lastKevent().events().get(0);
        assertThat(f.target.told)
                .containsExactly(new Told(Kind.EVENT, registration, timer, event.flags(), 8, 3, false, 0));
    }

    @Test
    void aDeletionTakesBackAnAdditionThatWasNotSent() {
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 50);
        f.engine.submit(registration, timer, f.c.EV_DELETE(), 0, 0);

        assertThat(f.kernel.log()).isEmpty();
        assertThat(f.changesOfATurn()).isEmpty();
        assertThat(f.target.told).isEmpty();
    }

    @Test
    void anAdditionAfterOneThatWasTakenBackIsSent() {
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 50);
        f.engine.submit(registration, timer, f.c.EV_DELETE(), 0, 0);
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 60);

        assertThat(f.changesOfATurn()).containsExactly(f.change(registration, timer, f.c.EV_ADD(), 0, 60));
    }

    @Test
    void deletingAndAddingAgainIsSentInThisOrder() {
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 50);
        f.turn();
        f.kernel.clearLog();

        f.engine.submit(registration, timer, f.c.EV_DELETE(), 0, 0);
        f.engine.submit(registration, timer, f.c.EV_ADD() | f.c.EV_ONESHOT(), 0, 60);
        f.turn();

        assertThat(f.kernel.changes())
                .containsExactly(
                        f.change(registration, timer, f.c.EV_DELETE()),
                        f.change(registration, timer, f.c.EV_ADD() | f.c.EV_ONESHOT(), 0, 60));
        assertThat(f.kernel.kevents()).allMatch(call -> call.result() >= 0);
        assertThat(f.kernel.hasKnote(f.kq(), IDENT, timer)).isTrue();
    }

    @Test
    void aTriggerAfterAnAdditionIsSentAfterIt() {
        f.engine.submit(registration, user, f.c.EV_ADD() | f.c.EV_CLEAR(), 0, 0);
        f.engine.submit(registration, user, 0, f.c.NOTE_TRIGGER(), 0);
        f.turn();

        assertThat(f.kernel.changes())
                .containsExactly(
                        f.change(registration, user, f.c.EV_ADD() | f.c.EV_CLEAR()),
                        f.change(registration, user, 0, f.c.NOTE_TRIGGER(), 0));
        assertThat(f.target.of(Kind.EVENT)).containsExactly(registration);
    }

    @Test
    void aTriggerThatWaitsIsNotLostToAChangeAfterIt() {
        f.engine.submit(registration, user, f.c.EV_ADD() | f.c.EV_CLEAR(), 0, 0);
        f.turn();

        f.engine.submit(registration, user, 0, f.c.NOTE_TRIGGER(), 0);
        f.engine.submit(registration, user, f.c.EV_ENABLE(), 0, 0);
        f.turn();
        f.turn();

        assertThat(f.target.of(Kind.EVENT)).containsExactly(registration);
    }

    @Test
    void aLaterAdditionThatSaysAllTheEarlierSaidTakesItsPlace() {
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 50);
        f.engine.submit(registration, timer, f.c.EV_ADD() | f.c.EV_CLEAR(), 0, 60);

        assertThat(f.changesOfATurn())
                .containsExactly(f.change(registration, timer, f.c.EV_ADD() | f.c.EV_CLEAR(), 0, 60));
        assertThat(f.kernel.kevents()).hasSize(1);
    }

    @Test
    void aDeletionAfterAChangeThatWaitsIsSentIfTheKernelHasTheKnote() {
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 50);
        f.turn();
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 60);
        f.engine.submit(registration, timer, f.c.EV_DELETE(), 0, 0);
        f.turn();

        assertThat(f.kernel.hasKnote(f.kq(), IDENT, timer)).isFalse();
        assertThat(f.target.told).isEmpty();
    }

    /** EVFILT_USER added with NOTE_TRIGGER is not the same as added, then triggered: what fflags mean is the filter's. */
    @Test
    void aChangeWithFflagsDoesNotTakeThePlaceOfOneWithout() {
        f.engine.submit(registration, user, f.c.EV_ADD(), 0, 0);
        f.engine.submit(registration, user, f.c.EV_ADD(), f.c.NOTE_TRIGGER(), 0);
        f.turn();

        assertThat(f.kernel.changes()).extracting(Kevent::fflags).containsExactly(0, f.c.NOTE_TRIGGER());
    }

    @Test
    void disablingAndEnablingAreBothSent() {
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 50);
        f.turn();
        f.kernel.clearLog();
        f.engine.submit(registration, timer, f.c.EV_DISABLE(), 0, 0);
        f.engine.submit(registration, timer, f.c.EV_ENABLE(), 0, 0);
        f.turn();

        assertThat(f.kernel.changes()).extracting(Kevent::flags).containsExactly(f.c.EV_DISABLE(), f.c.EV_ENABLE());
    }

    @Test
    void twoFiltersOfOneRegistrationAreTwoChanges() {
        f.engine.submit(registration, timer, f.c.EV_ADD(), 0, 50);
        f.engine.submit(registration, user, f.c.EV_ADD(), 0, 0);

        assertThat(f.changesOfATurn()).extracting(Kevent::filter).containsExactly(timer, user);
    }

    @Test
    void aRefusalNamesTheFilter() {
        f.kernel.userEvents(false);
        f.engine.submit(registration, user, f.c.EV_ADD(), 0, 0);
        f.turn();

        assertThat(f.target.told)
                .containsExactly(new Told(
                        Kind.REFUSED, registration, user, 0, 0, platform.errno().EINVAL(), false, 0));
    }

    /** EV_ONESHOT: the kernel has deleted it when it fired, and says ENOENT. What the owner wanted is so. */
    @Test
    void theRemovalOfWhatIsGoneAlreadyIsNotARefusal() {
        f.engine.submit(registration, timer, f.c.EV_ADD() | f.c.EV_ONESHOT(), 0, 50);
        f.turn();
        f.kernel.fire(IDENT, timer, 0, 1);
        f.turn();
        assertThat(f.target.of(Kind.EVENT)).hasSize(1);

        f.engine.submit(registration, timer, f.c.EV_DELETE(), 0, 0);
        f.turn();

        assertThat(f.kernel.lastKevent().events()).extracting(Kevent::data).containsExactly((long)
                platform.errno().ENOENT());
        assertThat(f.target.of(Kind.REFUSED)).isEmpty();
    }

    @Test
    void theRemovalFromADescriptorThatIsClosedIsNotARefusal() {
        FakeSocket socket = f.kernel.newSocket();
        Registration own = f.register(socket);
        f.engine.submit(own, f.c.EVFILT_VNODE(), f.c.EV_ADD() | f.c.EV_CLEAR(), 1, 0);
        f.turn();
        f.kernel.close(socket.fd());

        f.engine.submit(own, f.c.EVFILT_VNODE(), f.c.EV_DELETE(), 0, 0);
        f.turn();

        assertThat(f.kernel.lastKevent().events()).extracting(Kevent::data).containsExactly((long)
                platform.errno().EBADF());
        assertThat(f.target.of(Kind.REFUSED)).isEmpty();
    }

    @Test
    void enablingWhatTheKernelDoesNotHaveIsARefusal() {
        f.engine.submit(registration, timer, f.c.EV_ENABLE(), 0, 0);
        f.turn();

        assertThat(f.target.told)
                .containsExactly(new Told(
                        Kind.REFUSED,
                        registration,
                        timer,
                        0,
                        0,
                        platform.errno().ENOENT(),
                        false,
                        0));
    }

    @Test
    void aReadFilterOfTheOwnersOwnIsHandedOutRaw() {
        FakeSocket socket = f.kernel.newSocket().arrive(3).endOfFile();
        Registration own = f.register(socket);
        f.engine.submit(own, f.c.EVFILT_READ(), f.c.EV_ADD(), 0, 0);
        f.turn();

        assertThat(f.target.reads()).isEmpty();
        Told told = f.target.last();
        assertThat(told.kind()).isEqualTo(Kind.EVENT);
        assertThat(told.filter()).isEqualTo(f.c.EVFILT_READ());
        assertThat(told.flags() & f.c.EV_EOF()).isNotZero();
        assertThat(told.data()).isEqualTo(3);
    }

    @Test
    void aReadFilterThatFiresOnceIsAFilterOfReading() {
        FakeSocket socket = f.kernel.newSocket();
        Registration own = f.register(socket);
        int oneShot = f.c.EV_ADD() | f.c.EV_ENABLE() | f.c.EV_ONESHOT();
        f.engine.submit(own, f.c.EVFILT_READ(), oneShot, 0, 0);
        assertThat(f.changesOfATurn()).containsExactly(f.change(own, f.c.EVFILT_READ(), oneShot));
        assertThat(f.target.told).as("room to write is none of its business").isEmpty();

        socket.arrive(3);
        f.turn();
        socket.arrive(3);
        f.turn();

        assertThat(f.target.told).hasSize(1);
        assertThat(f.target.last().filter()).isEqualTo(f.c.EVFILT_READ());
        assertThat(f.kernel.hasKnote(f.kq(), socket.fd(), f.c.EVFILT_READ())).isFalse();
    }

    @Test
    void theEventsOfManyOwnersFindTheirs() {
        List<Registration> others = List.of(
                f.engine.register(1, FilterKind.EDGE, f.target), f.engine.register(2, FilterKind.EDGE, f.target));
        for (Registration other : others) {
            f.engine.submit(other, timer, f.c.EV_ADD(), 0, 5);
        }
        f.turn();
        f.kernel.fire(2, timer, 0, 9);
        f.turn();

        assertThat(f.target.of(Kind.EVENT)).containsExactly(others.get(1));
    }
}
