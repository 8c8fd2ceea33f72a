// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets on loopback. */
@Timeout(120)
class NativeSocketTest {

    private static final Platform PLATFORM = RealBinding.BINDING.platform();
    private static final Syscalls SYSCALLS = RealBinding.BINDING.syscalls();
    private static final Errno ERRNO = PLATFORM.errno();
    private static final SocketConstants CONSTANTS = PLATFORM.socket();

    private static void isReadyToUse(int fd) {
        FileConstants file = PLATFORM.file();
        assertThat(SYSCALLS.fcntl(fd, file.F_GETFL(), 0) & file.O_NONBLOCK())
                .as("O_NONBLOCK")
                .isNotZero();
        assertThat(SYSCALLS.fcntl(fd, file.F_GETFD(), 0) & file.FD_CLOEXEC())
                .as("FD_CLOEXEC")
                .isNotZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void bytesGoBothWays(SocketProtocolFamily family) throws IOException {
        try (Loopback loopback = new Loopback(family)) {
            Loopback.Pair pair = loopback.pair();
            assertThat(pair.server().family()).isEqualTo(family);
            loopback.write(pair.client(), "over there");
            assertThat(loopback.read(pair.server(), 10))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("over there");
            loopback.write(pair.server(), "and back");
            assertThat(loopback.read(pair.client(), 8))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("and back");
            NativeMemory memory = NativeMemory.allocate(SYSCALLS, 8);
            assertThat(pair.client().read(memory.address(), 8)).isEqualTo(-ERRNO.EAGAIN());
            pair.server().close();
            loopback.awaitReadable(pair.client());
            assertThat(pair.client().read(memory.address(), 8)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void socketsAreNonBlockingAndCloseOnExec(SocketProtocolFamily family) throws IOException {
        try (Loopback loopback = new Loopback(family)) {
            Loopback.Pair pair = loopback.pair();
            isReadyToUse(pair.client().intValue());
            isReadyToUse(pair.server().intValue());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void addressesOfBothEnds(SocketProtocolFamily family) throws IOException {
        try (Loopback loopback = new Loopback(family)) {
            NativeSocket listener = loopback.listener();
            Loopback.Pair pair = loopback.pair(listener);
            InetSocketAddress client = (InetSocketAddress) pair.client().localAddress();
            assertThat(client.getAddress()).isEqualTo(Loopback.address(0).getAddress());
            assertThat(client.getPort()).isPositive();
            assertThat(pair.peer().toInetSocketAddress()).isEqualTo(client);
            assertThat(pair.server().remoteAddress()).isEqualTo(client);
            assertThat(pair.client().remoteAddress())
                    .isEqualTo(listener.localAddress())
                    .isEqualTo(pair.server().localAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void addressesThatAreNotThereYet(SocketProtocolFamily family) throws IOException {
        try (Loopback loopback = new Loopback(family)) {
            NativeSocket socket = loopback.socket();
            assertThat(socket.localAddress()).isNull();
            assertThat(socket.remoteAddress()).isNull();
            loopback.listening(socket);
            assertThat(socket.localAddress()).isNotNull();
            assertThat(socket.remoteAddress()).isNull();
        }
    }

    @Test
    void oneSocketServesBothVersions() throws IOException {
        try (Loopback loopback = new Loopback(SocketProtocolFamily.INET6)) {
            NativeSocket listener = loopback.socket();
            listener.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0));
            listener.listen(16);
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            assertThat(((InetSocketAddress) listener.localAddress()).getAddress())
                    .isEqualTo(InetAddress.getByName("::"));
            AddressScratch peer = new AddressScratch(RealBinding.BINDING);
            for (String ip : new String[] {"127.0.0.1", "::1"}) {
                NativeSocket client = loopback.socket();
                client.connect(new InetSocketAddress(InetAddress.getByName(ip), port));
                loopback.awaitReadable(listener);
                int fd = listener.accept(peer);
                assertThat(fd).isNotNegative();
                loopback.closedLater(listener.accepted(fd));
                assertThat(peer.raw().toInetSocketAddress().getAddress()).isEqualTo(InetAddress.getByName(ip));
                assertThat(peer.raw().inet4()).isEqualTo(ip.equals("127.0.0.1"));
            }
        }
    }

    @Test
    void nothingToAccept() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            assertThat(loopback.listener().accept(new AddressScratch(RealBinding.BINDING)))
                    .isEqualTo(-ERRNO.EAGAIN());
        }
    }

    @Test
    void gatheringWrite() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            Loopback.Pair pair = loopback.pair();
            NativeMemory memory = NativeMemory.allocate(SYSCALLS, 6);
            memory.buffer().put(0, "abcdef".getBytes(StandardCharsets.US_ASCII));
            IovecArray iovecs = new IovecArray(RealBinding.BINDING);
            iovecs.add(memory.address() + 3, 3);
            iovecs.add(memory.address(), 3);
            assertThat(pair.client().writev(iovecs.address(), iovecs.count())).isEqualTo(6);
            assertThat(loopback.read(pair.server(), 6))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("defabc");
        }
    }

    @Test
    void connectionRefused() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket listener = loopback.listener();
            InetSocketAddress nobody = (InetSocketAddress) listener.localAddress();
            listener.close();
            NativeSocket socket = loopback.socket();
            try {
                if (!socket.connect(nobody)) {
                    loopback.await(socket, PLATFORM.file().POLLOUT());
                    int error = socket.error();
                    assertThat(error).isEqualTo(ERRNO.ECONNREFUSED());
                    throw SocketErrors.connect(RealBinding.BINDING, error);
                }
            } catch (ConnectException e) {
                assertThat(e).hasMessage("Connection refused").hasCauseInstanceOf(KQueueIoException.class);
                assertThat(socket.error()).as("the error was taken").isZero();
                return;
            }
            throw new AssertionError("connected to nobody");
        }
    }

    @Test
    void aConnectedSocketDoesNotConnectAgain() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket listener = loopback.listener();
            Loopback.Pair pair = loopback.pair(listener);
            InetSocketAddress address = (InetSocketAddress) listener.localAddress();
            // Linux answers the first one with 0 if the connection was not there at once (connect(2)).
            try {
                assertThat(pair.client().connect(address)).isTrue();
            } catch (AlreadyConnectedException e) {
                assertThat(e).hasCauseInstanceOf(KQueueIoException.class);
            }
            assertThatThrownBy(() -> pair.client().connect(address)).isInstanceOf(AlreadyConnectedException.class);
        }
    }

    @Test
    void addressInUse() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            InetSocketAddress taken = (InetSocketAddress) loopback.listener().localAddress();
            NativeSocket second = loopback.socket();
            assertThatThrownBy(() -> second.bind(taken))
                    .isExactlyInstanceOf(BindException.class)
                    .hasMessage("Address already in use")
                    .hasCauseInstanceOf(KQueueIoException.class);
        }
    }

    @Test
    void addressOfSomebodyElse() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            // TEST-NET-1 (RFC 5737) is nobody's.
            InetSocketAddress foreign = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0);
            assertThatThrownBy(() -> socket.bind(foreign)).isExactlyInstanceOf(BindException.class);
        }
    }

    @Test
    void addressesOfOtherKinds() throws IOException {
        try (Loopback loopback = new Loopback(SocketProtocolFamily.INET)) {
            NativeSocket socket = loopback.socket();
            assertThatThrownBy(() -> socket.bind(new DomainSocketAddress("/tmp/none")))
                    .isInstanceOf(UnsupportedAddressTypeException.class);
            assertThatThrownBy(() -> socket.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0)))
                    .isInstanceOf(UnsupportedAddressTypeException.class);
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("nowhere", 1)))
                    .isInstanceOf(UnresolvedAddressException.class);
            assertThat(socket.localAddress()).isNull();
        }
    }

    @Test
    void halfClose() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            Loopback.Pair pair = loopback.pair();
            NativeSocket client = pair.client();
            client.shutdown(false, true);
            assertThat(client.isOutputShutdown()).isTrue();
            assertThat(client.isInputShutdown()).isFalse();
            assertThat(client.isShutdown()).isFalse();
            NativeMemory memory = NativeMemory.allocate(SYSCALLS, 8);
            loopback.awaitReadable(pair.server());
            assertThat(pair.server().read(memory.address(), 8)).isZero();
            assertThat(client.write(memory.address(), 1)).isEqualTo(-ERRNO.EPIPE());
            loopback.write(pair.server(), "still");
            assertThat(loopback.read(client, 5))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("still");
            client.shutdown(true, true);
            assertThat(client.isShutdown()).isTrue();
        }
    }

    @Test
    void whatIsNotConnectedCannotBeShutDown() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket listener = loopback.listener();
            NativeSocket socket = loopback.socket();
            assertThatThrownBy(() -> socket.shutdown(true, false)).isInstanceOf(NotYetConnectedException.class);
            assertThatThrownBy(() -> socket.shutdown(false, true)).isInstanceOf(NotYetConnectedException.class);
            socket.connect(listener.localAddress());
            assertThat(socket.isInputShutdown()).isFalse();
            assertThat(socket.isOutputShutdown()).isFalse();
        }
    }

    @Test
    void reset() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            Loopback.Pair pair = loopback.pair();
            pair.client().setOption(SocketOption.SO_LINGER, 0);
            pair.client().close();
            loopback.awaitReadable(pair.server());
            NativeMemory memory = NativeMemory.allocate(SYSCALLS, 8);
            assertThat(pair.server().read(memory.address(), 8)).isEqualTo(-ERRNO.ECONNRESET());
            assertThat(pair.server().remoteAddress()).isNull();
        }
    }

    @Test
    void descriptorsOfOthersAreTakenOver() throws IOException {
        int fd = SYSCALLS.socket(CONSTANTS.AF_INET(), CONSTANTS.SOCK_STREAM(), 0);
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.closedLater(NativeSocket.adopt(RealBinding.BINDING, fd));
            assertThat(socket.family()).isEqualTo(SocketProtocolFamily.INET);
            FileConstants file = PLATFORM.file();
            assertThat(SYSCALLS.fcntl(fd, file.F_GETFL(), 0) & file.O_NONBLOCK())
                    .isNotZero();
            assertThat((FileDescriptor) socket).isEqualTo(new FileDescriptor(fd));
            NativeSocket six = loopback.socket();
            assertThat(six.family()).isEqualTo(SocketProtocolFamily.INET6);
            assertThat(NativeSocket.adopt(RealBinding.BINDING, six.intValue()).family())
                    .isEqualTo(SocketProtocolFamily.INET6);
        }
    }

    @Test
    void whatIsNoSocketIsNotTakenOver() {
        int epoll = SYSCALLS.epollCreate1(0);
        assertThatThrownBy(() -> NativeSocket.adopt(RealBinding.BINDING, epoll))
                .isInstanceOf(KQueueIoException.class)
                .hasMessageContaining("ENOTSOCK");
        assertThat(SYSCALLS.close(epoll)).as("it was left open").isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP_NODELAY", "SO_KEEPALIVE", "SO_REUSEADDR", "SO_REUSEPORT", "TCP_NOPUSH"})
    void flags(SocketOption option) throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            assertThat(socket.option(option)).isZero();
            socket.setOption(option, 1);
            assertThat(socket.option(option)).isEqualTo(1);
            socket.setOption(option, 0);
            assertThat(socket.option(option)).isZero();
        }
    }

    @Test
    void linger() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            assertThat(socket.option(SocketOption.SO_LINGER)).isEqualTo(-1);
            for (int seconds : new int[] {0, 1, 300, -1}) {
                socket.setOption(SocketOption.SO_LINGER, seconds);
                assertThat(socket.option(SocketOption.SO_LINGER)).isEqualTo(seconds);
            }
        }
    }

    @Test
    void keepAliveTimes() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            socket.setOption(SocketOption.TCP_KEEPIDLE, 77);
            socket.setOption(SocketOption.TCP_KEEPINTVL, 11);
            socket.setOption(SocketOption.TCP_KEEPCNT, 5);
            assertThat(socket.option(SocketOption.TCP_KEEPIDLE)).isEqualTo(77);
            assertThat(socket.option(SocketOption.TCP_KEEPINTVL)).isEqualTo(11);
            assertThat(socket.option(SocketOption.TCP_KEEPCNT)).isEqualTo(5);
        }
    }

    @Test
    void bufferSizes() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            socket.setOption(SocketOption.SO_RCVBUF, 20_000);
            socket.setOption(SocketOption.SO_SNDBUF, 30_000);
            // Linux doubles them (socket(7)), others do not.
            assertThat(socket.option(SocketOption.SO_RCVBUF)).isIn(20_000, 40_000);
            assertThat(socket.option(SocketOption.SO_SNDBUF)).isIn(30_000, 60_000);
            assertThat(socket.option(SocketOption.SO_SNDLOWAT)).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void trafficClass(SocketProtocolFamily family) throws IOException {
        try (Loopback loopback = new Loopback(family)) {
            NativeSocket socket = loopback.socket();
            socket.setOption(SocketOption.IP_TOS, 0x20);
            assertThat(socket.option(SocketOption.IP_TOS)).isEqualTo(0x20);
            // What goes to mapped addresses, where the kernel tells them apart.
            assertThat(socket.intOption(CONSTANTS.IPPROTO_IP(), CONSTANTS.IP_TOS()))
                    .isEqualTo(0x20);
        }
    }

    @Test
    void fastOpenOfAListener() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket listener = loopback.listener();
            listener.setOption(SocketOption.TCP_FASTOPEN, 16);
            assertThat(listener.option(SocketOption.TCP_FASTOPEN)).isPositive();
        }
    }

    @Test
    void optionsByNumber() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            socket.setIntOption(CONSTANTS.SOL_SOCKET(), CONSTANTS.SO_KEEPALIVE(), 1);
            assertThat(socket.option(SocketOption.SO_KEEPALIVE)).isEqualTo(1);
            assertThat(socket.intOption(CONSTANTS.SOL_SOCKET(), CONSTANTS.SO_KEEPALIVE()))
                    .isNotZero();

            ByteBuffer linger = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
            linger.putInt(4, 1).putInt(8, 42).position(4);
            socket.setRawOption(CONSTANTS.SOL_SOCKET(), CONSTANTS.SO_LINGER(), linger);
            assertThat(linger.position()).isEqualTo(4);
            assertThat(socket.option(SocketOption.SO_LINGER)).isEqualTo(42);
            ByteBuffer direct = ByteBuffer.allocateDirect(20).order(ByteOrder.nativeOrder());
            direct.position(6);
            socket.rawOption(CONSTANTS.SOL_SOCKET(), CONSTANTS.SO_LINGER(), direct);
            assertThat(direct.position()).as("behind what the kernel wrote").isEqualTo(14);
            assertThat(direct.getInt(6)).isNotZero();
            assertThat(direct.getInt(10)).isEqualTo(42);
        }
    }

    @Test
    void valuesLargerThanTheScratchMemory() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            ByteBuffer large = ByteBuffer.allocate(1000).order(ByteOrder.nativeOrder());
            socket.rawOption(CONSTANTS.SOL_SOCKET(), CONSTANTS.SO_KEEPALIVE(), large);
            assertThat(large.position()).isEqualTo(4);
            large.clear().putInt(0, 1);
            socket.setRawOption(CONSTANTS.SOL_SOCKET(), CONSTANTS.SO_KEEPALIVE(), large);
            assertThat(socket.option(SocketOption.SO_KEEPALIVE)).isEqualTo(1);
        }
    }

    @Test
    void anOptionThatTheKernelRefuses() throws IOException {
        try (Loopback loopback = new Loopback(null)) {
            NativeSocket socket = loopback.socket();
            assertThatThrownBy(() -> socket.setIntOption(CONSTANTS.SOL_SOCKET(), 9999, 1))
                    .isInstanceOf(KQueueIoException.class)
                    .hasMessage("setsockopt(..) failed: ENOPROTOOPT (Socket option not available)");
            assertThatThrownBy(() -> socket.intOption(CONSTANTS.SOL_SOCKET(), 9999))
                    .isInstanceOf(KQueueIoException.class);
        }
    }
}
