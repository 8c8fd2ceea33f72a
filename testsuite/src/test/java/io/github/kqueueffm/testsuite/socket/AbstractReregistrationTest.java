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
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A channel leaves its event loop and goes on on another. */
abstract class AbstractReregistrationTest implements Pairings {

    private EventLoopGroup group;

    @BeforeAll
    void startLoops() {
        group = transport().newGroup(2, "moving");
    }

    @AfterAll
    void stopLoops() throws InterruptedException {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private EventLoop otherThan(EventLoop loop) {
        EventLoop next = group.next();
        return next == loop ? group.next() : next;
    }

    private void move(Channel channel) throws InterruptedException {
        EventLoop target = otherThan(channel.eventLoop());
        sync(channel.deregister());
        sync(target.register(channel));
        assertThat(channel.eventLoop()).isSameAs(target);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void goesOnReadingThere(Pairing pairing) throws Exception {
        Thread[] reader = new Thread[1];
        Recorder recorder = new Recorder() {
            @Override
            protected void onRead(ChannelHandlerContext ctx, int length) {
                reader[0] = Thread.currentThread();
                assertThat(ctx.channel().eventLoop().inEventLoop()).isTrue();
            }
        };
        try (Link link =
                Link.on(pairing).subjectGroup(group).subjectEvents(recorder).open()) {
            byte[] message = Payload.of(100);
            for (int i = 0; i < 30; i++) {
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(message)));
                recorder.awaitBytes((2 * i + 1) * message.length);
                move(link.subject());
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(message)));
                recorder.awaitBytes((2 * i + 2) * message.length);
                assertThat(link.subject()
                                .eventLoop()
                                .submit(Thread::currentThread)
                                .get())
                        .isSameAs(reader[0]);
            }
            assertThat(recorder.exceptions()).isEmpty();
            assertThat(recorder.count(Event.ACTIVE)).isEqualTo(1);
        }
    }

    /** Data and end of file that arrive while the channel has no loop are told by the next one. */
    @ParameterizedTest
    @MethodSource("pairings")
    void hearsWhatArrivedInBetween(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(5000);
        try (Link link = Link.on(pairing).subjectGroup(group).open()) {
            EventLoop target = otherThan(link.subject().eventLoop());
            sync(link.subject().deregister());
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            sync(link.peer().close());
            assertThat(link.subjectEvents().size()).isZero();
            sync(target.register(link.subject()));
            link.subjectEvents().await(Event.INACTIVE);
            assertThat(link.subjectEvents().bytes()).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void keepsReadingTurnedOff(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(5000);
        try (Link link = Link.on(pairing)
                .subjectGroup(group)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .open()) {
            move(link.subject());
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            for (int i = 0; i < 10; i++) {
                link.subject().eventLoop().submit(() -> {}).sync();
            }
            assertThat(link.subjectEvents().count(Event.READ)).isZero();
            link.subject().config().setAutoRead(true);
            link.subjectEvents().awaitBytes(sent.length);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void goesOnWritingThere(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(16 << 20);
        try (Link link = Link.on(pairing)
                .subjectGroup(group)
                .peerOption(ChannelOption.AUTO_READ, false)
                .open()) {
            ChannelFuture written = link.subject().writeAndFlush(Unpooled.wrappedBuffer(sent));
            // The socket is full now, or will be, and the channel waits to be told that it is not.
            assertThat(written.await(100)).isFalse();
            move(link.subject());
            link.subject().flush();
            link.peer().config().setAutoRead(true);
            sync(written);
            link.peerEvents().awaitBytes(sent.length);
            assertThat(java.util.Arrays.equals(link.peerEvents().bytes(), sent)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void canBeClosedInBetween(Pairing pairing) throws Exception {
        try (Link link = Link.on(pairing).subjectGroup(group).open()) {
            sync(link.subject().deregister());
            sync(link.subject().close());
            link.peerEvents().await(Event.INACTIVE);
        }
    }
}
