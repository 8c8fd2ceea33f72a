// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripted kernel answers what a NetBSD 7.99.34 kernel was seen to answer, and where they differ, what FreeBSD's source says. */
class ScriptedKernelTest {

    private final Platform platform = TestPlatforms.named("netbsd-amd64");
    private final KqueueConstants c = platform.kqueue();
    private final ScriptedKernel kernel = new ScriptedKernel(platform);
    private final KeventMemory memory = new KeventMemory(kernel);
    private final int kq = kernel.kqueue();
    private final int read = c.EVFILT_READ();
    private final int write = c.EVFILT_WRITE();
    private final int add = c.EV_ADD();

    /** kevent(2) without waiting: what it stored. */
    private List<Kevent> kevent(int capacity, Kevent... changes) {
        memory.kevent(kq, capacity, 0, changes);
        return kernel.lastKevent().events();
    }

    private long result(int capacity, Kevent... changes) {
        memory.kevent(kq, capacity, 0, changes);
        return kernel.lastKevent().result();
    }

    private List<Kevent> poll() {
        return kevent(16);
    }

    private static Kevent change(int ident, int filter, int flags, long udata) {
        return new Kevent(ident, filter, flags, 0, 0, udata);
    }

    @Test
    void errorsAreEntriesAndTheGoodOnesAreApplied() {
        FakeSocket socket = kernel.newSocket().arrive(2);
        Kevent[] changes = {
            change(99, read, add, 0x11),
            change(socket.fd(), read, add, 0x22),
            new Kevent(socket.fd(), write, c.EV_DELETE(), 5, 7, 0x33)
        };

        assertThat(kevent(16, changes))
                .containsExactly(
                        new Kevent(99, read, c.EV_ERROR(), 0, platform.errno().EBADF(), 0x11),
                        new Kevent(
                                socket.fd(),
                                write,
                                c.EV_ERROR(),
                                5,
                                platform.errno().ENOENT(),
                                0x33));
        assertThat(poll()).containsExactly(new Kevent(socket.fd(), read, add, 0, 2, 0x22));
    }

    @Test
    void withoutRoomForAnErrorTheCallFailsAndTheRestIsNotApplied() {
        FakeSocket socket = kernel.newSocket().arrive(2);
        Kevent bad = change(99, read, add, 0);
        Kevent absent = change(socket.fd(), write, c.EV_DELETE(), 0);
        Kevent good = change(socket.fd(), read, add, 0);

        assertThat(result(1, bad, absent, good)).isEqualTo(-platform.errno().ENOENT());
        assertThat(result(0, bad, good)).isEqualTo(-platform.errno().EBADF());
        assertThat(kernel.knotes(kq)).isZero();
        assertThat(result(1, bad, good)).isEqualTo(1);
        assertThat(kernel.knotes(kq)).isEqualTo(1);
    }

    @Test
    void errnosOfChanges() {
        FakeSocket socket = kernel.newSocket();
        int fd = socket.fd();
        assertThat(errno(change(99, read, c.EV_DELETE(), 0)))
                .isEqualTo(platform.errno().EBADF());
        assertThat(errno(change(fd, read, c.EV_ENABLE(), 0)))
                .isEqualTo(platform.errno().ENOENT());
        assertThat(errno(change(fd, read, 0, 0))).isEqualTo(platform.errno().ENOENT());
        assertThat(errno(change(fd, -1, add, 0))).isEqualTo(platform.errno().EINVAL());
        assertThat(errno(change(fd, read, add | c.EV_ENABLE() | c.EV_DISABLE(), 0)))
                .isEqualTo(platform.errno().EINVAL());
        kernel.refuse(fd, read, platform.errno().ENOMEM());
        assertThat(errno(change(fd, read, add, 0))).isEqualTo(platform.errno().ENOMEM());
        assertThat(result(1, change(fd, read, add, 0))).isZero();
        kernel.userEvents(false);
        assertThat(errno(change(0, c.EVFILT_USER(), add, 0)))
                .isEqualTo(platform.errno().EINVAL());
    }

