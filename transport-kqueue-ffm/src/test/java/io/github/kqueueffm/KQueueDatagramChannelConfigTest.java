// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options of a UDP socket, asked of the kernel beside the config. */
@Timeout(120)
class KQueueDatagramChannelConfigTest {

    private KQueueDatagramChannel channel = new KQueueDatagramChannel(SocketProtocolFamily.INET);

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
    }

    private KQueueDatagramChannelConfig config() {
        return channel.config();
    }

    private NativeSocket socket() {
        return channel.socket;
    }

    private void use(SocketProtocolFamily family) {
        channel.unsafe().closeForcibly();
        channel = new KQueueDatagramChannel(family);
    }

    private <T> void survives(ChannelOption<T> option, T value) {
        assertThat(config().setOption(option, value)).as("%s is taken", option).isTrue();
        assertThat(config().getOption(option)).as("%s", option).isEqualTo(value);
        assertThat(config().getOptions()).containsEntry(option, value);
    }

    @Test
    @SuppressWarnings("deprecation")
    void defaults() {
        RecvByteBufAllocator allocator = config().getRecvByteBufAllocator();
        assertThat(allocator).isInstanceOf(FixedRecvByteBufAllocator.class);
        assertThat(allocator.newHandle().guess()).isEqualTo(2048);
        assertThat(config().getMaxMessagesPerRead()).isEqualTo(16);
        assertThat(config().isAutoRead()).isTrue();
        assertThat(config().isBroadcast()).isFalse();
        assertThat(config().isReuseAddress()).isFalse();
        assertThat(config().isReusePort()).isFalse();
        assertThat(config().getTrafficClass()).isZero();
        assertThat(config().isLoopbackModeDisabled()).isFalse();
        assertThat(config().getTimeToLive()).isEqualTo(1);
        assertThat(config().getInterface()).isNull();
        assertThat(config().getNetworkInterface()).isNull();
        assertThat(config().getOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION))
                .isFalse();
        // Nothing else, from the bound of the map to its last entry, fails to be read.
        assertThat(config().getOptions())
                .containsKeys(
                        ChannelOption.SO_BROADCAST,
                        ChannelOption.SO_RCVBUF,
                        ChannelOption.SO_SNDBUF,
                        ChannelOption.SO_REUSEADDR,
                        UnixChannelOption.SO_REUSEPORT,
                        ChannelOption.IP_TOS,
                        ChannelOption.IP_MULTICAST_ADDR,
                        ChannelOption.IP_MULTICAST_IF,
                        ChannelOption.IP_MULTICAST_TTL,
                        ChannelOption.IP_MULTICAST_LOOP_DISABLED,
                        ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION);
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void optionsByTheirNettyNames(SocketProtocolFamily family) {
        use(family);
        for (boolean flag : new boolean[] {true, false}) {
            survives(ChannelOption.SO_BROADCAST, flag);
            survives(ChannelOption.SO_REUSEADDR, flag);
            survives(UnixChannelOption.SO_REUSEPORT, flag);
            survives(ChannelOption.IP_MULTICAST_LOOP_DISABLED, flag);
            survives(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, flag);
        }
        survives(ChannelOption.IP_TOS, 0x10);
        survives(ChannelOption.IP_MULTICAST_TTL, 200);
        survives(ChannelOption.IP_MULTICAST_TTL, 0);
        survives(ChannelOption.AUTO_READ, false);
    }

    @Test
    void buffers() {
        assertThat(config().setOption(ChannelOption.SO_RCVBUF, 20_000)).isTrue();
        assertThat(config().getOption(ChannelOption.SO_RCVBUF)).isIn(20_000, 40_000);
        assertThat(config().setOption(ChannelOption.SO_SNDBUF, 30_000)).isTrue();
        assertThat(config().getSendBufferSize()).isIn(30_000, 60_000);
    }

    @Test
    void whatTheKernelHas() throws Exception {
        Platform platform = socket().binding().platform();
        SocketConstants constants = platform.socket();
        config().setBroadcast(true).setReuseAddress(true).setReusePort(true).setTrafficClass(8);
        for (int option : new int[] {constants.SO_BROADCAST(), constants.SO_REUSEADDR(), constants.SO_REUSEPORT()}) {
            assertThat(socket().intOption(constants.SOL_SOCKET(), option)).isNotZero();
        }
        assertThat(socket().intOption(constants.IPPROTO_IP(), constants.IP_TOS()))
                .isEqualTo(8);
        config().setTimeToLive(7).setLoopbackModeDisabled(true);
        assertThat(socket().intOption(
                                constants.IPPROTO_IP(), platform.multicast().IP_MULTICAST_TTL()))
                .isEqualTo(7);
        assertThat(socket().intOption(
                                constants.IPPROTO_IP(), platform.multicast().IP_MULTICAST_LOOP()))
                .isZero();
        IntegerUnixChannelOption ttl = new IntegerUnixChannelOption(
                "TTL", constants.IPPROTO_IP(), platform.multicast().IP_MULTICAST_TTL());
        survivesByNumber(ttl);
    }

    private void survivesByNumber(IntegerUnixChannelOption option) {
        assertThat(config().setOption(option, 9)).isTrue();
        assertThat(config().getOption(option)).isEqualTo(9);
        assertThat(config().getTimeToLive()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void theInterfaceOfMulticast(SocketProtocolFamily family) throws Exception {
        use(family);
        InetAddress address = InetAddress.getByName("127.0.0.1");
        NetworkInterface loopback = NetworkInterface.getByInetAddress(address);
        config().setOption(ChannelOption.IP_MULTICAST_IF, loopback);
        assertThat(config().getOption(ChannelOption.IP_MULTICAST_IF)).isEqualTo(loopback);
        assertThat(NetworkInterface.getByInetAddress(config().getOption(ChannelOption.IP_MULTICAST_ADDR)))
                .isEqualTo(loopback);
        config().setInterface(InetAddress.getByName("0.0.0.0"));
        assertThat(config().getNetworkInterface()).isNull();
        config().setOption(ChannelOption.IP_MULTICAST_ADDR, address);
        assertThat(config().getNetworkInterface()).isEqualTo(loopback);
        assertThatThrownBy(() -> config().setInterface(InetAddress.getByName("192.0.2.77")))
                .isInstanceOf(ChannelException.class)
                .hasMessageContaining("192.0.2.77");
        assertThatThrownBy(() -> config().setOption(ChannelOption.IP_MULTICAST_IF, null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void loadBalancingWhereItIs() {
        boolean has =
                SocketOption.SO_REUSEPORT_LB.isSupported(socket().binding().platform());
        assertThat(config().getOptions().containsKey(KQueueChannelOption.SO_REUSEPORT_LB))
                .isEqualTo(has);
        if (has) {
            survives(KQueueChannelOption.SO_REUSEPORT_LB, true);
        } else {
            assertThatThrownBy(() -> config().setOption(KQueueChannelOption.SO_REUSEPORT_LB, true))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("SO_REUSEPORT_LB");
        }
    }

    @Test
    void optionsThatItDoesNotHave() {
        assertThat(config().setOption(ChannelOption.TCP_NODELAY, true)).isFalse();
        assertThat(config().setOption(ChannelOption.SO_BACKLOG, 1)).isFalse();
    }

    @Test
    void afterTheClose() {
        channel.unsafe().closeForcibly();
        assertThatThrownBy(() -> config().isBroadcast())
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> config().setTimeToLive(3))
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> config().getInterface()).isInstanceOf(ChannelException.class);
    }

    @Test
    @SuppressWarnings("deprecation")
    void settersOfTheSuperclassGiveThisType() {
        KQueueDatagramChannelConfig same = config().setConnectTimeoutMillis(1)
                .setMaxMessagesPerRead(2)
                .setMaxMessagesPerWrite(4)
                .setWriteSpinCount(3)
                .setAllocator(UnpooledByteBufAllocator.DEFAULT)
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(9))
                .setAutoRead(false)
                .setAutoClose(false)
                .setWriteBufferWaterMark(new WriteBufferWaterMark(1, 100))
                .setWriteBufferLowWaterMark(5)
                .setWriteBufferHighWaterMark(50)
                .setMessageSizeEstimator(DefaultMessageSizeEstimator.DEFAULT)
                .setRcvAllocTransportProvidesGuess(true);
        assertThat(same).isSameAs(config());
        assertThat(same.getMaxMessagesPerWrite()).isEqualTo(4);
        assertThat(same.getAllocator()).isSameAs(UnpooledByteBufAllocator.DEFAULT);
        assertThat(same.getWriteBufferWaterMark().low()).isEqualTo(5);
        assertThat(same.getWriteBufferWaterMark().high()).isEqualTo(50);
    }
}
