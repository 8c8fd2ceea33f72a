// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.MulticastConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.socket.MulticastGroups.Change;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which options are set for multicast, and to what, on systems other than this one as well. No call here is a real one. */
@Timeout(120)
class MulticastCallsTest {

    private static final int FD = 77;

    private InetAddress group4;
    private InetAddress source4;
    private InetAddress group6;
    private InetAddress source6;
    private NetworkInterface loopback;

    @BeforeEach
    void addresses() throws IOException {
        group4 = InetAddress.getByName("239.1.2.3");
        source4 = InetAddress.getByName("192.0.2.5");
        group6 = InetAddress.getByName("ff15::7");
        source6 = InetAddress.getByName("2001:db8::1");
        loopback = NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1"));
        assertThat(loopback).isNotNull();
    }

    private static final class Fixture {

        final Platform platform;
        final MulticastConstants options;
        final SocketConstants constants;
        final Errno errno;
        final ScriptedCalls script;
        final MulticastOptions multicast;
        final MulticastGroups groups;
        final List<String> set = new ArrayList<>();

        /** What calls at level IPPROTO_IP answer. */
        int answer4;

        Fixture(String id, SocketProtocolFamily family) {
            platform = TestPlatforms.named(id);
            options = platform.multicast();
            constants = platform.socket();
            errno = platform.errno();
            script = new ScriptedCalls(platform);
            NativeSocket socket = new NativeSocket(script.binding(), FD, family);
            multicast = new MulticastOptions(socket);
            groups = new MulticastGroups(socket, multicast);
            script.answer("setsockopt", arguments -> {
                byte[] value = new byte[(int) arguments[4]];
                memory().get(0, value);
                set.add(arguments[1] + "/" + arguments[2] + "=" + HexFormat.of().formatHex(value));
                return (int) arguments[1] == constants.IPPROTO_IP() ? answer4 : 0;
            });
        }

        ByteBuffer memory() {
            return SocketSystem.of(script.binding()).scratch().value(1).buffer();
        }

        void answers(byte... value) {
            script.answer("getsockopt", arguments -> {
                memory().put(0, value);
                return 0;
            });
        }

        String ip(int option, String value) {
            return constants.IPPROTO_IP() + "/" + option + "=" + value;
        }

        String ip6(int option, String value) {
            return constants.IPPROTO_IPV6() + "/" + option + "=" + value;
        }
    }

    @Test
    void valuesOfOneByteWhereTheSystemWantsThem() throws IOException {
        Fixture netbsd = new Fixture("netbsd-amd64", SocketProtocolFamily.INET);
        netbsd.multicast.setTimeToLive(200);
        netbsd.multicast.setLoopback(true);
        netbsd.multicast.setLoopback(false);
        netbsd.multicast.receiveOwnGroupsOnly();
        assertThat(netbsd.set)
                .containsExactly(
                        netbsd.ip(netbsd.options.IP_MULTICAST_TTL(), "c8"),
                        netbsd.ip(netbsd.options.IP_MULTICAST_LOOP(), "01"),
                        netbsd.ip(netbsd.options.IP_MULTICAST_LOOP(), "00"));
        netbsd.answers((byte) 200);
        assertThat(netbsd.multicast.timeToLive()).isEqualTo(200);
        assertThat(netbsd.multicast.isLoopback()).isTrue();
        netbsd.answers((byte) 0);
        assertThat(netbsd.multicast.isLoopback()).isFalse();
    }

    @Test
    void valuesOfFourBytesOnLinux() throws IOException {
        Fixture linux = new Fixture("linux-amd64", SocketProtocolFamily.INET);
        linux.multicast.setTimeToLive(1);
        linux.multicast.receiveOwnGroupsOnly();
        assertThat(linux.set).hasSize(2).allMatch(call -> call.matches("\\d+/\\d+=[01]{8}"));
        assertThat(linux.set.get(1)).isEqualTo(linux.ip(linux.options.IP_MULTICAST_ALL(), "00000000"));
    }

