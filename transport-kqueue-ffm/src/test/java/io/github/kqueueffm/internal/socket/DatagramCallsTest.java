// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.testing.Records;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which system calls are made for datagrams, and what becomes of their answers. No call here is a real one. */
@Timeout(120)
class DatagramCallsTest {

    private static final int FD = 77;

    private final Platform netbsd = TestPlatforms.named("netbsd-amd64");
    private final Platform quiet =
            Records.with(netbsd, "traits", Records.with(netbsd.traits(), "batchErrorSticks", false));
    private final Errno errno = netbsd.errno();

    private final class Fixture {

        final ScriptedCalls script;
        final NativeSocket socket;
        final DatagramCalls calls;
        final MessageArray received;
        final MessageArray sent;

        Fixture(Platform platform) {
            this(platform, SocketProtocolFamily.INET);
        }

        Fixture(Platform platform, SocketProtocolFamily family) {
            script = new ScriptedCalls(platform).answer("close", 0);
            socket = new NativeSocket(script.binding(), FD, family);
            calls = new DatagramCalls(socket);
            received = new MessageArray(script.binding(), CFunction.RECVMMSG, 8);
            sent = new MessageArray(script.binding(), CFunction.SENDMMSG, 8);
        }

        /** The pending error, which goes when it is asked for. */
        void pendingError(int first) {
            int[] left = {first};
            script.answer("getsockopt", arguments -> {
                SocketSystem.of(script.binding()).scratch().value(4).buffer().putInt(0, left[0]);
                left[0] = 0;
                return 0;
            });
        }
    }

    @Test
    void oneByRecvmsgMoreByRecvmmsg() {
        Fixture fixture = new Fixture(quiet);
        fixture.script.answer("recvmsg", 9).answer("recvmmsg", 3);
        assertThat(fixture.calls.receive(fixture.received, 1)).isEqualTo(1);
        assertThat(fixture.received.length(0)).isEqualTo(9);
        assertThat(fixture.calls.receive(fixture.received, 3)).isEqualTo(3);
        fixture.script.answer("recvmsg", 0);
        assertThat(fixture.calls.receive(fixture.received, 1))
                .as("an empty datagram")
                .isEqualTo(1);
        assertThat(fixture.received.length(0)).isZero();
        assertThat(fixture.script.log()).containsExactly("recvmsg(77, 0)", "recvmmsg(77, 3, 0)", "recvmsg(77, 0)");
    }

    @Test
    void oneBySendmsgMoreBySendmmsg() {
        Fixture fixture = new Fixture(quiet);
        fixture.script.answer("sendmsg", 0).answer("sendmmsg", 2);
        assertThat(fixture.calls.send(fixture.sent, 1)).as("an empty datagram").isEqualTo(1);
        assertThat(fixture.calls.send(fixture.sent, 4)).isEqualTo(2);
        assertThat(fixture.script.log()).containsExactly("sendmsg(77, 0)", "sendmmsg(77, 4, 0)");
    }

    @Test
    void interruptedCallsAreMadeAgain() {
        Fixture fixture = new Fixture(quiet);
        for (String name : new String[] {"recvmsg", "recvmmsg", "sendmsg", "sendmmsg"}) {
            int[] calls = {0};
            fixture.script.answer(name, arguments -> ++calls[0] < 3 ? -errno.EINTR() : 1);
        }
        assertThat(fixture.calls.receive(fixture.received, 1)).isEqualTo(1);
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(1);
        assertThat(fixture.calls.send(fixture.sent, 1)).isEqualTo(1);
        assertThat(fixture.calls.send(fixture.sent, 2)).isEqualTo(1);
        assertThat(fixture.script.log()).hasSize(12);
    }

    @Test
    void aKernelWithoutTheBatchCallsIsAskedOnce() {
        Fixture fixture = new Fixture(quiet);
        fixture.script
                .answer("recvmmsg", -errno.ENOSYS())
                .answer("sendmmsg", -errno.ENOSYS())
                .answer("recvmsg", 4)
                .answer("sendmsg", 4);
        assertThat(fixture.calls.receive(fixture.received, 5)).isEqualTo(1);
        assertThat(fixture.received.length(0)).isEqualTo(4);
        assertThat(fixture.received.capacity()).isEqualTo(1);
        assertThat(fixture.calls.send(fixture.sent, 5)).isEqualTo(1);
        assertThat(fixture.sent.capacity()).isEqualTo(1);
        assertThat(fixture.script.log())
                .containsExactly("recvmmsg(77, 5, 0)", "recvmsg(77, 0)", "sendmmsg(77, 5, 0)", "sendmsg(77, 0)");
    }

