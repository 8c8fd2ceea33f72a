// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that end with RST, which SO_LINGER 0 makes of a close. */
abstract class AbstractResetTest implements Pairings {

    @ParameterizedTest
    @MethodSource("pairings")
    void isAnExceptionToAReader(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            reset(link.peer());
            link.subjectEvents().await(Event.UNREGISTERED);
            assertOneReset(pairing, link);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void isSeenWithoutAnyoneReading(Pairing pairing) throws Exception {
        try (Link link =
                Link.on(pairing).subjectOption(ChannelOption.AUTO_READ, false).open()) {
            reset(link.peer());
            if (!pairing.subject().seesPeerCloseUnread()) {
                link.subject().read();
            }
            link.subjectEvents().await(Event.UNREGISTERED);
            assertOneReset(pairing, link);
        }
    }

    /** Reading was blocked after it had begun, which leaves a filter that is armed in the kernel. */
    @ParameterizedTest
    @MethodSource("pairings")
    void isSeenAfterReadingWasTurnedOff(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(1000);
        try (Link link = Link.open(pairing)) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent)));
            link.subjectEvents().awaitBytes(sent.length);
            link.subject()
                    .eventLoop()
                    .submit(() -> link.subject().config().setAutoRead(false))
                    .sync();
            reset(link.peer());
            if (!pairing.subject().seesPeerCloseUnread()) {
                link.subject().read();
            }
            link.subjectEvents().await(Event.UNREGISTERED);
            assertThat(link.subjectEvents().bytes()).isEqualTo(sent);
            assertOneReset(pairing, link);
        }
    }

    /** The input is over, and so is the output, which is learnt by using it. */
    @ParameterizedTest
    @MethodSource("pairings")
    void isToldWhereHalfClosureIsAllowed(Pairing pairing) throws Exception {
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .open()) {
            reset(link.peer());
            link.subjectEvents().await(Event.EXCEPTION);
            link.subjectEvents().await(Event.INPUT_SHUTDOWN);
            ChannelFuture write = link.subject().writeAndFlush(Unpooled.wrappedBuffer(Payload.of(100)));
            write.await();
            assertThat(write.cause()).isInstanceOf(IOException.class);
            link.subjectEvents().await(Event.UNREGISTERED);
            assertOneReset(pairing, link);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void failsAWriteAndCloses(Pairing pairing) throws Exception {
        try (Link link =
                Link.on(pairing).subjectOption(ChannelOption.AUTO_READ, false).open()) {
            reset(link.peer());
            ChannelFuture write;
            do {
                // NIO closes a descriptor when it next selects: the reset may be yet to come.
                write = link.subject().writeAndFlush(Unpooled.wrappedBuffer(Payload.of(100)));
                write.await();
            } while (write.isSuccess());
            assertThat(write.cause()).isInstanceOf(IOException.class);
            link.subjectEvents().await(Event.UNREGISTERED);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void failsAndReleasesWhatWasStillToBeWritten(Pairing pairing) throws Exception {
        List<ByteBuf> buffers = new ArrayList<>();
        List<ChannelFuture> writes = new ArrayList<>();
        try (Link link =
                Link.on(pairing).peerOption(ChannelOption.AUTO_READ, false).open()) {
            Channel subject = link.subject();
            subject.eventLoop()
                    .submit(() -> {
                        do {
                            ByteBuf buffer = subject.alloc().directBuffer().writeBytes(Payload.of(100_000));
                            buffers.add(buffer);
                            writes.add(subject.writeAndFlush(buffer));
                        } while (subject.isWritable());
                    })
                    .sync();
            reset(link.peer());
            link.subjectEvents().await(Event.UNREGISTERED);
        }
        ChannelFuture last = writes.get(writes.size() - 1);
        assertThat(last.isDone()).isTrue();
        assertThat(last.cause()).isInstanceOf(IOException.class);
        assertThat(writes).allMatch(ChannelFuture::isDone);
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void isWhatOwnLingerZeroSends(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            reset(link.subject());
            link.peerEvents().await(Event.UNREGISTERED);
            assertThat(link.peerEvents().exceptions()).singleElement().isInstanceOf(IOException.class);
        }
    }

    private static void reset(Channel channel) throws InterruptedException {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        sync(channel.close());
    }

    private static void assertOneReset(Pairing pairing, Link link) {
        Recorder recorder = link.subjectEvents();
        assertThat(recorder.exceptions()).singleElement().isInstanceOf(IOException.class);
        assertThat(recorder.exceptions().get(0)).hasMessageContaining("reset");
        if (pairing.subject() == Transports.KQUEUE) {
            assertThat(recorder.exceptions().get(0)).isInstanceOf(KQueueIoException.class);
            assertThat(((KQueueIoException) recorder.exceptions().get(0)).errnoName())
                    .isEqualTo("ECONNRESET");
        }
        assertThat(recorder.count(Event.INACTIVE)).isEqualTo(1);
        assertThat(recorder.events().indexOf(Event.INACTIVE))
                .isGreaterThan(recorder.events().indexOf(Event.EXCEPTION));
    }
}
