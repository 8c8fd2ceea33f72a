// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.AcceptFilterCodec;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Options of a socket that does not listen yet, but for the last two tests. */
@Timeout(120)
class KQueueServerSocketChannelConfigTest {

    private final KQueueServerSocketChannel channel = new KQueueServerSocketChannel();
    private final KQueueServerSocketChannelConfig config = channel.config();
    private final Platform platform = channel.socket.binding().platform();

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
    }

    @Test
    void defaults() {
        assertThat(config.isReuseAddress()).isTrue();
        assertThat(config.isReusePort()).isFalse();
        assertThat(config.getBacklog()).isEqualTo(NetUtil.SOMAXCONN);
        assertThat(config.isTcpFastOpen()).isFalse();
        assertThat(config.getAcceptFilter().filterName()).isEmpty();
        assertThat(config.getOption(ChannelOption.TCP_NODELAY))
                .as("set for its connections when bound")
                .isFalse();
    }

    private <T> void survives(ChannelOption<T> option, T value) {
        assertThat(config.setOption(option, value)).as("%s is taken", option).isTrue();
        assertThat(config.getOption(option)).as("%s", option).isEqualTo(value);
        assertThat(config.getOptions()).containsEntry(option, value);
    }

    @Test
    void optionsByTheirNettyNames() {
        survives(ChannelOption.SO_REUSEADDR, false);
        survives(ChannelOption.SO_REUSEADDR, true);
        survives(UnixChannelOption.SO_REUSEPORT, true);
        survives(KQueueChannelOption.SO_REUSEPORT, false);
        survives(ChannelOption.SO_BACKLOG, 7);
        survives(ChannelOption.TCP_FASTOPEN, 9);
        survives(ChannelOption.TCP_FASTOPEN, 0);
        survives(ChannelOption.TCP_NODELAY, true);
        survives(ChannelOption.SO_KEEPALIVE, true);
        survives(ChannelOption.SO_LINGER, 4);
        survives(ChannelOption.IP_TOS, 8);
        survives(KQueueChannelOption.TCP_KEEPIDLE, 60);
        survives(KQueueChannelOption.TCP_KEEPINTVL, 15);
        survives(KQueueChannelOption.TCP_KEEPCNT, 4);
        survives(ChannelOption.MAX_MESSAGES_PER_WRITE, 3);
    }

    @Test
    void bufferSizes() {
        config.setOption(ChannelOption.SO_RCVBUF, 20_000);
        assertThat(config.getReceiveBufferSize())
                .isIn(20_000, 40_000)
                .isEqualTo(config.getOption(ChannelOption.SO_RCVBUF));
    }

    @Test
    void settersReturnTheConfig() {
        assertThat(config.setReuseAddress(true)
                        .setReusePort(true)
                        .setReceiveBufferSize(10_000)
                        .setBacklog(3)
                        .setTcpFastOpen(true)
                        .setPerformancePreferences(1, 2, 3)
                        .setConnectTimeoutMillis(4)
                        .setWriteSpinCount(5)
                        .setAutoRead(true)
                        .setAutoClose(true)
                        .setWriteBufferWaterMark(WriteBufferWaterMark.DEFAULT))
                .isSameAs(config);
        assertThat(config.isReusePort()).isTrue();
        assertThat(config.isTcpFastOpen()).isTrue();
        assertThat(config.getOption(ChannelOption.TCP_FASTOPEN)).isEqualTo(3);
    }

    @Test
    void negativeValuesAreRefused() {
        assertThatThrownBy(() -> config.setBacklog(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.setOption(ChannelOption.TCP_FASTOPEN, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void acceptFilterWherePlatformHasNone() {
        assumeFalse(AcceptFilterCodec.isSupported(platform));
        AcceptFilter filter = new AcceptFilter("httpready", "");
        assertThatThrownBy(() -> config.setOption(KQueueChannelOption.SO_ACCEPTFILTER, filter))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("SO_ACCEPTFILTER")
                .hasMessageContaining(platform.id());
        assertThat(config.getAcceptFilter()).isSameAs(AcceptFilter.PLATFORM_UNSUPPORTED);
        assertThat(config.getOptions()).doesNotContainKey(KQueueChannelOption.SO_ACCEPTFILTER);
    }

    @Test
    void acceptFilterIsKeptUntilTheSocketListens() {
        assumeTrue(AcceptFilterCodec.isSupported(platform));
        AcceptFilter filter = new AcceptFilter("dataready", "");
        survives(KQueueChannelOption.SO_ACCEPTFILTER, filter);
    }

    @Test
    void aClosedChannelSaysSo() {
        close();
        assertThatThrownBy(() -> config.setReuseAddress(false))
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        config.setBacklog(5);
        assertThat(config.getBacklog()).isEqualTo(5);
    }

    @Test
    void fastOpenReachesTheKernelOnceTheSocketListens() throws Exception {
        config.setOption(ChannelOption.TCP_FASTOPEN, 9);
        assertThat(channel.socket.option(SocketOption.TCP_FASTOPEN)).isZero();
        listen();
        assertThat(channel.socket.option(SocketOption.TCP_FASTOPEN)).isPositive();
        config.setTcpFastOpen(false);
        assertThat(channel.socket.option(SocketOption.TCP_FASTOPEN)).isZero();
    }

    @Test
    void whatIsNotAskedForIsNotSet() throws Exception {
        listen();
        assertThat(channel.socket.option(SocketOption.TCP_FASTOPEN)).isZero();
        assertThat(config.getOption(ChannelOption.SO_KEEPALIVE)).isFalse();
        assertThat(config.getOption(ChannelOption.TCP_NODELAY)).isTrue();
    }

    private void listen() throws Exception {
        channel.socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        config.prepareForAccept();
        channel.socket.listen(config.getBacklog());
        config.afterListen();
    }
}
