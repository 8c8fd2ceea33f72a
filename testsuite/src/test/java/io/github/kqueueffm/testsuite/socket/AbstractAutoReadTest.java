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
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading only when asked: nothing comes unasked, and nothing that came meanwhile is lost. */
abstract class AbstractAutoReadTest implements Pairings {

    /** One buffer of {@code size} for each read(). */
    private static RecvByteBufAllocator oneOf(int size) {
        return new FixedRecvByteBufAllocator(size).maxMessagesPerRead(1);
    }

    /** On the loop, where it takes effect at once: a read that is asked for already may still be done otherwise. */
    private static void turnOff(Channel channel) throws InterruptedException {
        channel.eventLoop().submit(() -> channel.config().setAutoRead(false)).sync();
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void oneReadBringsOneBuffer(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(64 * 100);
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, oneOf(64))
                .open()) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            Recorder recorder = link.subjectEvents();
            for (int i = 1; i <= 100; i++) {
                link.subject().read();
                int reads = i;
                recorder.await(() -> recorder.count(Event.READ_COMPLETE) == reads, "end of read " + i);
                // Whatever else the loop had in mind has happened when this task has run.
                link.subject().eventLoop().submit(() -> {}).sync();
                assertThat(recorder.count(Event.READ)).isEqualTo(i);
                assertThat(recorder.size()).isEqualTo(64 * i);
            }
            assertThat(recorder.bytes()).isEqualTo(sent);
        }
    }

    /** An edge is told once: what maxMessagesPerRead leaves is read without anything new arriving. */
    @ParameterizedTest
    @MethodSource("pairings")
    void whatMaxMessagesPerReadLeavesIsReadNextTurn(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(50_000);
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, oneOf(50))
                .open()) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            link.subjectEvents().awaitBytes(sent.length);
            assertThat(link.subjectEvents().bytes()).isEqualTo(sent);
            Recorder recorder = link.subjectEvents();
            assertThat(recorder.count(Event.READ)).isGreaterThanOrEqualTo(1000);
            recorder.await(() -> recorder.count(Event.READ_COMPLETE) >= 1000, "an end of each read");
        }
    }

    /** The same with reading turned off at every buffer, and on again by a task. */
    @ParameterizedTest
    @MethodSource("pairings")
    void turnedOffByTheHandlerAtEveryBuffer(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(100_000);
        AtomicInteger unasked = new AtomicInteger();
        Recorder toggling = new Recorder() {
            private boolean off;

            @Override
            protected void onRead(ChannelHandlerContext ctx, int length) {
                if (off) {
                    unasked.incrementAndGet();
                }
                off = true;
                ctx.channel().config().setAutoRead(false);
                ctx.executor().execute(() -> {
                    off = false;
                    ctx.channel().config().setAutoRead(true);
                });
            }
        };
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(100))
                .subjectEvents(toggling)
                .open()) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            link.subjectEvents().awaitBytes(sent.length);
            assertThat(link.subjectEvents().bytes()).isEqualTo(sent);
            assertThat(unasked).hasValue(0);
        }
    }

    /** Off and on again within one task, with data there and with none: costs nothing and loses nothing. */
    @ParameterizedTest
    @MethodSource("pairings")
    void turnedOffAndOnInOneTask(Pairing pairing) throws Exception {
        byte[] message = Payload.of(100);
        try (Link link = Link.open(pairing)) {
            for (int i = 1; i <= 200; i++) {
                ChannelFuture written = link.peer().writeAndFlush(Unpooled.wrappedBuffer(message));
                link.subject()
                        .eventLoop()
                        .submit(() -> {
                            link.subject().config().setAutoRead(false);
                            link.subject().config().setAutoRead(true);
                        })
                        .sync();
                sync(written);
                link.subjectEvents().awaitBytes(i * message.length);
            }
        }
    }

    /** What arrived while reading was off is there when it is turned on, though no event tells of it again. */
    @ParameterizedTest
    @MethodSource("pairings")
    void whatArrivedMeanwhileIsRead(Pairing pairing) throws Exception {
        byte[] message = Payload.of(100);
        try (Link link = Link.open(pairing)) {
            for (int i = 0; i < 100; i++) {
                turnOff(link.subject());
                // More than one segment, so that more than one edge may pass while nobody looks.
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(message)));
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(message)));
                link.subject().eventLoop().submit(() -> {}).sync();
                assertThat(link.subjectEvents().size()).isEqualTo(i * 2 * message.length);
                link.subject().config().setAutoRead(true);
                link.subjectEvents().awaitBytes((i + 1) * 2 * message.length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void nothingIsReadBeforeTheFirstRead(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(1000);
        try (Link link =
                Link.on(pairing).subjectOption(ChannelOption.AUTO_READ, false).open()) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            for (int i = 0; i < 10; i++) {
                link.subject().eventLoop().submit(() -> {}).sync();
            }
            assertThat(link.subjectEvents().count(Event.READ)).isZero();
            assertThat(link.subjectEvents().count(Event.READ_COMPLETE)).isZero();
            link.subject().read();
            link.subjectEvents().awaitBytes(sent.length);
        }
    }

    /** A foreign thread turns reading off and on while a stream arrives. */
    @ParameterizedTest
    @MethodSource("pairings")
    void toggledByAnotherThread(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(16 << 20);
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(4096))
                .open()) {
            ChannelFuture written = link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent));
            Random random = new Random(1);
            while (!written.isDone()) {
                link.subject().config().setAutoRead(random.nextBoolean());
                if (random.nextInt(10) == 0) {
                    link.subject().read();
                }
                // Each turn may be a task, and a loop that drowns in those reads nothing.
                LockSupport.parkNanos(random.nextInt(50_000));
            }
            sync(written);
            link.subject().config().setAutoRead(true);
            link.subjectEvents().awaitBytes(sent.length);
            assertThat(Arrays.equals(link.subjectEvents().bytes(), sent)).isTrue();
            assertThat(link.subjectEvents().exceptions()).isEmpty();
        }
    }

    /** A channel that is flooded does not keep its loop from the others. */
    @ParameterizedTest
    @MethodSource("pairings")
    void aFloodedChannelLeavesTheLoopToTasks(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            AtomicInteger flushed = new AtomicInteger();
            byte[] chunk = Payload.of(64 << 10);
            Runnable more = new Runnable() {
                @Override
                public void run() {
                    if (flushed.incrementAndGet() < 500) {
                        link.peer()
                                .writeAndFlush(Unpooled.wrappedBuffer(chunk))
                                .addListener(done -> link.peer().eventLoop().execute(this));
                    }
                }
            };
            link.peer().eventLoop().execute(more);
            for (int i = 0; i < 100; i++) {
                link.subject().eventLoop().submit(() -> {}).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
            link.subjectEvents().awaitBytes(499 * chunk.length);
        }
    }
}
