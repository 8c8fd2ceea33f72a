// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.channel.socket.SocketChannelConfig;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option can be set and read back, before a connection and on one, and says what NIO's would say. */
abstract class AbstractOptionsTest implements Pairings {

    /** An option that no transport has. */
    private static final ChannelOption<String> UNKNOWN = ChannelOption.valueOf(AbstractOptionsTest.class, "UNKNOWN");

    static <T> void assertTakes(ChannelConfig config, ChannelOption<T> option, T value) {
        assertThat(config.setOption(option, value)).as("%s is known", option).isTrue();
        assertThat(config.getOption(option)).as("%s", option).isEqualTo(value);
        assertThat(config.getOptions()).as("listed").containsKey(option);
    }

    final Channel newClient() throws InterruptedException {
        return sync(new Bootstrap()
                .group(Transports.sharedGroup(transport()))
                .channel(transport().socketChannel())
                .handler(new Recorder())
                .register());
    }

    final Channel newListener() throws InterruptedException {
        return sync(new ServerBootstrap()
                .group(Transports.sharedGroup(transport()))
                .channel(transport().serverChannel())
                .childHandler(new ChannelInboundHandlerAdapter())
                .register());
    }

    private static void assertEveryChannelsOptions(ChannelConfig config) {
        assertTakes(config, ChannelOption.CONNECT_TIMEOUT_MILLIS, 1234);
        assertTakes(config, ChannelOption.MAX_MESSAGES_PER_WRITE, 77);
        assertTakes(config, ChannelOption.WRITE_SPIN_COUNT, 3);
        assertTakes(config, ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT);
        assertTakes(config, ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(100));
        assertTakes(config, ChannelOption.AUTO_CLOSE, false);
        assertTakes(config, ChannelOption.AUTO_CLOSE, true);
        assertTakes(config, ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(100, 200));
        assertTakes(config, ChannelOption.MESSAGE_SIZE_ESTIMATOR, new DefaultMessageSizeEstimator(5));
        assertTakes(config, ChannelOption.SINGLE_EVENTEXECUTOR_PER_GROUP, false);
    }

    private static void assertConnectionOptions(ChannelConfig config) {
        assertTakes(config, ChannelOption.AUTO_READ, false);
        assertTakes(config, ChannelOption.AUTO_READ, true);
        for (boolean value : new boolean[] {true, false, true}) {
            assertTakes(config, ChannelOption.TCP_NODELAY, value);
            assertTakes(config, ChannelOption.SO_KEEPALIVE, value);
            assertTakes(config, ChannelOption.SO_REUSEADDR, value);
            assertTakes(config, ChannelOption.ALLOW_HALF_CLOSURE, value);
        }
        for (int seconds : new int[] {0, 5, -1, 10, -1}) {
            assertTakes(config, ChannelOption.SO_LINGER, seconds);
        }
        for (int size : new int[] {16 << 10, 64 << 10}) {
            assertThat(config.setOption(ChannelOption.SO_RCVBUF, size)).isTrue();
            // Linux doubles what it is given and says so (socket(7)).
            assertThat(config.getOption(ChannelOption.SO_RCVBUF)).isBetween(size, 4 * size);
            assertThat(config.setOption(ChannelOption.SO_SNDBUF, size)).isTrue();
            assertThat(config.getOption(ChannelOption.SO_SNDBUF)).isBetween(size, 4 * size);
        }
        assertThat(config.getOptions()).containsKeys(ChannelOption.SO_RCVBUF, ChannelOption.SO_SNDBUF);
        assertTakes(config, ChannelOption.IP_TOS, 0x10);
        assertTakes(config, ChannelOption.IP_TOS, 0);
    }

