// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The counts of event loops as an application gets them. */
@Timeout(120)
class KQueueMetricsTest {

    private static final List<String> NAMES = List.of(
            "netty.kqueue.waits",
            "netty.kqueue.polls",
            "netty.kqueue.flushes",
            "netty.kqueue.changes",
            "netty.kqueue.changes.coalesced",
            "netty.kqueue.events",
            "netty.kqueue.reads.saved",
            "netty.kqueue.accepts.saved",
            "netty.kqueue.wakeups",
            "netty.kqueue.eagains",
            "netty.kqueue.errors",
            "netty.kqueue.accept.pauses");

    private static void shutDown(EventLoopGroup group) throws InterruptedException {
        assertThat(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(60, TimeUnit.SECONDS))
                .isTrue();
    }

    /** A connection, a byte there, and its end. */
    private static void talk(EventLoopGroup group) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(KQueueServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.closeFuture().addListener(closed -> ended.countDown());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        Channel client = new Bootstrap()
                .group(group)
                .channel(KQueueSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
        client.close().sync();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        server.close().sync();
    }

    @Test
    void aGroupIsTheSumOfItsEventLoops() throws Exception {
        KQueueEventLoopGroup group = new KQueueEventLoopGroup(3);
        talk(group);
        shutDown(group);
        KQueueMetrics sum = group.metrics();
        KQueueMetrics ofLoops = KQueueMetrics.of(new KQueueEventLoopGroup(1));
        for (EventExecutor loop : group) {
            ofLoops = ofLoops.plus(KQueueMetrics.of(loop));
        }
        assertThat(sum.toMap()).isEqualTo(ofLoops.toMap());
        assertThat(KQueueMetrics.of(group).toMap()).isEqualTo(sum.toMap());
        assertThat(sum.waits()).isPositive();
        assertThat(sum.changes()).isGreaterThanOrEqualTo(3);
        assertThat(sum.events()).isGreaterThanOrEqualTo(3);
        assertThat(sum.savedAccepts()).isEqualTo(1);
        assertThat(sum.savedReads()).isGreaterThanOrEqualTo(1);
        assertThat(sum.wakeups()).isPositive();
        assertThat(sum.errors()).isZero();
        assertThat(sum.acceptPauses()).isZero();
    }

    @Test
    void theGroupMayBeNettysOwn() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
        assertThat(KQueueMetrics.of(group).toMap().values()).containsOnly(0L);
        talk(group);
        EventLoop loop = group.next();
        KQueueMetrics before = loop.submit(() -> KQueueMetrics.of(loop)).get(60, TimeUnit.SECONDS);
        talk(group);
        KQueueMetrics more = loop.submit(() -> KQueueMetrics.of(loop))
                .get(60, TimeUnit.SECONDS)
                .minus(before);
        assertThat(more.savedAccepts()).isEqualTo(1);
        assertThat(more.changes()).isBetween(3L, 5L);
        shutDown(group);
    }

    @Test
    void othersHaveDoneNothing() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        group.submit(() -> {}).sync();
        assertThat(KQueueMetrics.of(group).toMap().values())
                .hasSameSizeAs(NAMES)
                .containsOnly(0L);
        shutDown(group);
    }

    @Test
    void namesAndTheirOrder() {
        KQueueMetrics none = KQueueMetrics.of(new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory()));
        assertThat(none.toMap().keySet()).containsExactlyElementsOf(NAMES);
        assertThat(none.toString())
                .startsWith("waits 0, polls 0, flushes 0, changes 0, changes.coalesced 0, events 0, reads.saved 0");
    }

    @Test
    void eachNameIsTheOneOfItsMethod() throws Exception {
        KQueueEventLoopGroup group = new KQueueEventLoopGroup(1);
        talk(group);
        shutDown(group);
        KQueueMetrics m = group.metrics();
        assertThat(m.toMap())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("netty.kqueue.waits", m.waits()),
                        Map.entry("netty.kqueue.polls", m.polls()),
                        Map.entry("netty.kqueue.flushes", m.flushes()),
                        Map.entry("netty.kqueue.changes", m.changes()),
                        Map.entry("netty.kqueue.changes.coalesced", m.coalescedChanges()),
                        Map.entry("netty.kqueue.events", m.events()),
                        Map.entry("netty.kqueue.reads.saved", m.savedReads()),
                        Map.entry("netty.kqueue.accepts.saved", m.savedAccepts()),
                        Map.entry("netty.kqueue.wakeups", m.wakeups()),
                        Map.entry("netty.kqueue.eagains", m.eagains()),
                        Map.entry("netty.kqueue.errors", m.errors()),
                        Map.entry("netty.kqueue.accept.pauses", m.acceptPauses())));
    }

    @Test
    void aRefusedConnectIsAnError() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) closed.getLocalSocketAddress();
        }
        KQueueEventLoopGroup group = new KQueueEventLoopGroup(1);
        assertThat(new Bootstrap()
                        .group(group)
                        .channel(KQueueSocketChannel.class)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(nobody)
                        .await()
                        .isSuccess())
                .isFalse();
        shutDown(group);
        assertThat(group.metrics().errors()).isEqualTo(1);
    }

    @Test
    void aFullSocketAnswersEagain() throws Exception {
        KQueueEventLoopGroup group = new KQueueEventLoopGroup(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CountDownLatch full = new CountDownLatch(1);
            Channel client = new Bootstrap()
                    .group(group)
                    .channel(KQueueSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                            full.countDown();
                        }
                    })
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            // Far more than the buffers of both sides, whatever the system makes of them.
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[64 << 20]));
            assertThat(full.await(60, TimeUnit.SECONDS)).isTrue();
            // The write was under way when the writability changed; a task of the event loop comes after it.
            client.eventLoop().submit(() -> {}).sync();
            assertThat(group.metrics().eagains()).isEqualTo(1);
            client.close().sync();
        }
        shutDown(group);
    }
}
