// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.NetUtil;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** NetBSD's numbers over a kernel that the tests play themselves: no call here is a real one. */
class Inet6SupportTest {

    private final Platform platform = TestPlatforms.named("netbsd-amd64");
    private final SocketConstants constants = platform.socket();
    private final Errno errno = platform.errno();

    private boolean v6Only;
    private int nextDescriptor = 100;

    private final ScriptedCalls calls = new ScriptedCalls(platform)
            .answer("socket", arguments -> nextDescriptor++)
            .answer("bind", 0)
            .answer("getsockopt", arguments -> {
                assertThat(arguments[2]).isEqualTo(constants.IPV6_V6ONLY());
                return storeV6Only();
            })
            .answer("setsockopt", 0)
            .answer("close", 0);

    @BeforeEach
    void notOverruled() {
        assumeFalse(NetUtil.isIpV4StackPreferred(), "java.net.preferIPv4Stack decides");
    }

    /** The value's memory is the caller's scratch, reached as the kernel would not be able to from here. */
    private int storeV6Only() {
        SocketSystem.of(calls.binding()).scratch().value(4).buffer().putInt(0, v6Only ? 1 : 0);
        return 0;
    }

    private int domainOf(NativeSocket socket) {
        return socket.family() == SocketProtocolFamily.INET6 ? constants.AF_INET6() : constants.AF_INET();
    }

    private String setV6Only(int fd) {
        return "setsockopt(" + fd + ", " + constants.IPPROTO_IPV6() + ", " + constants.IPV6_V6ONLY() + ", 4)";
    }

    @Test
    void dualStackByDefaultNeedsNoCallForEachSocket() throws IOException {
        NativeSocket first = NativeSocket.newStream(calls.binding(), null);
        assertThat(domainOf(first)).isEqualTo(constants.AF_INET6());
        calls.clearLog();
        NativeSocket second = NativeSocket.newStream(calls.binding(), null);
        int flags = constants.SOCK_STREAM() | constants.SOCK_NONBLOCK() | constants.SOCK_CLOEXEC();
        assertThat(calls.log()).containsExactly("socket(" + constants.AF_INET6() + ", " + flags + ", 0)");
        assertThat(second.family()).isEqualTo(SocketProtocolFamily.INET6);
    }

    @Test
    void v6OnlyIsTakenOffWhereItIsTheDefault() throws IOException {
        v6Only = true;
        NativeSocket.newStream(calls.binding(), null);
        calls.clearLog();
        NativeSocket socket = NativeSocket.newStream(calls.binding(), null);
        assertThat(socket.family()).isEqualTo(SocketProtocolFamily.INET6);
        assertThat(calls.log()).hasSize(2).contains(setV6Only(socket.intValue()));
    }

    @Test
    void aSystemWithoutDualStackGetsIpv4() throws IOException {
        v6Only = true;
        calls.answer("setsockopt", -errno.EINVAL());
        assertThat(NativeSocket.newStream(calls.binding(), null).family()).isEqualTo(SocketProtocolFamily.INET);
        // Who asks for IPv6 gets IPv6, and nothing is set in vain.
        calls.clearLog();
        NativeSocket six = NativeSocket.newStream(calls.binding(), SocketProtocolFamily.INET6);
        assertThat(six.family()).isEqualTo(SocketProtocolFamily.INET6);
        assertThat(calls.log()).hasSize(1);
    }

    @Test
    void aSystemWithoutIpv6GetsIpv4() throws IOException {
        calls.answer(
                "socket",
                arguments -> (int) arguments[0] == constants.AF_INET6() ? -errno.EAFNOSUPPORT() : nextDescriptor++);
        assertThat(NativeSocket.newStream(calls.binding(), null).family()).isEqualTo(SocketProtocolFamily.INET);
        assertThatThrownBy(() -> NativeSocket.newStream(calls.binding(), SocketProtocolFamily.INET6))
                .isInstanceOf(KQueueIoException.class)
                .hasMessageContaining("EAFNOSUPPORT");
    }

    @Test
    void ipv6WithoutAnInterfaceIsNotUsed() throws IOException {
        calls.answer("bind", -errno.EADDRNOTAVAIL());
        assertThat(NativeSocket.newStream(calls.binding(), null).family()).isEqualTo(SocketProtocolFamily.INET);
    }

    @Test
    void wantOfDescriptorsSaysNothingAboutIpv6() throws IOException {
        calls.answer("socket", -errno.EMFILE());
        assertThatThrownBy(() -> NativeSocket.newStream(calls.binding(), null))
                .isInstanceOf(KQueueIoException.class)
                .hasMessageContaining("EMFILE");
        calls.answer("socket", arguments -> nextDescriptor++);
        assertThat(NativeSocket.newStream(calls.binding(), null).family()).isEqualTo(SocketProtocolFamily.INET6);
    }

    @Test
    void theSocketOfTheTrialIsClosed() throws IOException {
        NativeSocket.newStream(calls.binding(), null);
        assertThat(calls.log()).contains("close(100)").doesNotContain("close(101)");
    }

    @Test
    void aSocketThatCannotBeMadeReadyIsClosed() throws IOException {
        v6Only = true;
        NativeSocket.newStream(calls.binding(), null);
        calls.answer("setsockopt", -errno.ENOBUFS());
        int next = nextDescriptor;
        assertThatThrownBy(() -> NativeSocket.newStream(calls.binding(), null)).isInstanceOf(KQueueIoException.class);
        assertThat(calls.log()).endsWith("close(" + next + ")");
    }
}
