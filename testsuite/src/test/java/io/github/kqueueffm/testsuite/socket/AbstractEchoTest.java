// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.Transports;
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
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many connections at a time, whose bytes must not get mixed up, and whose handlers close one another. */
abstract class AbstractEchoTest implements Pairings {

    @ParameterizedTest
    @MethodSource("pairings")
    void everyConnectionGetsItsOwnBytesBack(Pairing pairing) throws Exception {
        int connections = 40;
        Channel listener = sync(new ServerBootstrap()
                .group(Transports.sharedGroup(pairing.server()))
                .channel(pairing.server().serverChannel())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new Echo())
                .bind(pairing.server().endpoints().fresh()));
        List<Recorder> recorders = new ArrayList<>();
        List<Channel> channels = new ArrayList<>();
        List<byte[]> payloads = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < connections; i++) {
            byte[] payload = Payload.of(200_000 + i);
            Recorder recorder = new Recorder();
            recorders.add(recorder);
            payloads.add(payload);
            DuplexChannel channel = (DuplexChannel) sync(new Bootstrap()
                    .group(Transports.sharedGroup(pairing.client()))
                    .channel(pairing.client().socketChannel())
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .handler(recorder)
                    .connect(pairing.client().endpoints().reachable(listener.localAddress())));
            channels.add(channel);
            ChannelFuture written = channel.newSucceededFuture();
            for (int from = 0; from < payload.length; ) {
                int to = Math.min(payload.length, from + 1 + random.nextInt(20_000));
                written = channel.writeAndFlush(Unpooled.wrappedBuffer(payload, from, to - from));
                from = to;
            }
            // Not before: what is still to be written would fail.
            written.addListener(ignored -> channel.shutdownOutput());
        }
        for (int i = 0; i < connections; i++) {
            recorders.get(i).await(Event.INPUT_SHUTDOWN);
            assertThat(recorders.get(i).size()).as("connection %d", i).isEqualTo(payloads.get(i).length);
            assertThat(Arrays.equals(recorders.get(i).bytes(), payloads.get(i)))
                    .as("connection %d", i)
                    .isTrue();
            assertThat(recorders.get(i).exceptions()).isEmpty();
        }
        for (Channel channel : channels) {
            sync(channel.close());
        }
        sync(listener.close());
    }

    /**
     * The first of several channels of one loop to read closes all the others, whose events are then in the same batch, and
     * their descriptors' numbers go to the next round's connections.
     */
    @ParameterizedTest
    @MethodSource("pairings")
    void aHandlerClosesOthersThatHaveEvents(Pairing pairing) throws Exception {
        EventLoopGroup group = transport().newGroup(1, "closing");
        try {
            for (int round = 0; round < 20; round++) {
                closeOthers(pairing, group);
            }
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static void closeOthers(Pairing pairing, EventLoopGroup group) throws Exception {
        int connections = 8;
        List<Link> links = new ArrayList<>();
        AtomicInteger readers = new AtomicInteger();
        for (int i = 0; i < connections; i++) {
            Recorder closing = new Recorder() {
                @Override
                protected void onRead(ChannelHandlerContext ctx, int length) {
                    if (readers.incrementAndGet() == 1) {
                        for (Link link : links) {
                            if (link.subject() != ctx.channel()) {
                                link.subject().close();
                            }
                        }
                    }
                }
            };
            links.add(
                    Link.on(pairing).subjectGroup(group).subjectEvents(closing).open());
        }
        // The loop is kept busy until everything has arrived, so that it finds all events at once.
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        group.next().submit(() -> {
            busy.countDown();
            return arrived.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        });
        assertThat(busy.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (Link link : links) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[10])));
        }
        arrived.countDown();

        for (Link link : links) {
            Recorder recorder = link.subjectEvents();
            recorder.await(() -> recorder.size() > 0 || recorder.count(Event.UNREGISTERED) > 0, "read or close");
        }
        assertThat(links.stream().filter(link -> link.subject().isOpen())).hasSize(1);
        for (Link link : links) {
            link.close();
            link.subjectEvents().await(Event.UNREGISTERED);
            assertThat(link.subjectEvents().exceptions()).isEmpty();
            assertThat(link.subjectEvents().count(Event.INACTIVE)).isEqualTo(1);
            assertThat(link.subjectEvents().events().indexOf(Event.INACTIVE))
                    .isGreaterThan(link.subjectEvents().events().lastIndexOf(Event.READ));
        }
        assertThat(readers).hasValue(1);
    }

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
