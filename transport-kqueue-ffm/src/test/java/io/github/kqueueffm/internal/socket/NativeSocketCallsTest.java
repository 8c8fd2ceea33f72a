// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which system calls are made, and what becomes of answers that a kernel seldom gives. No call here is a real one. */
@Timeout(120)
class NativeSocketCallsTest {

    private static final int FD = 77;

    private final Platform platform = TestPlatforms.named("netbsd-amd64");
    private final Errno errno = platform.errno();
    private final SocketConstants constants = platform.socket();
    private final ScriptedCalls calls = new ScriptedCalls(platform).answer("close", 0);
    private final NativeSocket socket = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET);

    @Test
    void afterCloseNoCallReachesTheDescriptor() throws IOException {
        socket.close();
        calls.clearLog();
        int closed = -errno.EBADF();
        assertThat(socket.isOpen()).isFalse();
        assertThat(socket.read(1, 1)).isEqualTo(closed);
        assertThat(socket.write(1, 1)).isEqualTo(closed);
        assertThat(socket.writev(1, 1)).isEqualTo(closed);
        SendfileResult sendfile = new SendfileResult();
        socket.sendfile(1, 0, 1, sendfile);
        assertThat(sendfile.sent()).isZero();
        assertThat(sendfile.errno()).isEqualTo(errno.EBADF());
        assertThat(socket.accept(new AddressScratch(calls.binding()))).isEqualTo(closed);
        InetSocketAddress address = new InetSocketAddress(0);
        List<ThrowingCallable> others = List.of(
                () -> socket.bind(address),
                () -> socket.listen(1),
                () -> socket.connect(address),
                socket::error,
                socket::localAddress,
                socket::remoteAddress,
                () -> socket.shutdown(true, true),
                () -> socket.option(SocketOption.TCP_NODELAY),
                () -> socket.option(SocketOption.SO_LINGER),
                () -> socket.option(SocketOption.IP_TOS),
                () -> socket.setOption(SocketOption.TCP_NODELAY, 1),
                () -> socket.setOption(SocketOption.SO_LINGER, 1),
                () -> socket.setOption(SocketOption.IP_TOS, 1),
                () -> socket.intOption(1, 2),
                () -> socket.setIntOption(1, 2, 3),
                () -> socket.rawOption(1, 2, ByteBuffer.allocate(4)),
                () -> socket.setRawOption(1, 2, ByteBuffer.allocate(4)));
        for (ThrowingCallable call : others) {
            assertThatThrownBy(call).isInstanceOf(ClosedChannelException.class);
        }
        socket.close();
        assertThat(calls.log()).isEmpty();
    }

    @Test
    void closesOnce() throws IOException {
        assertThat(socket.isOpen()).isTrue();
        socket.close();
        socket.close();
        assertThat(calls.log()).containsExactly("close(77)");
    }

    @Test
    void manyThreadsCloseOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 200; round++) {
                NativeSocket shared = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET);
                calls.clearLog();
                CountDownLatch start = new CountDownLatch(1);
                List<Future<?>> closers = List.of(
                        threads.submit(() -> closeAfter(start, shared)),
                        threads.submit(() -> closeAfter(start, shared)),
                        threads.submit(() -> closeAfter(start, shared)));
                start.countDown();
                for (Future<?> closer : closers) {
                    closer.get(60, TimeUnit.SECONDS);
                }
                assertThat(calls.log()).containsExactly("close(77)");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Object closeAfter(CountDownLatch start, NativeSocket socket) throws Exception {
        start.await();
        socket.close();
        return socket;
    }

    @Test
    void closeThatSaysTheDescriptorIsGoneAnyway() {
        for (int number : new int[] {errno.EINTR(), errno.ECONNRESET()}) {
            calls.answer("close", -number);
            NativeSocket one = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET);
            assertThatCode(one::close).doesNotThrowAnyException();
            assertThat(one.isOpen()).isFalse();
            assertThatCode(one::close).doesNotThrowAnyException();
        }
        assertThat(calls.count("close")).isEqualTo(2);
    }

    @Test
    void closeThatFails() {
        calls.answer("close", -errno.EIO());
        assertThatThrownBy(socket::close)
                .isInstanceOf(KQueueIoException.class)
                .hasMessage("close(..) failed: EIO (Input/output error)");
        assertThat(socket.isOpen()).isFalse();
        assertThatCode(socket::close).doesNotThrowAnyException();
        assertThat(calls.count("close")).isEqualTo(1);
    }

    @Test
    void aCallThatIsUnderWayKeepsTheDescriptor() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        calls.answer("setsockopt", arguments -> {
            inside.countDown();
            awaitOrFail(closed);
            return 0;
        });
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> setter = other.submit(() -> {
                socket.setOption(SocketOption.SO_KEEPALIVE, 1);
                return null;
            });
            awaitOrFail(inside);
            socket.close();
            assertThat(socket.isOpen()).isFalse();
            assertThat(calls.count("close"))
                    .as("the other thread is in setsockopt")
                    .isZero();
            assertThat(socket.read(1, 1)).isEqualTo(-errno.EBADF());
            assertThatThrownBy(() -> socket.option(SocketOption.SO_KEEPALIVE))
                    .isInstanceOf(ClosedChannelException.class);
            closed.countDown();
            setter.get(60, TimeUnit.SECONDS);
            assertThat(calls.count("close")).isEqualTo(1);
            assertThat(calls.log()).endsWith("close(77)");
        } finally {
            other.shutdownNow();
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void connectThatIsInterruptedGoesOn() throws IOException {
        calls.answer("connect", -errno.EINTR());
        assertThat(socket.connect(new InetSocketAddress("127.0.0.1", 1))).isFalse();
        calls.answer("connect", -errno.EINPROGRESS());
        assertThat(socket.connect(new InetSocketAddress("127.0.0.1", 1))).isFalse();
        calls.answer("connect", 0);
        assertThat(socket.connect(new InetSocketAddress("127.0.0.1", 1))).isTrue();
        assertThat(calls.count("connect")).isEqualTo(3);
    }

    @Test
    void peersThatAreGoneHaveNoAddress() throws IOException {
        for (int number : new int[] {errno.ENOTCONN(), errno.EINVAL(), errno.ECONNRESET()}) {
            calls.answer("getpeername", -number);
            assertThat(socket.remoteAddress()).isNull();
        }
        calls.answer("getpeername", -errno.ENOBUFS());
        assertThatThrownBy(socket::remoteAddress).isInstanceOf(KQueueIoException.class);
    }

    @Test
    void aDirectionIsShutDownOnce() throws IOException {
        calls.answer("shutdown", 0);
        socket.shutdown(true, false);
        socket.shutdown(true, false);
        socket.shutdown(true, true);
        socket.shutdown(true, true);
        assertThat(calls.log())
                .containsExactly(
                        "shutdown(77, " + constants.SHUT_RD() + ")", "shutdown(77, " + constants.SHUT_WR() + ")");
        NativeSocket second = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET);
        calls.clearLog();
        second.shutdown(true, true);
        assertThat(calls.log()).containsExactly("shutdown(77, " + constants.SHUT_RDWR() + ")");
    }

    @Test
    void anOptionThatThePlatformLacksIsNamed() {
        assertThatThrownBy(() -> socket.setOption(SocketOption.TCP_NOPUSH, 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("TCP_NOPUSH is not available on netbsd-amd64");
        assertThatThrownBy(() -> socket.option(SocketOption.TCP_NOPUSH))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(calls.log()).isEmpty();
    }

    @Test
    void flagsReadBackAsOneWhateverTheKernelSays() throws IOException {
        // NetBSD answers the bit it keeps TCP_NODELAY in.
        answerOption(4);
        assertThat(socket.option(SocketOption.TCP_NODELAY)).isEqualTo(1);
        answerOption(0);
        assertThat(socket.option(SocketOption.TCP_NODELAY)).isZero();
    }

    private void answerOption(int value) {
        calls.answer("getsockopt", arguments -> {
            SocketSystem.of(calls.binding()).scratch().value(4).buffer().putInt(0, value);
            return 0;
        });
    }

    @Test
    void trafficClassOfAnIpv6SocketWithoutIpTos() throws IOException {
        NativeSocket six = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET6);
        String tclass = "setsockopt(77, " + constants.IPPROTO_IPV6() + ", " + constants.IPV6_TCLASS() + ", 4)";
        String tos = "setsockopt(77, " + constants.IPPROTO_IP() + ", " + constants.IP_TOS() + ", 4)";
        calls.answer(
                "setsockopt", arguments -> (int) arguments[1] == constants.IPPROTO_IP() ? -errno.ENOPROTOOPT() : 0);
        six.setOption(SocketOption.IP_TOS, 8);
        six.setOption(SocketOption.IP_TOS, 16);
        assertThat(calls.log()).as("the refused call is made once").containsExactly(tclass, tos, tclass);
    }

    @Test
    void trafficClassThatFailsForAnotherReason() {
        NativeSocket six = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET6);
        calls.answer("setsockopt", arguments -> (int) arguments[1] == constants.IPPROTO_IP() ? -errno.ENOBUFS() : 0);
        assertThatThrownBy(() -> six.setOption(SocketOption.IP_TOS, 8)).isInstanceOf(KQueueIoException.class);
    }

    @Test
    void withoutSocketFlagsThereAreCallsForThem() throws IOException {
        ScriptedCalls mac = new ScriptedCalls(TestPlatforms.named("darwin-amd64"))
                .answer("socket", FD)
                .answer("fcntl", 0)
                .answer("close", 0);
        NativeSocket.newStream(mac.binding(), SocketProtocolFamily.INET);
        assertThat(mac.log())
                .containsExactly(
                        "socket(" + constants.AF_INET() + ", " + constants.SOCK_STREAM() + ", 0)",
                        "fcntl(77, " + platform.file().F_SETFD() + ", "
                                + platform.file().FD_CLOEXEC() + ")",
                        "fcntl(77, " + platform.file().F_SETFL() + ", "
                                + platform.file().O_NONBLOCK() + ")");
        mac.clearLog();
        mac.answer("fcntl", -errno.EPERM());
        assertThatThrownBy(() -> NativeSocket.newStream(mac.binding(), SocketProtocolFamily.INET))
                .isInstanceOf(KQueueIoException.class);
        assertThat(mac.log()).endsWith("close(77)");
    }

    @Test
    void aSocketOfAnUnknownFamilyIsNotTakenOver() {
        calls.answer("getsockname", arguments -> {
            ByteBuffer address =
                    SocketSystem.of(calls.binding()).scratch().address.buffer();
            address.put(0, (byte) 16).put(1, (byte) 200);
            return 0;
        });
        assertThatThrownBy(() -> NativeSocket.adopt(calls.binding(), FD))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        assertThat(calls.count("close")).isZero();
    }
}
