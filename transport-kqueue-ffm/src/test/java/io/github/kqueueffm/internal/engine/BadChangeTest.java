// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.engine.RecordingTarget.Kind;
import io.github.kqueueffm.internal.engine.RecordingTarget.Told;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes that the kernel refuses: only their registration hears of it. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class BadChangeTest {

    private final Platform platform;
    private final EngineFixture f;

    BadChangeTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @Test
    void oneBadChangeAmongManyIsToldToItsRegistrationAlone() {
        List<FakeSocket> sockets = f.readableSockets(5);
        List<Registration> registrations = f.startReading(sockets);
        Registration bad = registrations.get(2);
        f.kernel.close(bad.ident());

        f.turn();

        assertThat(f.target.told)
                .containsExactly(
                        refusal(bad, f.c.EVFILT_READ(), platform.errno().EBADF()));
        assertThat(bad.isReading()).isFalse();

        f.kernel.clearLog();
        f.turn();
        List<Registration> good = new ArrayList<>(registrations);
        good.remove(bad);
        assertThat(f.target.reads()).containsExactlyElementsOf(good);
        assertThat(f.kernel.changes()).isEmpty();
        assertThat(f.target.of(Kind.REFUSED)).hasSize(1);
    }

    @Test
    void moreBadChangesThanTheEventListHadRoomForAreAllTold() {
        int count = 700;
        Registration good = f.register(f.kernel.newSocket().arrive(1));
        List<Registration> registrations = startReadingClosed(f, count);
        good.startReading();

        f.turn();

        assertThat(f.kernel.kevents()).hasSize(1);
        assertThat(f.target.of(Kind.REFUSED)).containsExactlyElementsOf(registrations);
        f.turn();
        assertThat(f.target.reads()).containsExactly(good);
    }

    @Test
    void badChangesInAnEarlyFlushAreAllTold() {
        EngineFixture four = new EngineFixture(platform, 4);
        Registration good = four.register(four.kernel.newSocket().arrive(1));
        List<Registration> bad = startReadingClosed(four, 4);

        good.startReading();

        assertThat(four.kernel.kevents()).hasSize(1);
        assertThat(four.target.told).isEmpty();
        four.turn();
        assertThat(four.target.of(Kind.REFUSED)).containsExactlyElementsOf(bad);
        four.turn();
        assertThat(four.target.reads()).containsExactly(good);
        assertThat(four.target.of(Kind.REFUSED)).hasSize(4);
    }

    @Test
    void oneBadChangeInAnEarlyFlushIsToldToItsRegistrationAlone() {
        EngineFixture four = new EngineFixture(platform, 4);
        List<Registration> all = four.startReading(four.readableSockets(4));
        Registration bad = all.get(1);
        Registration fifth = four.register(four.kernel.newSocket());
        four.kernel.close(bad.ident());

        fifth.startReading();
        four.turn();
        four.turn();

        assertThat(four.target.of(Kind.REFUSED)).containsExactly(bad);
        assertThat(four.target.reads()).containsExactlyInAnyOrder(all.get(0), all.get(2), all.get(3));
        assertThat(four.kernel.hasKnote(four.kq(), fifth.ident(), four.c.EVFILT_READ()))
                .isTrue();
    }

    @Test
    void anErrorEntryThatKeepsTheFlagsOfItsChangeIsStillAnError() {
        f.kernel.errorsKeepFlags(true);
        Registration bad = startReadingClosed(f, 1).get(0);

        f.turn();

        assertThat(f.target.told)
                .containsExactly(
                        refusal(bad, f.c.EVFILT_READ(), platform.errno().EBADF()));
    }

    @Test
    void aRefusedFilterCanBeAddedAgain() {
        FakeSocket socket = f.kernel.newSocket().arrive(1);
        f.kernel.refuse(socket.fd(), f.c.EVFILT_READ(), platform.errno().ENOMEM());
        Registration registration = f.register(socket);
        registration.startReading();
        f.turn();
        assertThat(f.target.told)
                .containsExactly(refusal(
                        registration, f.c.EVFILT_READ(), platform.errno().ENOMEM()));

        registration.startReading();

        assertThat(f.changesOfATurn()).containsExactly(f.readAdded(registration));
        assertThat(f.target.reads()).containsExactly(registration);
    }

    @Test
    void aRefusedWriteFilterIsNoLongerArmed() {
        FakeSocket socket = f.kernel.newSocket();
        f.kernel.refuse(socket.fd(), f.c.EVFILT_WRITE(), platform.errno().ENOMEM());
        Registration registration = f.register(socket);
        registration.startReading();
        registration.armWrite();

        f.turn();

        assertThat(f.target.told)
                .containsExactly(refusal(
                        registration, f.c.EVFILT_WRITE(), platform.errno().ENOMEM()));
        assertThat(registration.isWriteArmed()).isFalse();
        assertThat(registration.isReading()).isTrue();
        registration.armWrite();
        assertThat(f.changesOfATurn()).containsExactly(f.writeArmed(registration));
        assertThat(f.target.writes()).containsExactly(registration);
    }

    @Test
    void aRefusalIsToldThoughTheFilterIsBlocked() {
        FakeSocket socket = f.kernel.newSocket();
        f.kernel.refuse(socket.fd(), f.c.EVFILT_READ(), platform.errno().ENOMEM());
        Registration registration = f.register(socket);
        registration.startReading();
        registration.stopReading();

        f.turn();

        assertThat(f.target.told)
                .containsExactly(refusal(
                        registration, f.c.EVFILT_READ(), platform.errno().ENOMEM()));
        assertThat(registration.reader().ready()).as("an errno is no amount").isFalse();
    }

    @Test
    void aReceiptIsNotARefusal() {
        Registration registration = f.register(f.kernel.newSocket());
        f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD() | f.c.EV_RECEIPT(), 0, 50);

        f.turn();

        assertThat(f.kernel.lastKevent().events()).hasSize(1);
        assertThat(f.target.told).hasSize(1);
        Told told = f.target.told.get(0);
        // macOS keeps the flags of the change in it.
        assertThat(told)
                .isEqualTo(new Told(Kind.EVENT, registration, f.c.EVFILT_TIMER(), told.flags(), 0, 0, false, 0));
        assertThat(told.flags() & f.c.EV_ERROR()).isEqualTo(f.c.EV_ERROR());
    }

    @Test
    void theRefusalOfAClosedRegistrationIsToldToNobody() {
        List<Registration> bad = startReadingClosed(f, 2);
        f.target.onRefused = told -> bad.get(1).close();

        f.turn();

        assertThat(f.target.of(Kind.REFUSED)).containsExactly(bad.get(0));
    }

    /** A change that waits when the refusal of an earlier one is handed out is still told apart from what was refused. */
    @Test
    void aChangeMadeBeforeTheRefusalOfAnEarlierOneIsHandedOutIsNotForgotten() {
        FakeSocket socket = f.kernel.newSocket();
        Registration first = startReadingClosed(f, 1).get(0);
        Registration registration = f.register(socket);
        f.kernel.refuse(socket.fd(), f.c.EVFILT_TIMER(), platform.errno().ENOMEM());
        f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 50);
        f.target.onRefused = told -> {
            if (told == first) {
                f.engine.submit(registration, f.c.EVFILT_TIMER(), f.c.EV_ADD(), 0, 70);
            }
        };
        f.turn();
        f.turn();
        assertThat(f.kernel.hasKnote(f.kq(), socket.fd(), f.c.EVFILT_TIMER())).isTrue();

        registration.cancel();

        assertThat(f.kernel.hasKnote(f.kq(), socket.fd(), f.c.EVFILT_TIMER())).isFalse();
    }

    @Test
    void whenTheCallItselfFailsTheChangesAreKept() {
        FakeSocket socket = f.kernel.newSocket().arrive(1);
        Registration registration = f.register(socket);
        registration.startReading();
        f.kernel.fail(CFunction.KEVENT, 1, platform.errno().ENOMEM());

        assertThatThrownBy(f::turn)
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.errno()).isEqualTo(platform.errno().ENOMEM()));

        assertThat(f.changesOfATurn()).containsExactly(f.readAdded(registration));
        assertThat(f.target.reads()).containsExactly(registration);
    }

    @Test
    void whenAFlushFailsTheChangesAreKept() {
        EngineFixture one = new EngineFixture(platform, 1);
        List<FakeSocket> sockets = one.readableSockets(2);
        Registration first = one.register(sockets.get(0));
        Registration second = one.register(sockets.get(1));
        first.startReading();
        one.kernel.fail(CFunction.KEVENT, 1, platform.errno().ENOMEM());

        assertThatThrownBy(second::startReading).isInstanceOf(KernelException.class);

        assertThat(one.changesOfATurn()).containsExactly(one.readAdded(first));
        assertThat(one.target.reads()).containsExactly(first);
    }

    private static List<Registration> startReadingClosed(EngineFixture fixture, int count) {
        List<FakeSocket> sockets = fixture.readableSockets(count);
        List<Registration> registrations = fixture.startReading(sockets);
        sockets.forEach(socket -> fixture.kernel.close(socket.fd()));
        fixture.kernel.clearLog();
        return registrations;
    }

    private static Told refusal(Registration registration, int filter, int errno) {
        return new Told(Kind.REFUSED, registration, filter, 0, 0, errno, false, 0);
    }
}
