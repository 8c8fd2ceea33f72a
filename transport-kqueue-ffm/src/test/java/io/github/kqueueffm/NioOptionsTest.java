// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Options that a program written for NIO sets. */
class NioOptionsTest {

    private final KQueueSocketChannel channel = new KQueueSocketChannel();
    private final KQueueServerSocketChannel server = new KQueueServerSocketChannel();
    private final KQueueDatagramChannel datagrams = new KQueueDatagramChannel();

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
        server.unsafe().closeForcibly();
        datagrams.unsafe().closeForcibly();
    }

    private <T> void isTheSame(SocketOption<T> nio, ChannelOption<T> ours, T value) {
        isTheSame(channel.config(), nio, ours, value);
    }

    private static <T> void isTheSame(ChannelConfig config, SocketOption<T> nio, ChannelOption<T> ours, T value) {
        assertThat(config.getOption(ours)).as("%s before", ours).isNotEqualTo(value);
        assertThat(config.setOption(NioChannelOption.of(nio), value))
                .as("%s is taken", nio)
                .isTrue();
        assertThat(config.getOption(ours)).as("%s", ours).isEqualTo(value);
        assertThat(config.getOption(NioChannelOption.of(nio))).as("%s", nio).isEqualTo(value);
    }

    @Test
    void optionsOfAConnection() {
        isTheSame(StandardSocketOptions.TCP_NODELAY, ChannelOption.TCP_NODELAY, false);
        isTheSame(StandardSocketOptions.SO_KEEPALIVE, ChannelOption.SO_KEEPALIVE, true);
        isTheSame(StandardSocketOptions.SO_REUSEADDR, ChannelOption.SO_REUSEADDR, true);
        isTheSame(StandardSocketOptions.SO_REUSEPORT, UnixChannelOption.SO_REUSEPORT, true);
        isTheSame(StandardSocketOptions.SO_LINGER, ChannelOption.SO_LINGER, 7);
        isTheSame(StandardSocketOptions.IP_TOS, ChannelOption.IP_TOS, 0x10);
        isTheSame(ExtendedSocketOptions.TCP_KEEPIDLE, KQueueChannelOption.TCP_KEEPIDLE, 77);
        isTheSame(ExtendedSocketOptions.TCP_KEEPINTERVAL, KQueueChannelOption.TCP_KEEPINTVL, 7);
        isTheSame(ExtendedSocketOptions.TCP_KEEPCOUNT, KQueueChannelOption.TCP_KEEPCNT, 3);
    }

    @Test
    void optionsOfDatagrams() throws Exception {
        KQueueDatagramChannelConfig config = datagrams.config();
        isTheSame(config, StandardSocketOptions.SO_BROADCAST, ChannelOption.SO_BROADCAST, true);
        isTheSame(config, StandardSocketOptions.IP_MULTICAST_TTL, ChannelOption.IP_MULTICAST_TTL, 5);
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        isTheSame(config, StandardSocketOptions.IP_MULTICAST_IF, ChannelOption.IP_MULTICAST_IF, loopback);
    }

    /** Netty's option says whether it is off. */
    @Test
    void multicastLoopIsTheOtherWayRound() {
        KQueueDatagramChannelConfig config = datagrams.config();
        assertThat(config.isLoopbackModeDisabled()).isFalse();
        assertThat(config.setOption(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_LOOP), false))
                .isTrue();
        assertThat(config.isLoopbackModeDisabled()).isTrue();
        assertThat(config.getOption(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_LOOP)))
                .isFalse();
    }

    @Test
    void buffersHaveTheSizeThatTheKernelMadeOfIt() {
        assertThat(channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_RCVBUF), 8192))
                .isTrue();
        assertThat(channel.config().getOption(NioChannelOption.of(StandardSocketOptions.SO_RCVBUF)))
                .isEqualTo(channel.config().getReceiveBufferSize());
        assertThat(channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_SNDBUF), 8192))
                .isTrue();
        assertThat(channel.config().getOption(NioChannelOption.of(StandardSocketOptions.SO_SNDBUF)))
                .isEqualTo(channel.config().getSendBufferSize());
    }

    @Test
    void optionsOfAListener() {
        assertThat(server.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true))
                .isTrue();
        assertThat(server.config().isReusePort()).isTrue();
    }

    @Test
    void optionsThatTheChannelDoesNotHave() {
        // As NIO answers for an option that its channel does not support.
        assertThat(channel.config().setOption(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_TTL), 1))
                .isFalse();
        assertThat(channel.config().getOption(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_LOOP)))
                .isNull();
        assertThat(channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.SO_INCOMING_NAPI_ID), 1))
                .isFalse();
    }
}