    private long errno(Kevent change) {
        List<Kevent> events = kevent(1, change);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).flags()).isEqualTo(c.EV_ERROR());
        return events.get(0).data();
    }

    @Test
    void receipts() {
        FakeSocket socket = kernel.newSocket().arrive(1);
        Kevent receipt = change(socket.fd(), read, add | c.EV_RECEIPT(), 4);

        assertThat(kevent(4, receipt)).containsExactly(new Kevent(socket.fd(), read, c.EV_ERROR(), 0, 0, 4));
        assertThat(result(0, receipt, change(socket.fd(), write, add, 0))).isZero();
        assertThat(kernel.hasKnote(kq, socket.fd(), write))
                .as("silently dropped")
                .isFalse();
    }

    @Test
    void anEdgeIsToldOncePerArrivalWithAllThatIsThere() {
        FakeSocket socket = kernel.newSocket();
        kevent(1, change(socket.fd(), read, add | c.EV_CLEAR(), 1));
        socket.arrive(100);
        assertThat(poll()).extracting(Kevent::data).containsExactly(100L);
        assertThat(poll()).isEmpty();
        socket.arrive(50);
        assertThat(poll()).extracting(Kevent::data).containsExactly(150L);
        socket.take(30);
        assertThat(poll()).isEmpty();
        assertThat(kevent(4, change(socket.fd(), read, add, 5)))
                .as("added again: told again, still an edge, new udata")
                .containsExactly(new Kevent(socket.fd(), read, add | c.EV_CLEAR(), 0, 120, 5));
        assertThat(poll()).isEmpty();
    }

    @Test
    void anArrivalThatWasReadBeforeTheCallIsNotTold() {
        FakeSocket socket = kernel.newSocket();
        kevent(1, change(socket.fd(), read, add | c.EV_CLEAR(), 1));
        socket.arrive(100).take(100);

        assertThat(poll()).isEmpty();
    }

    @Test
    void aLevelIsToldEachTimeAndStaysALevel() {
        FakeSocket socket = kernel.newSocket().arrive(20);
        kevent(1, change(socket.fd(), read, add, 8));
        kevent(1, change(socket.fd(), read, add | c.EV_CLEAR(), 8));
        for (int i = 0; i < 3; i++) {
            assertThat(poll()).containsExactly(new Kevent(socket.fd(), read, add, 0, 20, 8));
        }
        socket.take(20);
        assertThat(poll()).isEmpty();
    }

    @Test
    void levelsTakeTurns() {
        for (int i = 0; i < 4; i++) {
            kevent(0, change(kernel.newSocket().arrive(1).fd(), read, add, i));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(kevent(2)).extracting(Kevent::udata).containsExactly(2L * (i % 2), 2L * (i % 2) + 1);
        }
    }

    @Test
    void eventsBeyondTheCapacityComeNextInTheirOrder() {
        for (int i = 0; i < 100; i++) {
            kevent(0, change(kernel.newSocket().arrive(1).fd(), read, add | c.EV_CLEAR(), i));
        }
        assertThat(kevent(64)).hasSize(64).element(0).extracting(Kevent::udata).isEqualTo(0L);
        assertThat(kevent(64)).hasSize(36).element(0).extracting(Kevent::udata).isEqualTo(64L);
        assertThat(kevent(64)).isEmpty();
    }

    @Test
    void disabledItKeepsWhatItSawAndAPlainAdditionDoesNotEnable() {
        FakeSocket socket = kernel.newSocket();
        kevent(1, change(socket.fd(), read, add | c.EV_CLEAR(), 1));
        kevent(1, change(socket.fd(), read, c.EV_DISABLE(), 1));
        socket.arrive(10);
        assertThat(poll()).isEmpty();
        assertThat(kevent(4, change(socket.fd(), read, add, 1))).isEmpty();
        assertThat(kevent(4, change(socket.fd(), read, c.EV_ENABLE(), 1)))
                .extracting(Kevent::data)
                .containsExactly(10L);
    }

    @Test
    void oneShotIsGoneAfterItsEvent() {
        FakeSocket socket = kernel.newSocket().arrive(20);
        assertThat(kevent(4, change(socket.fd(), read, add | c.EV_ONESHOT(), 1)))
                .hasSize(1);
        assertThat(poll()).isEmpty();
        assertThat(errno(change(socket.fd(), read, c.EV_DELETE(), 1)))
                .isEqualTo(platform.errno().ENOENT());
    }

    @Test
    void dispatchDisablesItselfAndEnablingAloneDoesNotTellOfWhatWasThere() {
        FakeSocket socket = kernel.newSocket().arrive(20);
        Kevent enable = change(socket.fd(), read, c.EV_ENABLE(), 1);
        assertThat(kevent(4, change(socket.fd(), read, add | c.EV_DISPATCH(), 1)))
                .hasSize(1);
        assertThat(poll()).isEmpty();
        assertThat(kevent(4, enable)).isEmpty();
        socket.arrive(5);
        assertThat(poll()).extracting(Kevent::data).containsExactly(25L);
        assertThat(kevent(4, change(socket.fd(), read, add | c.EV_ENABLE(), 1)))
                .extracting(Kevent::data)
                .containsExactly(25L);
        socket.arrive(5);
        assertThat(poll()).isEmpty();
        assertThat(kevent(4, enable)).as("came while it was disabled").hasSize(1);
        kernel.flavour(Flavour.FREEBSD);
        assertThat(kevent(4, enable)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void clearAndDispatchTogether(Flavour flavour) {
        kernel.flavour(flavour);
        FakeSocket socket = kernel.newSocket().arrive(20);
        assertThat(kevent(4, change(socket.fd(), read, add | c.EV_CLEAR() | c.EV_DISPATCH(), 1)))
                .hasSize(1);
        socket.arrive(20);
        assertThat(poll()).hasSize(flavour == Flavour.NETBSD ? 1 : 0);
    }

    @Test
    void theLowWaterMarkHidesDataButNotTheEnd() {
        FakeSocket socket = kernel.newSocket();
        kevent(1, new Kevent(socket.fd(), read, add | c.EV_CLEAR(), c.NOTE_LOWAT(), 100, 7));
        socket.arrive(50);
        assertThat(poll()).isEmpty();
        socket.arrive(60);
        assertThat(poll()).extracting(Kevent::data).containsExactly(110L);
        socket.take(110).arrive(1);
        assertThat(poll()).isEmpty();
        socket.endOfFile();
        assertThat(poll()).containsExactly(new Kevent(socket.fd(), read, add | c.EV_CLEAR() | c.EV_EOF(), 0, 1, 7));
        kernel.newSocket();
    }

    @Test
    void aMarkPutOnAReadyEdgeHidesIt() {
        FakeSocket socket = kernel.newSocket();
        kevent(1, change(socket.fd(), read, add | c.EV_CLEAR(), 1));
        socket.arrive(50);

        assertThat(kevent(4, new Kevent(socket.fd(), read, add | c.EV_CLEAR(), c.NOTE_LOWAT(), 100, 1)))
                .isEmpty();
        assertThat(kevent(4, change(socket.fd(), read, add | c.EV_CLEAR(), 1))).hasSize(1);
    }

    @Test
    void aResetRaisesBothFiltersAndItsErrorIsReadOnce() {
        FakeSocket socket = kernel.newSocket().arrive(4);
        kevent(0, change(socket.fd(), read, add | c.EV_CLEAR(), 1), change(socket.fd(), write, add | c.EV_CLEAR(), 2));
        poll();
        int reset = platform.errno().ECONNRESET();
        socket.fail(reset);

        assertThat(poll())
                .allMatch(event -> event.has(c.EV_EOF()) && event.fflags() == reset)
                .extracting(Kevent::filter)
                .containsExactlyInAnyOrder(read, write);
        NativeMemory buffer = NativeMemory.allocate(kernel, 16);
        assertThat(kernel.read(socket.fd(), buffer.address(), 16)).isEqualTo(4);
        assertThat(kernel.read(socket.fd(), buffer.address(), 16)).isEqualTo(-reset);
        assertThat(kernel.read(socket.fd(), buffer.address(), 16)).isZero();
        assertThat(kernel.write(socket.fd(), buffer.address(), 1))
                .isEqualTo(-platform.errno().EPIPE());
    }

    @Test
    void anEdgeListenerFiresAgainOnEachAcceptWhileOthersRemain() {
        FakeListener listener = kernel.newListener().connections(3);
        assertThat(kevent(4, change(listener.fd(), read, add | c.EV_CLEAR(), 1)))
                .extracting(Kevent::data)
                .containsExactly(3L);
        assertThat(poll()).isEmpty();
        listener.take();
        assertThat(poll()).extracting(Kevent::data).containsExactly(2L);
        listener.take().take();
        assertThat(poll()).isEmpty();
    }

    @Test
    void closingDropsKnotesAndTheNumberIsUsedAgain() {
        FakeSocket socket = kernel.newSocket().arrive(1);
        kevent(0, change(socket.fd(), read, add, 1));
        assertThat(kernel.close(socket.fd())).isZero();
        assertThat(poll()).isEmpty();
        assertThat(kernel.close(socket.fd())).isEqualTo(-platform.errno().EBADF());
        assertThat(kernel.newSocket().arrive(1).fd()).isEqualTo(socket.fd());
        assertThat(poll()).isEmpty();
        assertThat(kernel.knotes(kq)).isZero();
    }

    @Test
    void aUserEventIsTriggeredOnceAndEvClearTakesTheTriggerBack() {
        int user = c.EVFILT_USER();
        kevent(0, change(3, user, add | c.EV_CLEAR(), 9));
        assertThat(poll()).isEmpty();
        assertThat(kevent(4, new Kevent(3, user, 0, c.NOTE_TRIGGER(), 0, 8)))
                .as("udata is replaced")
                .extracting(Kevent::udata)
                .containsExactly(8L);
        assertThat(poll()).isEmpty();
        assertThat(kevent(4, new Kevent(3, user, c.EV_CLEAR(), c.NOTE_TRIGGER(), 0, 8)))
                .isEmpty();
        kevent(0, new Kevent(3, user, 0, c.NOTE_TRIGGER(), 0, 8));
        assertThat(kevent(4, change(3, user, add | c.EV_CLEAR(), 8))).isEmpty();
    }

    @Test
    void freebsdReplacesTheMarkWithAnyChange() {
        FakeSocket socket = kernel.newSocket().arrive(5);
        kevent(1, new Kevent(socket.fd(), read, add | c.EV_CLEAR(), c.NOTE_LOWAT(), 100, 7));
        assertThat(kevent(4, change(socket.fd(), read, c.EV_ENABLE(), 7))).isEmpty();
        kernel.flavour(Flavour.FREEBSD);
        assertThat(kevent(4, change(socket.fd(), read, c.EV_ENABLE(), 7))).hasSize(1);
    }

    @Test
    void macosKeepsTheFlagsOfABadChange() {
        kernel.errorsKeepFlags(true);
        assertThat(kevent(1, change(99, read, add, 0)))
                .extracting(Kevent::flags)
                .containsExactly(add | c.EV_ERROR());
    }

    @Test
    void interruptedCallsHaveAppliedTheirChanges() {
        FakeSocket socket = kernel.newSocket().arrive(1);
        kernel.fail(CFunction.KEVENT, 1, platform.errno().EINTR());
        assertThat(result(4, change(socket.fd(), read, add, 0)))
                .isEqualTo(-platform.errno().EINTR());
        assertThat(poll()).hasSize(1);
        kernel.fail(CFunction.KEVENT, 2, platform.errno().ENOMEM());
        poll();
        assertThat(result(4, change(socket.fd(), write, add, 0)))
                .isEqualTo(-platform.errno().ENOMEM());
        assertThat(kernel.hasKnote(kq, socket.fd(), write)).isFalse();
        assertThat(kernel.failuresDone()).isTrue();
    }

    @Test
    void timeoutsThatTheKernelDoesNotTake() {
        long limit = platform.traits().maxWaitSeconds();
        assertThat(memory.kevent(kq, 1, -1, 0)).isEqualTo(-platform.errno().EINVAL());
        assertThat(memory.kevent(kq, 1, 0, 1_000_000_000))
                .isEqualTo(-platform.errno().EINVAL());
        assertThat(memory.kevent(kq, 1, limit + 1, 0))
                .isEqualTo(-platform.errno().EINVAL());
        assertThat(memory.kevent(kq, 1, limit, 0)).isZero();
    }

    @Test
    void theScriptOfAWait() {
        FakeSocket socket = kernel.newSocket();
        kevent(0, change(socket.fd(), read, add | c.EV_CLEAR(), 0));
        kernel.duringWait(() -> {});
        kernel.duringWait(() -> socket.arrive(1));
        assertThat(memory.kevent(kq, 1, 5, 0)).isEqualTo(1);
        assertThat(kernel.scriptDone()).isTrue();
        kernel.interruptWait(() -> {});
        assertThat(memory.kevent(kq, 1, 5, 0)).isEqualTo(-platform.errno().EINTR());
        assertThat(memory.kevent(kq, 1, 5, 0)).isZero();
        assertThatThrownBy(() -> kernel.kevent(kq, 0, 0, memory.events(), 1, 0)).isInstanceOf(AssertionError.class);
    }

    @Test
    void onlyAKqueueIsAKqueue() {
        FakeSocket socket = kernel.newSocket();
        assertThat(kernel.kevent(socket.fd(), 0, 0, memory.events(), 1, 0))
                .isEqualTo(-platform.errno().EBADF());
        assertThat(kernel.kevent(99, 0, 0, memory.events(), 1, 0))
                .isEqualTo(-platform.errno().EBADF());
        assertThat(kernel.kevent(kq, 0, 0, 0, 0, 0)).isZero();
    }

    @Test
    void aPipe() {
        NativeMemory block = NativeMemory.allocate(kernel, 32);
        assertThat(kernel.pipe(block.address())).isZero();
        int in = block.buffer().getInt(0);
        int out = block.buffer().getInt(4);
        kernel.fcntl(in, platform.file().F_SETFL(), platform.file().O_NONBLOCK());
        kevent(0, change(in, read, add, 1));
        assertThat(poll()).isEmpty();
        block.buffer().put(0, (byte) 77);
        assertThat(kernel.write(out, block.address(), 3)).isEqualTo(3);
        assertThat(poll()).extracting(Kevent::data).containsExactly(3L);
        assertThat(kernel.read(in, block.address() + 16, 16)).isEqualTo(3);
        assertThat(block.buffer().get(16)).isEqualTo((byte) 77);
        assertThat(kernel.read(in, block.address(), 16))
                .isEqualTo(-platform.errno().EAGAIN());
        kernel.close(out);
        assertThat(poll()).allMatch(event -> event.has(c.EV_EOF())).hasSize(1);
        assertThat(kernel.read(in, block.address(), 16)).isZero();
    }

    @Test
    void memoryIsWhatWasHandedOutAndNothingElse() {
        NativeMemory block = NativeMemory.allocate(kernel, 16);
        NativeMemory other = NativeMemory.allocate(kernel, 16);
        assertThat(block.address()).isGreaterThan(0xffff_ffffL).isNotEqualTo(other.address());
        int fd = kernel.newSocket().arrive(100).fd();
        assertThatThrownBy(() -> kernel.read(fd, block.address(), 17)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> kernel.read(fd, block.address() - 1, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> kernel.read(fd, 0, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> kernel.address(ByteBuffer.allocate(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNotModelledIsAbsent() {
        assertThat(kernel.has(CFunction.KEVENT)).isTrue();
        assertThat(kernel.has(CFunction.EPOLL_WAIT)).isFalse();
        assertThat(kernel.epollCreate1(0)).isEqualTo(-platform.errno().ENOSYS());
        assertThat(kernel.log()).extracting(Call::function).contains(CFunction.EPOLL_CREATE1);
    }
}
