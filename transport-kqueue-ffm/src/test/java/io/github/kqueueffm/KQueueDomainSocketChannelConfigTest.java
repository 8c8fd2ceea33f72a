// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.channel.GatherBudget;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The configurations of all three kinds of channel of the UNIX domain, on sockets that nobody connects. */
@Timeout(120)
class KQueueDomainSocketChannelConfigTest {

    private final KQueueDomainSocketChannel stream = new KQueueDomainSocketChannel();
    private final KQueueServerDomainSocketChannel server = new KQueueServerDomainSocketChannel();
    private final KQueueDomainDatagramChannel datagrams = new KQueueDomainDatagramChannel();

    @AfterEach
    void close() {
        stream.unsafe().closeForcibly();
        server.unsafe().closeForcibly();
        datagrams.unsafe().closeForcibly();
    }

    private static <T> void survives(KQueueChannelConfig config, ChannelOption<T> option, T value) {
        assertThat(config.setOption(option, value)).as("%s is taken", option).isTrue();
        assertThat(config.getOption(option)).as("%s", option).isEqualTo(value);
        assertThat(config.getOptions()).containsEntry(option, value);
    }

    private static void takesASize(KQueueChannelConfig config, ChannelOption<Integer> option) {
        assertThat(config.setOption(option, 20_000)).isTrue();
        assertThat(config.getOption(option)).isIn(20_000, 40_000);
        assertThat(config.getOptions()).containsEntry(option, config.getOption(option));
    }

    @Test
    void streamDefaults() {
        KQueueDomainSocketChannelConfig config = stream.config();
        assertThat(config.getReadMode()).isEqualTo(DomainSocketReadMode.BYTES);
        assertThat(config.isAllowHalfClosure()).isFalse();
        assertThat(config.getSendBufferSize()).isPositive();
        assertThat(config.getReceiveBufferSize()).isPositive();
    }

    @Test
    void streamOptions() {
        KQueueDomainSocketChannelConfig config = stream.config();
        survives(config, UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS);
        survives(config, KQueueChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.BYTES);
        survives(config, ChannelOption.ALLOW_HALF_CLOSURE, true);
        survives(config, ChannelOption.MAX_MESSAGES_PER_WRITE, 3);
        takesASize(config, ChannelOption.SO_SNDBUF);
        takesASize(config, ChannelOption.SO_RCVBUF);
        assertThat(config.setOption(ChannelOption.TCP_NODELAY, true))
                .as("no option of this channel")
                .isFalse();
    }

    @Test
    void settersReturnTheConfig() {
        KQueueDomainSocketChannelConfig config = stream.config();
        assertThat(config.setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS)
                        .setAllowHalfClosure(true)
                        .setSendBufferSize(10_000)
                        .setReceiveBufferSize(10_000)
                        .setConnectTimeoutMillis(4)
                        .setWriteSpinCount(5)
                        .setAutoRead(true)
                        .setAutoClose(true)
                        .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(9))
                        .setWriteBufferWaterMark(WriteBufferWaterMark.DEFAULT))
                .isSameAs(config);
        assertThatThrownBy(() -> config.setOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, null))
                .isInstanceOf(NullPointerException.class);
        KQueueDomainDatagramChannelConfig other = datagrams.config();
        assertThat(other.setSendBufferSize(10_000)
                        .setReceiveBufferSize(10_000)
                        .setMaxMessagesPerWrite(4)
                        .setConnectTimeoutMillis(4)
                        .setWriteSpinCount(5))
                .isSameAs(other);
    }

    @Test
    void gatheringWritesFollowTheSendBuffer() throws IOException {
        KQueueDomainSocketChannelConfig config = stream.config();
        GatherBudget budget = stream.gatherBudget();
        config.setSendBufferSize(20_000);
        assertThat(budget.maxBytesPerGatheringWrite()).isEqualTo(2L * config.getSendBufferSize());
        config.setSendBufferSize(50_000);
        assertThat(budget.maxBytesPerGatheringWrite()).isEqualTo(2L * config.getSendBufferSize());
    }

    @Test
    void serverOptions() throws Exception {
        KQueueServerChannelConfig config = server.config();
        survives(config, ChannelOption.SO_BACKLOG, 7);
        survives(config, ChannelOption.SO_REUSEADDR, true);
        takesASize(config, ChannelOption.SO_RCVBUF);
        survives(config, ChannelOption.TCP_FASTOPEN, 9);
    }

    @SuppressWarnings("deprecation")
    @Test
    void datagramOptions() {
        KQueueDomainDatagramChannelConfig config = datagrams.config();
        assertThat(config.getOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION))
                .isFalse();
        survives(config, ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true);
        takesASize(config, ChannelOption.SO_SNDBUF);
        takesASize(config, ChannelOption.SO_RCVBUF);
        assertThat(config.setOption(ChannelOption.SO_BROADCAST, true))
                .as("no option of this channel")
                .isFalse();
    }

    @Test
    void aClosedChannelSaysSo() {
        close();
        assertThatThrownBy(() -> stream.config().getSendBufferSize())
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> datagrams.config().setSendBufferSize(1))
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(stream::peerCredentials).isInstanceOf(ClosedChannelException.class);
    }
}
