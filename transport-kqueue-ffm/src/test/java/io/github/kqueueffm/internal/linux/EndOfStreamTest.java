// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.linux.Sockets.Pair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** EV_EOF and its errno, as NetBSD answers. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndOfStreamTest {

    private final Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();
    private final int eof = kq.c.EV_EOF();

    @AfterEach
    void close() {
        kq.close();
    }

    private Kqueue addBoth(int fd) {
        return kq.addRead(fd, clear, 1).addWrite(fd, clear, 2);
    }

    @Test
    void finRaisesReadWithWhatIsUnread() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.addRead(fd, clear, 1).poll();
        kq.sockets.send(pair.client(), fd, 3);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear, UNKNOWN, 1));
        kq.sockets.shutdown(pair.client(), kq.platform.socket().SHUT_WR());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear | eof, 3, 1));
        assertThat(kq.sockets.read(fd, 3)).isEqualTo(3);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.sockets.read(fd, 3)).isZero();
        assertThat(kq.addRead(fd, clear, 1).poll()).containsExactly(kq.read(fd, clear | eof, 0, 1));
    }

    @Test
    void finIsNoEndOfTheWriteSide() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.sockets.shutdown(pair.client(), kq.platform.socket().SHUT_WR());
        kq.sockets.awaitEnd(fd);
        assertThat(addBoth(fd).poll()).containsExactly(kq.write(fd, clear, 2), kq.read(fd, clear | eof, 0, 1));
    }

    @Test
    void finCostsOneIoctlAndOnlyAsMuch() {
        Pair pair = kq.sockets.pair();
        kq.addRead(pair.server(), clear, 1).poll();
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(pair.server());
        assertThat(kq.calls(() -> assertThat(kq.await()).hasSize(1)))
                .isEqualTo(Map.of("epoll_pwait2", 1L, "ioctl", 1L));
    }

    @Test
    void finOfADisabledReadIsToldWhenEnabled() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.addRead(fd, clear | kq.c.EV_DISABLE(), 1).poll();
        kq.sockets.send(pair.client(), fd, 2);
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.calls(() -> assertThat(kq.poll()).isEmpty())).containsOnlyKeys("epoll_pwait2");
        kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_ENABLE(), 0);
        assertThat(kq.poll()).containsExactly(kq.read(fd, clear | eof, 2, 1));
    }

    @Test
    void endIsKeptThoughTheCallerWasExhausted() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.addRead(fd, clear, 1).poll();
        kq.sockets.send(pair.client(), fd, 2);
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear | eof, 2, 1));
        assertThat(kq.sockets.read(fd, 100)).isEqualTo(2);
        kq.kernel.exhausted(fd, kq.c.EVFILT_READ());
        assertThat(kq.addRead(fd, clear, 1).poll()).containsExactly(kq.read(fd, clear | eof, 0, 1));
    }

    @Test
    void endThatNobodyWasToldIsKeptThoughTheCallerWasExhausted() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.addRead(fd, clear | kq.c.EV_DISABLE(), 1).poll();
        kq.sockets.send(pair.client(), fd, 2);
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.sockets.read(fd, 100)).isEqualTo(2);
        kq.kernel.exhausted(fd, kq.c.EVFILT_READ());
        kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_ENABLE(), 0);
        assertThat(kq.poll()).containsExactly(kq.read(fd, clear | eof, 0, 1));
    }

    @Test
    void bothSidesEndedIsTheEndOfBothFilters() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        addBoth(fd).poll();
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.await()).contains(kq.read(fd, clear | eof, 0, 1));
        kq.sockets.shutdown(fd, kq.platform.socket().SHUT_WR());
        kq.sockets.awaitHangup(fd);
        assertThat(kq.await()).containsExactly(kq.write(fd, clear | eof, 2), kq.read(fd, clear | eof, 0, 1));
    }

    @Test
    void ownShutdownOfReadingRaisesReadEof() {
        Pair pair = kq.sockets.pair();
        int fd = pair.client();
        kq.addRead(fd, clear, 1).poll();
        kq.sockets.shutdown(fd, kq.platform.socket().SHUT_RD());
        assertThat(kq.await()).containsExactly(kq.read(fd, clear | eof, 0, 1));
    }

    @Test
    void ownShutdownOfWritingRaisesWriteButNotRead() {
        Pair pair = kq.sockets.pair();
        int fd = pair.client();
        addBoth(fd).poll();
        kq.sockets.shutdown(fd, kq.platform.socket().SHUT_WR());
        // NetBSD adds EV_EOF, of which epoll knows nothing.
        assertThat(kq.await()).containsExactly(kq.write(fd, clear, 2));
    }

    @Test
    void resetRaisesBothWithItsErrno() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        int errno = kq.platform.errno().ECONNRESET();
        addBoth(fd).poll();
        kq.sockets.reset(pair.client());
        kq.sockets.awaitEnd(fd);
        Map<String, Long> calls = kq.calls(() -> assertThat(kq.await())
                .containsExactly(
                        kq.write(fd, clear | eof, 2).withErrno(errno),
                        kq.read(fd, clear | eof, 0, 1).withErrno(errno)));
        assertThat(calls).isEqualTo(Map.of("epoll_pwait2", 1L, "getsockopt", 1L, "ioctl", 1L));
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.sockets.pendingError(fd)).isZero();
    }

    @Test
    void resetIsToldToAFilterThatIsAddedLater() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        int errno = kq.platform.errno().ECONNRESET();
        kq.addRead(fd, clear, 1).poll();
        kq.sockets.reset(pair.client());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear | eof, 0, 1).withErrno(errno));
        // The edge that is asked for brings along the one that was told.
        assertThat(kq.addWrite(fd, kq.c.EV_DISPATCH(), 2).poll())
                .containsExactly(
                        kq.write(fd, kq.c.EV_DISPATCH() | eof, 2).withErrno(errno),
                        kq.read(fd, clear | eof, 0, 1).withErrno(errno));
    }

    @Test
    void resetWithDataUnreadTellsItsAmount() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.sockets.send(pair.client(), fd, 4);
        kq.sockets.reset(pair.client());
        kq.sockets.awaitEnd(fd);
        List<Event> events = kq.addRead(fd, clear, 1).poll();
        assertThat(events)
                .containsExactly(kq.read(fd, clear | eof, 4, 1)
                        .withErrno(kq.platform.errno().ECONNRESET()));
        assertThat(kq.sockets.read(fd, 10)).isEqualTo(4);
    }

    @Test
    void refusedConnectRaisesBothWithItsErrno() {
        int fd = kq.sockets.tcp();
        int refused = kq.platform.errno().ECONNREFUSED();
        int result =
                kq.sockets.connect(fd, kq.sockets.deadPort(kq.platform.socket().SOCK_STREAM()));
        assertThat(result).isEqualTo(-kq.platform.errno().EINPROGRESS());
        assertThat(addBoth(fd).await())
                .containsExactly(
                        kq.write(fd, clear | eof, 2).withErrno(refused),
                        kq.read(fd, clear | eof, 0, 1).withErrno(refused));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void connectRaisesWriteAlone() {
        int listener = kq.sockets.listener();
        int fd = kq.sockets.tcp();
        assertThat(kq.sockets.connect(fd, kq.sockets.port(listener)))
                .isEqualTo(-kq.platform.errno().EINPROGRESS());
        int dispatch = kq.c.EV_DISPATCH();
        assertThat(kq.addRead(fd, clear, 1).addWrite(fd, dispatch, 2).await())
                .containsExactly(kq.write(fd, dispatch, 2));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void unconnectedSocketIsSilentUntilItsConnectFails() {
        int fd = kq.sockets.tcp();
        assertThat(addBoth(fd).poll()).isEmpty();
        int refused = kq.platform.errno().ECONNREFUSED();
        kq.sockets.connect(fd, kq.sockets.deadPort(kq.platform.socket().SOCK_STREAM()));
        assertThat(kq.await())
                .containsExactly(
                        kq.write(fd, clear | eof, 2).withErrno(refused),
                        kq.read(fd, clear | eof, 0, 1).withErrno(refused));
    }

    @Test
    void unconnectedSocketIsSilentUntilItsConnectSucceeds() {
        int fd = kq.sockets.tcp();
        assertThat(addBoth(fd).poll()).isEmpty();
        kq.sockets.connect(fd, kq.sockets.port(kq.sockets.listener()));
        assertThat(kq.await()).containsExactly(kq.write(fd, clear, 2));
    }

    @Test
    void datagramErrorIsNoEndAndStaysInTheSocket() {
        int fd = kq.sockets.udp();
        assertThat(kq.sockets.connect(
                        fd, kq.sockets.deadPort(kq.platform.socket().SOCK_DGRAM())))
                .isZero();
        assertThat(addBoth(fd).poll()).containsExactly(kq.write(fd, clear, 2));
        assertThat(kq.sockets.write(fd, 10)).isEqualTo(10);
        kq.sockets.awaitReadable(fd);
        assertThat(kq.await()).containsExactly(kq.write(fd, clear, 2), kq.read(fd, clear, UNKNOWN, 1));
        assertThat(kq.sockets.read(fd, 10)).isEqualTo(-kq.platform.errno().ECONNREFUSED());
        assertThat(kq.sockets.read(fd, 10)).isEqualTo(-kq.platform.errno().EAGAIN());
    }

    @Test
    void pipeWithoutWriterEndsWithWhatIsUnread() {
        List<Integer> pipe = kq.sockets.pipe();
        int fd = pipe.get(0);
        assertThat(kq.addRead(fd, clear, 1).poll()).isEmpty();
        kq.sockets.send(pipe.get(1), fd, 3);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear, UNKNOWN, 1));
        kq.sockets.close((int) pipe.get(1));
        assertThat(kq.await()).containsExactly(kq.read(fd, clear | eof, 3, 1));
    }

    @Test
    void pipeWithoutReaderEndsItsWriteSide() {
        List<Integer> pipe = kq.sockets.pipe();
        int fd = pipe.get(1);
        assertThat(kq.addWrite(fd, clear, 1).poll()).containsExactly(kq.write(fd, clear, 1));
        kq.sockets.close((int) pipe.get(0));
        assertThat(kq.await()).containsExactly(kq.write(fd, clear | eof, 1));
    }
}
