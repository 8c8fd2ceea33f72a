// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.github.kqueueffm.testsuite.support.KQueuePairings;
import io.github.kqueueffm.testsuite.support.LibC;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.LoopThread;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels as descriptors: numbers that are used again, descriptors that come from elsewhere or live on elsewhere. */
class KQueueDescriptorTest implements KQueuePairings {

    /** For many children of one listener. */
    private static class SharableHandler extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }
    }

    private static int fd(Channel channel) {
        return channel instanceof KQueueSocketChannel
                ? ((KQueueSocketChannel) channel).fd().intValue()
                : ((KQueueServerSocketChannel) channel).fd().intValue();
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void fdTellsTheDescriptor(Pairing pairing) throws Exception {
        KQueueSocketChannel subject;
        try (Link link = Link.open(pairing)) {
            subject = (KQueueSocketChannel) link.subject();
            assertThat(subject.fd().intValue()).isPositive();
            assertThat(subject.fd().isOpen()).isTrue();
        }
        assertThat(subject.fd().isOpen()).isFalse();
    }

    /** In one turn of the loop: a close, and a new socket that gets the number. Nothing of the old may reach the new. */
    @ParameterizedTest
    @MethodSource("pairings")
    void aNumberIsUsedAgainInTheSameTurn(Pairing pairing) throws Exception {
        EventLoopGroup group = transport().newGroup(1, "reuse");
        EventLoop loop = group.next();
        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        Channel listener = sync(new ServerBootstrap()
                .group(Transports.sharedGroup(Transports.NIO))
                .channel(Transports.NIO.serverChannel())
                .childHandler(new SharableHandler() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        accepted.add(ctx.channel());
                    }
                })
                .bind(Link.loopback()));
        int reused = 0;
        for (int i = 0; i < 50; i++) {
            Link old = Link.on(pairing).subjectGroup(group).open();
            int number = fd(old.subject());
            Recorder recorder = new Recorder();
            // Something is on its way to the old channel, its filters are armed, and then it is closed.
            ChannelFuture sent = old.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
            KQueueSocketChannel[] successor = new KQueueSocketChannel[1];
            ChannelFuture connect = loop.submit(() -> {
                        old.subject().config().setAutoRead(false);
                        old.subject().close();
                        KQueueSocketChannel channel = new KQueueSocketChannel();
                        successor[0] = channel;
                        channel.pipeline().addLast(recorder);
                        loop.register(channel);
                        return channel.connect(listener.localAddress());
                    })
                    .get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
            sync(connect);
            sent.await();
            if (fd(successor[0]) == number) {
                reused++;
            }
            Channel peer = accepted.poll(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
            assertThat(peer).isNotNull();
            byte[] message = Payload.of(1000 + i);
            sync(peer.writeAndFlush(Unpooled.wrappedBuffer(message)));
            recorder.awaitBytes(message.length);
            assertThat(recorder.bytes()).isEqualTo(message);
            assertThat(recorder.exceptions()).isEmpty();
            assertThat(recorder.count(Event.INACTIVE)).isZero();
            sync(peer.close());
            recorder.await(Event.UNREGISTERED);
            old.close();
        }
        assertThat(reused).as("numbers used again").isPositive();
        sync(listener.close());
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    /** Connections come and go quickly, so that every number is used by many, on both loops. */
    @Test
    void numbersAreUsedByManyConnections() throws Exception {
        Channel listener = sync(new ServerBootstrap()
                .group(Transports.sharedGroup(Transports.KQUEUE))
                .channel(KQueueServerSocketChannel.class)
                .childHandler(new SharableHandler() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ctx.writeAndFlush(msg);
                    }
                })
                .bind(Link.loopback()));
        Set<Integer> numbers = new HashSet<>();
        int connections = 500;
        for (int i = 0; i < connections; i++) {
            Recorder recorder = new Recorder();
            Channel channel = sync(new Bootstrap()
                    .group(Transports.sharedGroup(Transports.KQUEUE))
                    .channel(KQueueSocketChannel.class)
                    .handler(recorder)
                    .connect(listener.localAddress()));
            numbers.add(fd(channel));
            byte[] message = Payload.of(1 + i);
            channel.writeAndFlush(Unpooled.wrappedBuffer(message));
            recorder.awaitBytes(message.length);
            assertThat(recorder.bytes()).isEqualTo(message);
            assertThat(recorder.exceptions()).isEmpty();
            sync(channel.close());
        }
        assertThat(numbers.size()).isLessThan(connections / 2);
        sync(listener.close());
    }

    /** A connected descriptor that somebody else made becomes a channel that is active as soon as it has a loop. */
    @Test
    void aConnectedDescriptorIsTakenOver() throws Exception {
        try (Link link = Link.open(new Pairing(Transports.KQUEUE, Transports.NIO, false))) {
            KQueueSocketChannel adopted = new KQueueSocketChannel(LibC.dup(fd(link.subject())));
            Recorder recorder = new Recorder();
            adopted.pipeline().addLast(recorder);
            assertThat(adopted.isActive()).isTrue();
            assertThat(adopted.isOpen()).isTrue();
            assertThat(adopted.localAddress()).isEqualTo(link.subject().localAddress());
            assertThat(adopted.remoteAddress()).isEqualTo(link.subject().remoteAddress());
            sync(link.subject().close());

            sync(Transports.sharedGroup(Transports.KQUEUE).register(adopted));
            recorder.await(Event.ACTIVE);
            byte[] message = Payload.of(10_000);
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(message)));
            recorder.awaitBytes(message.length);
            assertThat(recorder.bytes()).isEqualTo(message);
            sync(adopted.writeAndFlush(Unpooled.wrappedBuffer(message)));
            link.peerEvents().awaitBytes(message.length);
            sync(adopted.close());
            link.peerEvents().await(Event.INACTIVE);
        }
    }

    @Test
    void aListeningDescriptorIsTakenOver() throws Exception {
        Channel original = sync(new ServerBootstrap()
                .group(Transports.sharedGroup(Transports.KQUEUE))
                .channel(KQueueServerSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(Link.loopback()));
        int number = LibC.dup(fd(original));
        sync(original.close());

        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        KQueueServerSocketChannel adopted = new KQueueServerSocketChannel(number);
        assertThat(adopted.isActive()).isTrue();
        assertThat(adopted.localAddress()).isEqualTo(original.localAddress());
        adopted.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object child) {
                Transports.sharedGroup(Transports.KQUEUE).register((Channel) child);
                accepted.add((Channel) child);
            }
        });
        sync(Transports.sharedGroup(Transports.KQUEUE).register(adopted));
        Channel client = sync(new Bootstrap()
                .group(Transports.sharedGroup(Transports.NIO))
                .channel(NioSocketChannel.class)
                .handler(new Recorder())
                .connect(original.localAddress()));
        Channel child = accepted.poll(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(child).isNotNull();
        assertThat(child.remoteAddress()).isEqualTo(client.localAddress());
        sync(client.close());
        sync(child.close());
        sync(adopted.close());
    }

    @Test
    void aNumberThatIsNoSocketIsRefused() {
        int[] pipe = LibC.pipe();
        try {
            assertThatThrownBy(() -> new KQueueSocketChannel(pipe[0])).isInstanceOf(ChannelException.class);
            assertThatThrownBy(() -> new KQueueServerSocketChannel(pipe[0])).isInstanceOf(ChannelException.class);
        } finally {
            LibC.close(pipe[0]);
            LibC.close(pipe[1]);
        }
    }

    /**
     * A copy of the descriptor outlives the channel's close, and with it, on Linux, the registration in the epoll set. What
     * the connection does then concerns nobody, and must not keep the loop busy.
     */
    @ParameterizedTest
    @MethodSource("pairings")
    void aCopyThatOutlivesTheChannelDoesNotSpinTheLoop(Pairing pairing) throws Exception {
        EventLoopGroup group = transport().newGroup(1, "outlived");
        int copy;
        try (Link link = Link.on(pairing).subjectGroup(group).open()) {
            copy = LibC.dup(fd(link.subject()));
            sync(link.subject().close());
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1000])));
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1000])));
            sync(link.peer().close());
            LoopThread thread = LoopThread.of(group.next());
            long before = thread.cpuNanos();
            TimeUnit.MILLISECONDS.sleep(500);
            assertThat(thread.cpuNanos() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
        }
        // And the loop serves the next connection, which may have the number.
        try (Link link = Link.on(pairing).subjectGroup(group).open()) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[10])));
            link.subjectEvents().awaitBytes(10);
            assertThat(link.subjectEvents().size()).isEqualTo(10);
        }
        LibC.close(copy);
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }
}