    @Test
    void ofAClientBeforeItConnects() throws Exception {
        Channel channel = newClient();
        assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
        assertThat(channel.config().getOption(ChannelOption.SO_LINGER)).isEqualTo(-1);
        assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isFalse();
        assertThat(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE)).isFalse();
        assertEveryChannelsOptions(channel.config());
        assertConnectionOptions(channel.config());
        sync(channel.close());
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void ofAConnection(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            SocketChannelConfig config = link.tcpSubject().config();
            assertThat(config.isTcpNoDelay()).isTrue();
            assertThat(config.getSoLinger()).isEqualTo(-1);
            assertThat(config.isKeepAlive()).isFalse();
            assertEveryChannelsOptions(config);
            assertConnectionOptions(config);
        }
    }

    /** Set in the bootstrap, as options of the client or as child options of the server. */
    @ParameterizedTest
    @MethodSource("pairings")
    void asTheBootstrapSetThem(Pairing pairing) throws Exception {
        for (boolean value : new boolean[] {true, false}) {
            try (Link link = Link.on(pairing)
                    .subjectOption(ChannelOption.TCP_NODELAY, value)
                    .subjectOption(ChannelOption.SO_KEEPALIVE, value)
                    .subjectOption(ChannelOption.SO_LINGER, value ? 3 : -1)
                    .subjectOption(ChannelOption.IP_TOS, value ? 0x10 : 0)
                    .subjectOption(ChannelOption.SO_SNDBUF, 50_000)
                    .subjectOption(ChannelOption.SO_RCVBUF, 60_000)
                    .open()) {
                SocketChannelConfig config = link.tcpSubject().config();
                assertThat(config.isTcpNoDelay()).isEqualTo(value);
                assertThat(config.isKeepAlive()).isEqualTo(value);
                assertThat(config.getSoLinger()).isEqualTo(value ? 3 : -1);
                assertThat(config.getTrafficClass()).isEqualTo(value ? 0x10 : 0);
                assertThat(config.getSendBufferSize()).isBetween(50_000, 200_000);
                assertThat(config.getReceiveBufferSize()).isBetween(60_000, 240_000);
                config.setSoLinger(-1);
            }
        }
    }

    /** One listener whose child options are all different from one another's defaults, over several connections. */
    @ParameterizedTest
    @MethodSource("pairings")
    void ofOneConnectionDoNotTouchTheNext(Pairing pairing) throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Link link = Link.open(pairing)) {
                SocketChannelConfig config = link.tcpSubject().config();
                assertThat(config.isTcpNoDelay()).isTrue();
                assertThat(config.isKeepAlive()).isFalse();
                config.setTcpNoDelay(false);
                config.setKeepAlive(true);
                assertThat(config.isTcpNoDelay()).isFalse();
                assertThat(config.isKeepAlive()).isTrue();
            }
        }
    }

    @Test
    void ofAListener() throws Exception {
        Channel channel = newListener();
        ServerSocketChannelConfig config = (ServerSocketChannelConfig) channel.config();
        assertEveryChannelsOptions(config);
        assertTakes(config, ChannelOption.SO_BACKLOG, 7);
        for (boolean value : new boolean[] {false, true}) {
            assertTakes(config, ChannelOption.SO_REUSEADDR, value);
        }
        assertThat(config.setOption(ChannelOption.SO_RCVBUF, 64 << 10)).isTrue();
        assertThat(config.getReceiveBufferSize()).isBetween(64 << 10, 256 << 10);
        assertThat(config.getOptions()).containsKeys(ChannelOption.SO_RCVBUF, ChannelOption.SO_BACKLOG);
        sync(channel.bind(Link.loopback()));
        assertTakes(config, ChannelOption.AUTO_READ, false);
        assertTakes(config, ChannelOption.AUTO_READ, true);
        assertThat(config.getBacklog()).isEqualTo(7);
        assertThat(config.getReceiveBufferSize()).isBetween(64 << 10, 256 << 10);
        sync(channel.close());
    }

    @Test
    void thatAreUnknownAreNotTaken() throws Exception {
        Channel channel = newClient();
        assertThat(channel.config().setOption(UNKNOWN, "value")).isFalse();
        assertThat(channel.config().getOption(UNKNOWN)).isNull();
        assertThat(channel.config().getOptions()).doesNotContainKey(UNKNOWN);
        sync(channel.close());
    }

    @Test
    void withoutAValueAreRefused() throws Exception {
        Channel channel = newClient();
        assertThatThrownBy(() -> channel.config().setOption(ChannelOption.TCP_NODELAY, null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, -1))
                .isInstanceOf(IllegalArgumentException.class);
        sync(channel.close());
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void ofAClosedChannelFail(Pairing pairing) throws Exception {
        SocketChannelConfig config;
        try (Link link = Link.open(pairing)) {
            config = link.tcpSubject().config();
        }
        assertThatThrownBy(() -> config.isTcpNoDelay())
                .isInstanceOf(ChannelException.class)
                .hasRootCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> config.setTcpNoDelay(true))
                .isInstanceOf(ChannelException.class)
                .hasRootCauseInstanceOf(ClosedChannelException.class);
        // No system call behind these.
        assertThat(config.setOption(ChannelOption.AUTO_READ, false)).isTrue();
        assertThat(config.isAutoRead()).isFalse();
    }
}
