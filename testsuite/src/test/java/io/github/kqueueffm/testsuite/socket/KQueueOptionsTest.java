// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.KQueueChannelOption;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.testsuite.support.KQueuePairings;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With the options that only our channels have. */
class KQueueOptionsTest extends AbstractOptionsTest implements KQueuePairings {

    /** An option that this platform has is listed; the others are refused and not listed. */
    private static <T> void takesIfListed(ChannelConfig config, ChannelOption<T> option, T value) {
        if (config.getOptions().containsKey(option)) {
            assertTakes(config, option, value);
        } else {
            assertThatThrownBy(() -> config.setOption(option, value)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void ofOurConnections(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            ChannelConfig config = link.tcpSubject().config();
            takesIfListed(config, KQueueChannelOption.TCP_KEEPIDLE, 100);
            takesIfListed(config, KQueueChannelOption.TCP_KEEPINTVL, 20);
            takesIfListed(config, KQueueChannelOption.TCP_KEEPCNT, 3);
            for (boolean value : new boolean[] {true, false}) {
                takesIfListed(config, KQueueChannelOption.TCP_NOPUSH, value);
                assertTakes(config, ChannelOption.TCP_FASTOPEN_CONNECT, value);
            }
            if (KQueue.platform().startsWith("linux")) {
                assertThat(config.getOptions())
                        .containsKeys(
                                KQueueChannelOption.TCP_KEEPIDLE,
                                KQueueChannelOption.TCP_KEEPINTVL,
                                KQueueChannelOption.TCP_KEEPCNT,
                                KQueueChannelOption.TCP_NOPUSH,
                                KQueueChannelOption.SO_SNDLOWAT);
                assertThat(config.getOption(KQueueChannelOption.SO_SNDLOWAT)).isEqualTo(1);
                // socket(7): "SO_SNDLOWAT is not changeable on Linux".
                assertThatThrownBy(() -> config.setOption(KQueueChannelOption.SO_SNDLOWAT, 2))
                        .isInstanceOf(ChannelException.class)
                        .rootCause()
                        .hasMessageContaining("ENOPROTOOPT");
            }
        }
    }

    @SuppressWarnings("deprecation")
    @Test
    void theFormerGuessIsStored() throws Exception {
        Channel channel = newClient();
        assertTakes(channel.config(), KQueueChannelOption.RCV_ALLOC_TRANSPORT_PROVIDES_GUESS, true);
        sync(channel.close());
    }

    @Test
    void ofOurListeners() throws Exception {
        Channel channel = newListener();
        ChannelConfig config = channel.config();
        assertThat(config.getOption(ChannelOption.SO_REUSEADDR))
                .as("by default")
                .isTrue();
        for (boolean value : new boolean[] {true, false}) {
            assertTakes(config, UnixChannelOption.SO_REUSEPORT, value);
        }
        takesIfListed(config, ChannelOption.TCP_FASTOPEN, 5);
        assertThat(config.getOptions())
                .as("FreeBSD's, NetBSD's and DragonFly's")
                .satisfies(options -> assertThat(options.containsKey(KQueueChannelOption.SO_ACCEPTFILTER))
                        .isEqualTo(List.of("freebsd", "netbsd", "dragonfly").stream()
                                .anyMatch(KQueue.platform()::startsWith)));
        sync(channel.close());
    }

    /** Two listeners of one port, and connections to it reach one or the other. */
    @Test
    void reusePortLetsTwoListen() throws Exception {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(Transports.sharedGroup(Transports.KQUEUE))
                .channel(KQueueServerSocketChannel.class)
                .option(UnixChannelOption.SO_REUSEPORT, true)
                .childHandler(new ChannelInboundHandlerAdapter());
        Channel first = sync(bootstrap.bind(Link.loopback()));
        Channel second = sync(bootstrap.bind(first.localAddress()));
        assertThat(second.localAddress()).isEqualTo(first.localAddress());
        sync(first.close());
        sync(second.close());
    }

    /** By number, as for an option that this transport has no name for. */
    @ParameterizedTest
    @MethodSource("pairings")
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the numbers are Linux's")
    void byNumber(Pairing pairing) throws Exception {
        int tcp = 6;
        int tcpKeepIdle = 4;
        int tcpUserTimeout = 18;
        try (Link link = Link.open(pairing)) {
            ChannelConfig config = link.tcpSubject().config();
            IntegerUnixChannelOption integer = new IntegerUnixChannelOption("TCP_USER_TIMEOUT", tcp, tcpUserTimeout);
            assertThat(config.setOption(integer, 4321)).isTrue();
            assertThat(config.getOption(integer)).isEqualTo(4321);

            RawUnixChannelOption raw = new RawUnixChannelOption("TCP_KEEPIDLE", tcp, tcpKeepIdle, Integer.BYTES);
            for (ByteBuffer value : new ByteBuffer[] {ByteBuffer.allocate(4), ByteBuffer.allocateDirect(4)}) {
                value.order(ByteOrder.nativeOrder()).putInt(0, 77);
                assertThat(config.setOption(raw, value)).isTrue();
                assertThat(config.getOption(raw).order(ByteOrder.nativeOrder()).getInt())
                        .isEqualTo(77);
                assertThat(config.getOption(KQueueChannelOption.TCP_KEEPIDLE)).isEqualTo(77);
                config.setOption(KQueueChannelOption.TCP_KEEPIDLE, 5);
            }

            IntegerUnixChannelOption unknown = new IntegerUnixChannelOption("no such option", tcp, 9999);
            assertThatThrownBy(() -> config.getOption(unknown)).isInstanceOf(ChannelException.class);
            assertThatThrownBy(() -> config.setOption(unknown, 1)).isInstanceOf(ChannelException.class);
        }
    }

    /** What a connection has from its listener is not set again, and must be right all the same. */
    @Test
    void childOptionsHoldForEveryConnectionOfAListener() throws Exception {
        Pairing pairing = new Pairing(Transports.KQUEUE, Transports.NIO, true);
        for (boolean noDelay : new boolean[] {true, false}) {
            try (Link first = Link.on(pairing)
                    .subjectOption(ChannelOption.TCP_NODELAY, noDelay)
                    .subjectOption(ChannelOption.SO_KEEPALIVE, !noDelay)
                    .subjectOption(KQueueChannelOption.TCP_KEEPIDLE, 123)
                    .open()) {
                for (int i = 0; i < 3; i++) {
                    try (Link.Further further = first.connectAgain()) {
                        SocketChannelConfig config =
                                (SocketChannelConfig) further.accepted().config();
                        assertThat(config.isTcpNoDelay()).isEqualTo(noDelay);
                        assertThat(config.isKeepAlive()).isEqualTo(!noDelay);
                        assertThat(config.getOption(KQueueChannelOption.TCP_KEEPIDLE))
                                .isEqualTo(123);
                        config.setTcpNoDelay(!noDelay);
                        assertThat(config.isTcpNoDelay()).isEqualTo(!noDelay);
                    }
                }
            }
        }
    }

    /** The read loop has to be able to tell a handle that there is no more. */
    @Test
    void aRecvAllocatorOfTheOldKindIsRefused() throws Exception {
        RecvByteBufAllocator old = () -> new RecvByteBufAllocator.DelegatingHandle(
                new DefaultMaxMessagesRecvByteBufAllocator() {
                    @Override
                    public Handle newHandle() {
                        return new MaxMessageHandle() {
                            @Override
                            public int guess() {
                                return 1;
                            }
                        };
                    }
                }.newHandle());
        Channel channel = newClient();
        assertThatThrownBy(() -> channel.config().setRecvByteBufAllocator(old))
                .isInstanceOf(IllegalArgumentException.class);
        sync(channel.close());
    }
}