    @Test
    void errorsAreAnswers() {
        Fixture fixture = new Fixture(quiet);
        fixture.script
                .answer("recvmmsg", -errno.EAGAIN())
                .answer("recvmsg", -errno.ECONNREFUSED())
                .answer("sendmmsg", -errno.ENOBUFS())
                .answer("sendmsg", -errno.EMSGSIZE());
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(-errno.EAGAIN());
        assertThat(fixture.calls.receive(fixture.received, 1)).isEqualTo(-errno.ECONNREFUSED());
        assertThat(fixture.calls.send(fixture.sent, 2)).isEqualTo(-errno.ENOBUFS());
        assertThat(fixture.calls.send(fixture.sent, 1)).isEqualTo(-errno.EMSGSIZE());
        assertThat(fixture.script.log()).hasSize(4);
    }

    @Test
    void afterCloseNoCallReachesTheDescriptor() throws IOException {
        Fixture fixture = new Fixture(netbsd);
        fixture.socket.close();
        fixture.script.clearLog();
        assertThat(fixture.calls.receive(fixture.received, 1)).isEqualTo(-errno.EBADF());
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(-errno.EBADF());
        assertThat(fixture.calls.send(fixture.sent, 1)).isEqualTo(-errno.EBADF());
        assertThat(fixture.calls.send(fixture.sent, 2)).isEqualTo(-errno.EBADF());
        assertThatThrownBy(fixture.calls::disconnect).isInstanceOf(ClosedChannelException.class);
        assertThat(fixture.script.log()).isEmpty();
    }

    @Test
    void theErrorThatABatchLeavesIsTakenAway() {
        Fixture fixture = new Fixture(netbsd);
        fixture.script.answer("recvmmsg", 1);
        fixture.pendingError(errno.EAGAIN());
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(1);
        assertThat(fixture.script.count("getsockopt")).isEqualTo(1);
        assertThat(fixture.calls.isErrorPending()).isFalse();

        fixture.script.answer("sendmmsg", -errno.EMSGSIZE());
        fixture.pendingError(errno.EMSGSIZE());
        assertThat(fixture.calls.send(fixture.sent, 2)).isEqualTo(-errno.EMSGSIZE());
        assertThat(fixture.script.count("getsockopt")).isEqualTo(2);
        assertThat(fixture.calls.isErrorPending()).isFalse();
    }

    @Test
    void aBatchThatIsFilledLeavesNothing() {
        Fixture fixture = new Fixture(netbsd);
        fixture.script.answer("recvmmsg", 2).answer("sendmmsg", 2).answer("recvmsg", -errno.EAGAIN());
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(2);
        assertThat(fixture.calls.send(fixture.sent, 2)).isEqualTo(2);
        assertThat(fixture.calls.receive(fixture.received, 1)).as("no batch").isEqualTo(-errno.EAGAIN());
        assertThat(fixture.script.count("getsockopt")).isZero();
    }

    @Test
    void anotherErrorThatIsFoundThereIsToldLater() {
        Fixture fixture = new Fixture(netbsd);
        fixture.script.answer("recvmmsg", 1);
        fixture.pendingError(errno.ECONNREFUSED());
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(1);
        assertThat(fixture.calls.isErrorPending()).isTrue();
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(-errno.ECONNREFUSED());
        assertThat(fixture.calls.isErrorPending()).isFalse();
        assertThat(fixture.calls.receive(fixture.received, 2)).isEqualTo(1);
    }