    @Test
    void timeToLiveOutOfRange() {
        Fixture linux = new Fixture("linux-amd64", SocketProtocolFamily.INET);
        for (int hops : new int[] {-1, 256}) {
            assertThatThrownBy(() -> linux.multicast.setTimeToLive(hops)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(linux.set).isEmpty();
    }

    @Test
    void aSocketForBothVersionsHasBoth() throws IOException {
        Fixture linux = new Fixture("linux-amd64", SocketProtocolFamily.INET6);
        linux.multicast.setLoopback(false);
        linux.multicast.setNetworkInterface(loopback);
        linux.multicast.receiveOwnGroupsOnly();
        assertThat(linux.set.get(0)).isEqualTo(linux.ip6(linux.options.IPV6_MULTICAST_LOOP(), "00000000"));
        assertThat(linux.set.get(1)).isEqualTo(linux.ip(linux.options.IP_MULTICAST_LOOP(), "00000000"));
        assertThat(linux.set.get(2)).startsWith(linux.ip6(linux.options.IPV6_MULTICAST_IF(), ""));
        assertThat(linux.set.get(3)).isEqualTo(linux.ip(linux.options.IP_MULTICAST_IF(), "7f000001"));
        assertThat(linux.set.get(4)).isEqualTo(linux.ip(linux.options.IP_MULTICAST_ALL(), "00000000"));
        assertThat(linux.set.get(5)).isEqualTo(linux.ip6(linux.options.IPV6_MULTICAST_ALL(), "00000000"));
    }

    @Test
    void aSocketForBothVersionsWithoutTheOptionsOfIpv4() throws IOException {
        Fixture netbsd = new Fixture("netbsd-amd64", SocketProtocolFamily.INET6);
        netbsd.answer4 = -netbsd.errno.ENOPROTOOPT();
        netbsd.multicast.setTimeToLive(3);
        netbsd.answer4 = -netbsd.errno.EINVAL();
        netbsd.multicast.setTimeToLive(3);
        assertThat(netbsd.set).hasSize(4);
        netbsd.answer4 = -netbsd.errno.ENOBUFS();
        assertThatThrownBy(() -> netbsd.multicast.setTimeToLive(3)).isInstanceOf(KQueueIoException.class);
    }

    @Test
    void anIpv4SocketMustTakeTheOption() {
        Fixture netbsd = new Fixture("netbsd-amd64", SocketProtocolFamily.INET);
        netbsd.answer4 = -netbsd.errno.EINVAL();
        assertThatThrownBy(() -> netbsd.multicast.setTimeToLive(3)).isInstanceOf(KQueueIoException.class);
    }

    @Test
    void theInterface() throws IOException {
        Fixture four = new Fixture("netbsd-amd64", SocketProtocolFamily.INET);
        four.answers((byte) 127, (byte) 0, (byte) 0, (byte) 1);
        assertThat(four.multicast.networkInterface()).isEqualTo(loopback);
        assertThat(four.multicast.interfaceAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        four.answers((byte) 0, (byte) 0, (byte) 0, (byte) 0);
        assertThat(four.multicast.networkInterface()).isNull();
        assertThat(four.multicast.interfaceAddress()).isNull();
        four.multicast.setInterfaceAddress(InetAddress.getByName("127.0.0.1"));
        four.multicast.setInterfaceAddress(InetAddress.getByName("0.0.0.0"));
        assertThat(four.set)
                .containsExactly(
                        four.ip(four.options.IP_MULTICAST_IF(), "7f000001"),
                        four.ip(four.options.IP_MULTICAST_IF(), "00000000"));
        assertThatThrownBy(() -> four.multicast.setInterfaceAddress(source4))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("192.0.2.5");
        Fixture six = new Fixture("netbsd-amd64", SocketProtocolFamily.INET6);
        six.answers((byte) 0, (byte) 0, (byte) 0, (byte) 0);
        assertThat(six.multicast.networkInterface()).isNull();
        assertThat(six.multicast.interfaceAddress()).isNull();
    }

    @Test
    void groupsOfAnySource() throws IOException {
        Fixture four = new Fixture("netbsd-amd64", SocketProtocolFamily.INET);
        four.groups.change(Change.JOIN, group4, loopback, null);
        four.groups.change(Change.LEAVE, group4, null, null);
        assertThat(four.set)
                .containsExactly(
                        four.ip(four.options.IP_ADD_MEMBERSHIP(), "ef0102037f000001"),
                        four.ip(four.options.IP_DROP_MEMBERSHIP(), "ef01020300000000"));
        Fixture six = new Fixture("netbsd-amd64", SocketProtocolFamily.INET6);
        six.groups.change(Change.JOIN, group6, null, null);
        six.groups.change(Change.LEAVE, group6, null, null);
        String request = "ff15000000000000000000000000000700000000";
        assertThat(six.set)
                .containsExactly(
                        six.ip6(six.options.IPV6_JOIN_GROUP(), request),
                        six.ip6(six.options.IPV6_LEAVE_GROUP(), request));
    }

    @Test
    void ofAnIpv4GroupOnAnIpv6SocketTheMappedFormIsTriedWhereTheOtherIsRefused() throws IOException {
        Fixture six = new Fixture("netbsd-amd64", SocketProtocolFamily.INET6);
        six.answer4 = -six.errno.EINVAL();
        six.groups.change(Change.JOIN, group4, null, null);
        assertThat(six.set)
                .containsExactly(
                        six.ip(six.options.IP_ADD_MEMBERSHIP(), "ef01020300000000"),
                        six.ip6(six.options.IPV6_JOIN_GROUP(), "00000000000000000000ffffef01020300000000"));
        six.answer4 = -six.errno.EADDRINUSE();
        assertThatThrownBy(() -> six.groups.change(Change.JOIN, group4, null, null))
                .isInstanceOf(KQueueIoException.class);
        Fixture four = new Fixture("netbsd-amd64", SocketProtocolFamily.INET);
        four.answer4 = -four.errno.EINVAL();
        assertThatThrownBy(() -> four.groups.change(Change.JOIN, group4, null, null))
                .isInstanceOf(KQueueIoException.class);
    }

    @Test
    void groupsOfOneSource() throws IOException {
        Fixture four = new Fixture("linux-amd64", SocketProtocolFamily.INET);
        for (Change change : Change.values()) {
            four.groups.change(change, group4, loopback, source4);
        }
        String request = "ef0102037f000001c0000205";
        assertThat(four.set)
                .containsExactly(
                        four.ip(four.options.IP_MULTICAST_ALL(), "00000000"),
                        four.ip(four.options.IP_ADD_SOURCE_MEMBERSHIP(), request),
                        four.ip(four.options.IP_DROP_SOURCE_MEMBERSHIP(), request),
                        four.ip(four.options.IP_BLOCK_SOURCE(), request));
        Fixture six = new Fixture("linux-amd64", SocketProtocolFamily.INET6);
        for (Change change : List.of(Change.LEAVE, Change.BLOCK)) {
            six.groups.change(change, group6, null, source6);
        }
        assertThat(six.set).hasSize(2);
        assertThat(six.set.get(0)).startsWith(six.ip6(six.options.MCAST_LEAVE_SOURCE_GROUP(), "00000000"));
        assertThat(six.set.get(1)).startsWith(six.ip6(six.options.MCAST_BLOCK_SOURCE(), "00000000"));
    }

    @Test
    void aSystemWithoutSourcesIsNamed() {
        Fixture four = new Fixture("netbsd-amd64", SocketProtocolFamily.INET);
        assertThatThrownBy(() -> four.groups.change(Change.JOIN, group4, loopback, source4))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("IP_ADD_SOURCE_MEMBERSHIP is not available on netbsd-amd64");
        Fixture six = new Fixture("netbsd-amd64", SocketProtocolFamily.INET6);
        assertThatThrownBy(() -> six.groups.change(Change.BLOCK, group6, loopback, source6))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("MCAST_BLOCK_SOURCE is not available on netbsd-amd64");
        assertThat(four.set).isEmpty();
        assertThat(six.set).isEmpty();
    }

    @Test
    void addressesThatDoNotGoTogether() throws IOException {
        Fixture four = new Fixture("linux-amd64", SocketProtocolFamily.INET);
        InetAddress wildcard = InetAddress.getByName("0.0.0.0");
        for (InetAddress[] pair : new InetAddress[][] {
            {source4, null}, {group6, null}, {group4, source6}, {group4, wildcard}, {group4, group4}
        }) {
            assertThatThrownBy(() -> four.groups.change(Change.JOIN, pair[0], loopback, pair[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(four.set).isEmpty();
    }
}
