// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.Transports;
import io.github.kqueueffm.testsuite.support.UnresponsiveAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connects that fail, are called off, or take their time; and many at once. */
abstract class AbstractConnectTest implements Pairings {

    private Bootstrap client(Recorder recorder) {
        return new Bootstrap()
                .group(Transports.sharedGroup(transport()))
                .channel(transport().socketChannel())
                .handler(recorder);
    }

    private static InetSocketAddress nobodyListens() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, Link.ipv4Loopback())) {
            return new InetSocketAddress(Link.ipv4Loopback(), socket.getLocalPort());
        }
    }

    private static Throwable failureOf(ChannelFuture future) throws InterruptedException {
        assertThat(future.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(future.isSuccess()).isFalse();
        Throwable cause = future.cause();
        if (cause == null) {
            throw new AssertionError("failed without a cause");
        }
        return cause;
    }

    /** With auto-read on, where a read could use the socket's error up before it is asked for. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void toNobodyIsRefused(boolean autoRead) throws Exception {
        for (int i = 0; i < 100; i++) {
            InetSocketAddress address = nobodyListens();
            Recorder recorder = new Recorder();
            ChannelFuture connect =
                    client(recorder).option(ChannelOption.AUTO_READ, autoRead).connect(address);
            Throwable cause = failureOf(connect);
            assertThat(cause).isInstanceOf(ConnectException.class);
            assertThat(cause).hasMessageContaining("refused");
            assertThat(cause).hasMessageContaining("127.0.0.1");
            assertThat(cause).hasMessageContaining(String.valueOf(address.getPort()));
            sync(connect.channel().closeFuture());
            assertThat(connect.channel().isOpen()).isFalse();
            recorder.await(Event.UNREGISTERED);
            assertThat(recorder.events()).doesNotContain(Event.ACTIVE, Event.INACTIVE, Event.EXCEPTION);
        }
    }

    @Test
    void toNobodyIsRefusedWithHalfClosureAllowed() throws Exception {
        Recorder recorder = new Recorder();
        ChannelFuture connect =
                client(recorder).option(ChannelOption.ALLOW_HALF_CLOSURE, true).connect(nobodyListens());
        assertThat(failureOf(connect)).isInstanceOf(ConnectException.class);
        recorder.await(Event.UNREGISTERED);
        assertThat(recorder.events()).containsOnly(Event.UNREGISTERED);
    }

    @Test
    void runsOutOfTime() throws Exception {
        Recorder recorder = new Recorder();
        long start = System.nanoTime();
        ChannelFuture connect = client(recorder)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 200)
                .connect(UnresponsiveAddress.get());
        Throwable cause = failureOf(connect);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertThat(cause).isInstanceOf(ConnectTimeoutException.class);
        assertThat(cause)
                .hasMessageContaining(String.valueOf(UnresponsiveAddress.get().getPort()));
        assertThat(millis).isBetween(200L, 10_000L);
        sync(connect.channel().closeFuture());
        recorder.await(Event.UNREGISTERED);
        assertThat(recorder.events()).containsOnly(Event.UNREGISTERED);
    }

    @Test
    void isCancelled() throws Exception {
        Recorder recorder = new Recorder();
        ChannelFuture connect = client(recorder).connect(UnresponsiveAddress.get());
        assertThat(connect.await(50)).isFalse();
        assertThat(connect.cancel(true)).isTrue();
        assertThat(connect.isCancelled()).isTrue();
        sync(connect.channel().closeFuture());
        recorder.await(Event.UNREGISTERED);
        assertThat(recorder.events()).containsOnly(Event.UNREGISTERED);
    }

    @Test
    void isCancelledRightAfterItWasCalledFor() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 200, Link.ipv4Loopback())) {
            for (int i = 0; i < 100; i++) {
                ChannelFuture connect = client(new Recorder()).connect(server.getLocalSocketAddress());
                boolean cancelled = connect.cancel(true);
                connect.await();
                assertThat(connect.isCancelled()).isEqualTo(cancelled);
                if (!cancelled) {
                    connect.channel().close();
                }
                sync(connect.channel().closeFuture());
            }
        }
    }

    @Test
    void endsWithAClose() throws Exception {
        Recorder recorder = new Recorder();
        ChannelFuture connect = client(recorder).connect(UnresponsiveAddress.get());
        assertThat(connect.await(50)).isFalse();
        sync(connect.channel().close());
        assertThat(failureOf(connect)).isInstanceOf(ClosedChannelException.class);
        recorder.await(Event.UNREGISTERED);
        assertThat(recorder.events()).containsOnly(Event.UNREGISTERED);
    }

    @Test
    void twiceIsAnError() throws Exception {
        Recorder recorder = new Recorder();
        ChannelFuture first = client(recorder).connect(UnresponsiveAddress.get());
        assertThat(first.await(50)).isFalse();
        assertThat(failureOf(first.channel().connect(UnresponsiveAddress.get())))
                .isInstanceOf(ConnectionPendingException.class);
        sync(first.channel().close());
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void whenConnectedIsAnError(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            assertThat(failureOf(link.subject().connect(UnresponsiveAddress.get())))
                    .isInstanceOf(AlreadyConnectedException.class);
        }
    }

    @Test
    void toANameThatWasNotResolved() throws Exception {
        ChannelFuture connect = client(new Recorder())
                .disableResolver()
                .connect(InetSocketAddress.createUnresolved("unresolved.invalid", 80));
        assertThat(failureOf(connect)).isInstanceOf(UnresolvedAddressException.class);
        sync(connect.channel().close());
    }

    @Test
    void fromAChosenAddress() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, Link.ipv4Loopback())) {
            InetSocketAddress local = nobodyListens();
            Channel channel = sync(client(new Recorder()).connect(server.getLocalSocketAddress(), local));
            assertThat(channel.localAddress()).isEqualTo(local);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getRemoteSocketAddress()).isEqualTo(local);
            }
            sync(channel.close());
        }
    }

    @Test
    void aPortThatIsTakenCannotBeBound() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 10, Link.ipv4Loopback())) {
            ChannelFuture bind = new ServerBootstrap()
                    .group(Transports.sharedGroup(transport()))
                    .channel(transport().serverChannel())
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(taken.getLocalSocketAddress());
            Throwable cause = failureOf(bind);
            assertThat(cause).isInstanceOf(BindException.class);
            assertThat(cause).hasMessageContaining("in use");
            sync(bind.channel().closeFuture());
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void manyAtOnce(Pairing pairing) throws Exception {
        int connections = 300;
        Channel listener = sync(new ServerBootstrap()
                .group(Transports.sharedGroup(pairing.server()))
                .channel(pairing.server().serverChannel())
                .option(ChannelOption.SO_BACKLOG, connections)
                .childHandler(new EchoOnce())
                .bind(Link.loopback()));
        List<Recorder> recorders = new ArrayList<>();
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Recorder recorder = new Recorder();
            recorders.add(recorder);
            Bootstrap bootstrap = new Bootstrap()
                    .group(Transports.sharedGroup(pairing.client()))
                    .channel(pairing.client().socketChannel())
                    .handler(recorder);
            byte[] message = {(byte) i};
            ChannelFuture connect = bootstrap.connect(listener.localAddress());
            channels.add(connect.channel());
            connect.addListener(done -> connect.channel().writeAndFlush(Unpooled.wrappedBuffer(message)));
        }
        for (int i = 0; i < connections; i++) {
            recorders.get(i).await(Event.UNREGISTERED);
            assertThat(recorders.get(i).bytes()).containsExactly(i);
            assertThat(recorders.get(i).exceptions()).isEmpty();
            sync(channels.get(i).closeFuture());
        }
        sync(listener.close());
    }

    @Sharable
    private static final class EchoOnce extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