    @Test
    void disconnectsByConnectingToNobody() throws IOException {
        for (Map.Entry<SocketProtocolFamily, Integer> family : Map.of(
                        SocketProtocolFamily.INET, 16, SocketProtocolFamily.INET6, 28, SocketProtocolFamily.UNIX, 106)
                .entrySet()) {
            Fixture fixture = new Fixture(netbsd, family.getKey());
            byte[] head = new byte[2];
            fixture.script.answer("connect", arguments -> {
                ByteBuffer address = SocketSystem.of(fixture.script.binding())
                        .scratch()
                        .address
                        .buffer();
                address.get(0, head);
                return 0;
            });
            fixture.calls.disconnect();
            assertThat(fixture.script.log()).containsExactly("connect(77, " + family.getValue() + ")");
            assertThat(head).as("length and AF_UNSPEC").containsExactly(family.getValue(), 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EAFNOSUPPORT", "EINVAL", "ENOENT"})
    void complaintsOfASocketThatHasLostItsPeerDoNotCount(String complaint) throws Exception {
        Fixture fixture = new Fixture(netbsd);
        int number = (int) Errno.class.getMethod(complaint).invoke(errno);
        fixture.script.answer("connect", -number).answer("getpeername", -errno.ENOTCONN());
        assertThatCode(fixture.calls::disconnect).doesNotThrowAnyException();
        fixture.script.answer("getpeername", arguments -> {
            ByteBuffer address =
                    SocketSystem.of(fixture.script.binding()).scratch().address.buffer();
            new SocketAddressCodec(netbsd)
                    .encode(new InetSocketAddress("127.0.0.1", 9), SocketProtocolFamily.INET, address, 0);
            return 0;
        });
        assertThatThrownBy(fixture.calls::disconnect)
                .isInstanceOf(KQueueIoException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void disconnectxWhereThereIsOne() throws IOException {
        Fixture fixture = new Fixture(TestPlatforms.named("darwin-amd64"));
        fixture.script.answer("disconnectx", 0);
        fixture.calls.disconnect();
        assertThat(fixture.script.log()).containsExactly("disconnectx(77, 0, 0)");
    }

    @Test
    void exceptions() {
        DatagramCalls calls = new Fixture(netbsd).calls;
        assertThat(calls.failure("recvmsg", errno.ECONNREFUSED(), true))
                .isInstanceOf(PortUnreachableException.class)
                .hasCauseInstanceOf(KQueueIoException.class);
        assertThat(calls.failure("recvmsg", errno.ECONNREFUSED(), false)).isInstanceOf(KQueueIoException.class);
        assertThat(calls.failure("sendmsg", errno.EDESTADDRREQ(), false)).isInstanceOf(NotYetConnectedException.class);
        assertThat(calls.failure("sendmsg", errno.ENOTCONN(), false)).isInstanceOf(NotYetConnectedException.class);
        assertThat(calls.failure("sendmsg", errno.EISCONN(), true)).isInstanceOf(AlreadyConnectedException.class);
        assertThat(calls.failure("sendmsg", errno.EBADF(), true)).isInstanceOf(ClosedChannelException.class);
        assertThat(calls.failure("sendmsg", errno.EMSGSIZE(), true))
                .isInstanceOf(KQueueIoException.class)
                .hasMessageContaining("EMSGSIZE");
        DatagramCalls unix = new Fixture(netbsd, SocketProtocolFamily.UNIX).calls;
        assertThat(unix.failure("sendmsg", errno.ECONNREFUSED(), true)).isNotInstanceOf(PortUnreachableException.class);
    }

    @Test
    void recipientsInARowAreEncodedAlike() {
        Fixture fixture = new Fixture(netbsd);
        SocketAddressCodec codec = new SocketAddressCodec(netbsd);
        MessageArray array = fixture.sent;
        InetSocketAddress one = new InetSocketAddress("127.0.0.1", 1000);
        InetSocketAddress two = new InetSocketAddress("10.0.0.2", 1001);
        InetSocketAddress[] row = {one, one, two, two, one};
        for (int i = 0; i < row.length; i++) {
            assertThat(fixture.calls.name(row[i], array, i)).isEqualTo(16);
            assertThat(codec.decode(array.memory(), array.name(i), 16)).isEqualTo(row[i]);
        }
        InetSocketAddress six = new InetSocketAddress("::1", 9);
        assertThatThrownBy(() -> fixture.calls.name(six, array, 0)).isInstanceOf(UnsupportedAddressTypeException.class);
        assertThat(fixture.calls.name(one, array, 5)).isEqualTo(16);
        assertThat(codec.decode(array.memory(), array.name(5), 16)).isEqualTo(one);
    }

    @Test
    void sendersInARowAreOneObject() {
        Fixture fixture = new Fixture(netbsd);
        SocketAddressCodec codec = new SocketAddressCodec(netbsd);
        MessageArray array = fixture.received;
        InetSocketAddress one = new InetSocketAddress("127.0.0.1", 1000);
        InetSocketAddress two = new InetSocketAddress("127.0.0.1", 1001);
        InetSocketAddress[] row = {one, one, two, one};
        Object[] senders = new Object[row.length];
        for (int i = 0; i < row.length; i++) {
            array.receive(i, 0, 0);
            int length = codec.encode(row[i], SocketProtocolFamily.INET, array.memory(), array.name(i));
            array.memory().putInt(i * 56 + 8, length);
            senders[i] = fixture.calls.sender(array, i);
            assertThat(senders[i]).isEqualTo(row[i]);
        }
        assertThat(senders[1]).isSameAs(senders[0]);
        assertThat(senders[3]).isNotSameAs(senders[0]);
        array.memory().putInt(8, 0);
        assertThat(fixture.calls.sender(array, 0)).as("no address").isNull();
        array.memory().putInt(8, 16);
        assertThat(fixture.calls.sender(array, 0)).isEqualTo(one);
    }
}
