// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Accepted connections end up with exactly the options that were asked for, and those they have already cost no system call.
 * That none was made is seen by changing the socket behind its config's back: a setter that makes a call would change it back.
 */
@Timeout(120)
class InheritedOptionsTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
    private final BlockingQueue<KQueueSocketChannel> accepted = new LinkedBlockingQueue<>();
    private final ServerBootstrap bootstrap = new ServerBootstrap()
            .group(group)
            .channel(KQueueServerSocketChannel.class)
            .childHandler(new ChannelInitializer<KQueueSocketChannel>() {
                @Override
                protected void initChannel(KQueueSocketChannel child) {
                    accepted.add(child);
                }
            });

    @AfterEach
    void shutDown() throws InterruptedException {
        assertThat(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(60, TimeUnit.SECONDS))
                .isTrue();
    }

    private KQueueServerSocketChannel bind() {
        return (KQueueServerSocketChannel) bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    private Channel connect(KQueueServerSocketChannel server) {
        return new Bootstrap()
                .group(group)
                .channel(KQueueSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    private KQueueSocketChannel child(KQueueServerSocketChannel server) throws InterruptedException {
        connect(server);
        KQueueSocketChannel child = accepted.poll(60, TimeUnit.SECONDS);
        assertThat(child).isNotNull();
        return child;
    }

    private static int kernel(KQueueSocketChannel channel, SocketOption option) throws IOException {
        return channel.socket.option(option);
    }

    /** Whether setting {@code option} to {@code value} makes no call, once the kernel was asked whether it has it. */
    private static <T> boolean isFree(KQueueSocketChannel child, ChannelOption<T> name, T value, SocketOption option)
            throws IOException {
        child.config().setOption(name, value);
        int before = kernel(child, option);
        int other = option.isFlag() ? 1 - before : before + 1;
        child.socket.setOption(option, other);
        int changed = kernel(child, option);
        child.config().setOption(name, value);
        boolean free = kernel(child, option) == changed;
        child.socket.setOption(option, before);
        return free;
    }

    @Test
    void noDelayIsOnForAllAndFreeToAskFor() throws Exception {
        KQueueServerSocketChannel server = bind();
        for (int i = 0; i < 3; i++) {
            KQueueSocketChannel child = child(server);
            assertThat(kernel(child, SocketOption.TCP_NODELAY)).isEqualTo(1);
            assertThat(isFree(child, ChannelOption.TCP_NODELAY, true, SocketOption.TCP_NODELAY))
                    .isTrue();
        }
    }

    @Test
    void aConnectionThatWantsItOffHasItOff() throws Exception {
        bootstrap.childOption(ChannelOption.TCP_NODELAY, false);
        KQueueServerSocketChannel server = bind();
        for (int i = 0; i < 2; i++) {
            KQueueSocketChannel child = child(server);
            assertThat(kernel(child, SocketOption.TCP_NODELAY)).isZero();
            child.config().setTcpNoDelay(true);
            assertThat(kernel(child, SocketOption.TCP_NODELAY))
                    .as("what it had at first is known no more")
                    .isEqualTo(1);
            child.config().setTcpNoDelay(false);
            assertThat(kernel(child, SocketOption.TCP_NODELAY)).isZero();
        }
    }

    @Test
    void aListenerMayDecideForItsConnections() throws Exception {
        bootstrap.option(ChannelOption.TCP_NODELAY, false);
        KQueueServerSocketChannel server = bind();
        KQueueSocketChannel child = child(server);
        assertThat(kernel(child, SocketOption.TCP_NODELAY)).isZero();
        child.config().setTcpNoDelay(true);
        assertThat(kernel(child, SocketOption.TCP_NODELAY)).isEqualTo(1);
    }

    @Test
    void whatTheListenerHadIsFree() throws Exception {
        bootstrap
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.SO_RCVBUF, 20_000)
                .option(KQueueChannelOption.TCP_KEEPIDLE, 77);
        KQueueServerSocketChannel server = bind();
        KQueueSocketChannel child = child(server);
        assertThat(isFree(child, ChannelOption.SO_KEEPALIVE, true, SocketOption.SO_KEEPALIVE))
                .isTrue();
        assertThat(isFree(child, ChannelOption.SO_RCVBUF, 20_000, SocketOption.SO_RCVBUF))
                .isTrue();
        assertThat(isFree(child, KQueueChannelOption.TCP_KEEPIDLE, 77, SocketOption.TCP_KEEPIDLE))
                .isTrue();
        assertThat(isFree(child, KQueueChannelOption.TCP_KEEPIDLE, 78, SocketOption.TCP_KEEPIDLE))
                .isFalse();
    }

    @Test
    void whatNobodySetIsNotFree() throws Exception {
        KQueueSocketChannel child = child(bind());
        assertThat(isFree(child, ChannelOption.SO_KEEPALIVE, false, SocketOption.SO_KEEPALIVE))
                .isFalse();
        assertThat(isFree(child, ChannelOption.SO_LINGER, 5, SocketOption.SO_LINGER))
                .isFalse();
    }

    @Test
    void whatTheListenerGetsLaterIsNotKnown() throws Exception {
        bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
        KQueueServerSocketChannel server = bind();
        KQueueSocketChannel before = child(server);
        server.config().setOption(ChannelOption.SO_KEEPALIVE, false);
        KQueueSocketChannel after = child(server);
        assertThat(kernel(before, SocketOption.SO_KEEPALIVE)).isEqualTo(1);
        assertThat(isFree(before, ChannelOption.SO_KEEPALIVE, true, SocketOption.SO_KEEPALIVE))
                .as("it was accepted before")
                .isTrue();
        after.config().setKeepAlive(true);
        assertThat(kernel(after, SocketOption.SO_KEEPALIVE)).isEqualTo(1);
    }

    @Test
    void aConnectionThatWaitedWhileTheListenerChanged() throws Exception {
        bootstrap.option(ChannelOption.SO_KEEPALIVE, true).option(ChannelOption.AUTO_READ, false);
        KQueueServerSocketChannel server = bind();
        connect(server);
        server.config().setOption(ChannelOption.SO_KEEPALIVE, false);
        server.read();
        KQueueSocketChannel child = accepted.poll(60, TimeUnit.SECONDS);
        assertThat(child).isNotNull();
        child.config().setKeepAlive(false);
        assertThat(kernel(child, SocketOption.SO_KEEPALIVE)).isZero();
        child.config().setKeepAlive(true);
        assertThat(kernel(child, SocketOption.SO_KEEPALIVE)).isEqualTo(1);
    }

    @Test
    void noDelayTurnedOffLaterOnTheListener() throws Exception {
        KQueueServerSocketChannel server = bind();
        assertThat(kernel(child(server), SocketOption.TCP_NODELAY)).isEqualTo(1);
        server.config().setOption(ChannelOption.TCP_NODELAY, false);
        assertThat(kernel(child(server), SocketOption.TCP_NODELAY)).isZero();
        server.config().setOption(ChannelOption.TCP_NODELAY, true);
        assertThat(kernel(child(server), SocketOption.TCP_NODELAY)).isEqualTo(1);
    }

    @Test
    void optionsOfTheListenerSetByNumber() throws Exception {
        KQueueServerSocketChannel server = bind();
        server.config()
                .setOption(
                        new IntegerUnixChannelOption(
                                "NODELAY",
                                server.socket.binding().platform().socket().IPPROTO_TCP(),
                                server.socket.binding().platform().socket().TCP_NODELAY()),
                        0);
        assertThat(kernel(child(server), SocketOption.TCP_NODELAY))
                .as("on by default, whatever the listener hands down")
                .isEqualTo(1);
    }

    @Test
    void optionsOfAConnectionSetByNumber() throws Exception {
        KQueueSocketChannel child = child(bind());
        child.config()
                .setOption(
                        new IntegerUnixChannelOption(
                                "NODELAY",
                                child.socket.binding().platform().socket().IPPROTO_TCP(),
                                child.socket.binding().platform().socket().TCP_NODELAY()),
                        0);
        child.config().setTcpNoDelay(true);
        assertThat(kernel(child, SocketOption.TCP_NODELAY)).isEqualTo(1);
    }

    @Test
    void whatWouldBeFreeStillFailsOnAClosedChannel() throws Exception {
        KQueueSocketChannel child = child(bind());
        child.close().syncUninterruptibly();
        assertThatThrownBy(() -> child.config().setTcpNoDelay(true))
                .isInstanceOf(ChannelException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
    }

    @Test
    void connectionsWithDifferentWishes() throws Exception {
        bootstrap.option(ChannelOption.SO_LINGER, 5).childHandler(new Wishes());
        KQueueServerSocketChannel server = bind();
        for (int i = 0; i < 6; i++) {
            KQueueSocketChannel child = child(server);
            int wish = Wishes.LINGER[i % Wishes.LINGER.length];
            assertThat(kernel(child, SocketOption.SO_LINGER)).isEqualTo(wish);
        }
    }

    @ChannelHandler.Sharable
    private final class Wishes extends ChannelInitializer<KQueueSocketChannel> {

        static final int[] LINGER = {5, -1, 0};

        private int next;

        @Override
        protected void initChannel(KQueueSocketChannel child) {
            child.config().setSoLinger(LINGER[next++ % LINGER.length]);
            accepted.add(child);
        }
    }
}
