// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The peer closes: the subject learns of it, once, and not before it has everything that was sent. */
abstract class AbstractPeerCloseTest implements Pairings {

    @ParameterizedTest
    @MethodSource("pairings")
    void whileReading(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            sync(link.peer().close());
            link.subjectEvents().await(Event.UNREGISTERED);
            assertClosedCleanlyAfter(link, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void withoutAnyoneReading(Pairing pairing) throws Exception {
        try (Link link =
                Link.on(pairing).subjectOption(ChannelOption.AUTO_READ, false).open()) {
            sync(link.peer().close());
            if (!pairing.subject().seesPeerCloseUnread()) {
                assertThat(link.subject().isActive()).isTrue();
                link.subject().read();
            }
            link.subjectEvents().await(Event.UNREGISTERED);
            assertClosedCleanlyAfter(link, 0);
        }
    }

    /** What was sent before the close is handed over although nobody called read(): there will be no other occasion. */
    @ParameterizedTest
    @MethodSource("pairings")
    void withDataThatNobodyAskedFor(Pairing pairing) throws Exception {
        assumeTrue(pairing.subject().seesPeerCloseUnread(), "this transport waits for a read()");
        byte[] sent = Payload.of(20_000);
        try (Link link =
                Link.on(pairing).subjectOption(ChannelOption.AUTO_READ, false).open()) {
            link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)).addListener(ChannelFutureListener.CLOSE);
            link.subjectEvents().await(Event.UNREGISTERED);
            assertThat(link.subjectEvents().bytes()).isEqualTo(sent);
            assertClosedCleanlyAfter(link, sent.length);
        }
    }

    /** The end of file arrives while the reader is between two read() calls with most of the data unread. */
    @ParameterizedTest
    @MethodSource("pairings")
    void whileTheReaderPauses(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(50_000);
        CountDownLatch closed = new CountDownLatch(1);
        Recorder pausing = new Recorder() {
            @Override
            protected void onRead(ChannelHandlerContext ctx, int length) {
                if (size() == length) {
                    closed.countDown();
                } else {
                    ctx.read();
                }
            }
        };
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1000))
                .subjectEvents(pausing)
                .open()) {
            link.subject().read();
            ChannelFuture written = link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent));
            assertThat(closed.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            sync(written);
            sync(link.peer().close());
            link.subject().read();
            if (!pairing.subject().seesPeerCloseUnread()) {
                // Each read() brings at most 16 buffers, and the one that brings the end has to be called for.
                readUntilClosed(link);
            }
            link.subjectEvents().await(Event.UNREGISTERED);
            assertThat(link.subjectEvents().bytes()).isEqualTo(sent);
            assertClosedCleanlyAfter(link, sent.length);
        }
    }

    /** More than fits into the socket buffers, read in steps, with pauses in which the rest arrives and the peer closes. */
    @ParameterizedTest
    @MethodSource("pairings")
    void whileAStreamIsReadInSteps(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(8 << 20);
        Recorder inSteps = new Recorder() {
            private int steps;

            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
                super.channelReadComplete(ctx);
                if (++steps % 50 == 0) {
                    ctx.executor().schedule(ctx::read, 5, TimeUnit.MILLISECONDS);
                } else {
                    ctx.read();
                }
            }
        };
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(8192))
                .subjectEvents(inSteps)
                .open()) {
            link.subject().read();
            link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)).addListener(ChannelFutureListener.CLOSE);
            link.subjectEvents().await(Event.UNREGISTERED);
            assertThat(link.subjectEvents().bytes()).isEqualTo(sent);
            assertClosedCleanlyAfter(link, sent.length);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void atTheSameTimeAsTheSubject(Pairing pairing) throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Link link = Link.open(pairing)) {
                ChannelFuture peerClosed = link.peer().close();
                ChannelFuture subjectClosed = link.subject().close();
                sync(peerClosed);
                sync(subjectClosed);
                link.subjectEvents().await(Event.UNREGISTERED);
                assertClosedCleanlyAfter(link, 0);
            }
        }
    }

    /** A close from within channelRead ends the read loop, whatever is left to read. */
    @ParameterizedTest
    @MethodSource("pairings")
    void ownCloseInChannelReadIsTheLastRead(Pairing pairing) throws Exception {
        Recorder closing = new Recorder() {
            @Override
            protected void onRead(ChannelHandlerContext ctx, int length) {
                ctx.close();
            }
        };
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16))
                .subjectEvents(closing)
                .open()) {
            link.peer().writeAndFlush(Unpooled.wrappedBuffer(Payload.of(10_000)));
            link.subjectEvents().await(Event.UNREGISTERED);
            assertThat(link.subjectEvents().count(Event.READ)).isEqualTo(1);
            assertThat(link.subjectEvents().size()).isEqualTo(16);
            assertThat(link.subjectEvents().count(Event.INACTIVE)).isEqualTo(1);
        }
    }

    private static void readUntilClosed(Link link) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Recorder.TIMEOUT_SECONDS);
        while (!link.subject().closeFuture().await(1, TimeUnit.MILLISECONDS)) {
            assertThat(System.nanoTime()).as("still open").isLessThan(deadline);
            link.subject().read();
        }
    }

    private static void assertClosedCleanlyAfter(Link link, int bytes) {
        Recorder recorder = link.subjectEvents();
        List<Event> events = recorder.events();
        assertThat(recorder.exceptions()).isEmpty();
        assertThat(recorder.size()).isEqualTo(bytes);
        assertThat(recorder.count(Event.ACTIVE)).isEqualTo(1);
        assertThat(recorder.count(Event.INACTIVE)).isEqualTo(1);
        assertThat(recorder.count(Event.UNREGISTERED)).isEqualTo(1);
        assertThat(recorder.count(Event.OTHER_USER_EVENT)).isZero();
        assertThat(events.indexOf(Event.INACTIVE)).isGreaterThan(events.lastIndexOf(Event.READ));
        assertThat(events.indexOf(Event.INACTIVE)).isGreaterThan(events.lastIndexOf(Event.READ_COMPLETE));
        assertThat(events).last().isEqualTo(Event.UNREGISTERED);
        assertThat(link.subject().isOpen()).isFalse();
        assertThat(link.subject().isActive()).isFalse();
    }
}
