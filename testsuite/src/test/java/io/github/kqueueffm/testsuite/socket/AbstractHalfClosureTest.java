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
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One direction of a connection ends, and the other goes on. */
abstract class AbstractHalfClosureTest implements Pairings {

    private static final byte[] DATA = Payload.of(30_000);

    @ParameterizedTest
    @MethodSource("pairings")
    void endOfInputIsToldOnceAndOutputGoesOn(Pairing pairing) throws Exception {
        try (Link link = halfClosable(pairing)) {
            link.peer().write(Unpooled.wrappedBuffer(DATA));
            link.peer().flush();
            sync(link.peer().shutdownOutput());
            link.subjectEvents().await(Event.INPUT_SHUTDOWN_READ_COMPLETE);
            assertThat(link.subject().isActive()).isTrue();
            assertThat(link.subject().isInputShutdown()).isTrue();
            assertThat(link.subject().isOutputShutdown()).isFalse();

            sync(link.subject().writeAndFlush(Unpooled.wrappedBuffer(DATA)));
            link.peerEvents().awaitBytes(DATA.length);
            sync(link.subject().close());
            link.peerEvents().await(Event.INACTIVE);

            Recorder recorder = link.subjectEvents();
            assertThat(recorder.bytes()).isEqualTo(DATA);
            assertThat(link.peerEvents().bytes()).isEqualTo(DATA);
            assertThat(recorder.count(Event.INPUT_SHUTDOWN)).isEqualTo(1);
            assertThat(recorder.count(Event.INPUT_SHUTDOWN_READ_COMPLETE)).isEqualTo(1);
            assertThat(recorder.events().indexOf(Event.INPUT_SHUTDOWN))
                    .isGreaterThan(recorder.events().lastIndexOf(Event.READ));
            assertThat(recorder.exceptions()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void endOfInputIsToldWithoutAnyoneReading(Pairing pairing) throws Exception {
        assumeTrue(pairing.subject().seesPeerCloseUnread(), "this transport waits for a read()");
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .open()) {
            sync(link.peer().shutdownOutput());
            link.subjectEvents().await(Event.INPUT_SHUTDOWN);
            sync(link.subject().writeAndFlush(Unpooled.wrappedBuffer(DATA)));
            link.peerEvents().awaitBytes(DATA.length);
            sync(link.peer().close());
            assertThat(link.subjectEvents().count(Event.INPUT_SHUTDOWN)).isEqualTo(1);
            assertThat(link.subjectEvents().count(Event.READ)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void endOfInputClosesUnlessAllowed(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            link.peer().write(Unpooled.wrappedBuffer(DATA));
            link.peer().flush();
            sync(link.peer().shutdownOutput());
            link.subjectEvents().await(Event.UNREGISTERED);
            assertThat(link.subjectEvents().bytes()).isEqualTo(DATA);
            assertThat(link.subjectEvents().count(Event.INPUT_SHUTDOWN)).isZero();
            assertThat(link.subjectEvents().exceptions()).isEmpty();
        }
    }

    /** Kernels report a finished output on the WRITE filter with EV_EOF, which is not the end of what can be read. */
    @ParameterizedTest
    @MethodSource("pairings")
    void ownEndOfOutputIsNotTheEndOfInput(Pairing pairing) throws Exception {
        try (Link link = halfClosableAtBothEnds(pairing)) {
            // Enough for the socket to say that it takes no more, so that its WRITE filter has been in use.
            ChannelFuture written = link.subject().writeAndFlush(Unpooled.wrappedBuffer(Payload.of(4 << 20)));
            sync(written);
            sync(link.subject().shutdownOutput());
            link.peerEvents().await(Event.INPUT_SHUTDOWN_READ_COMPLETE);
            assertThat(link.peerEvents().size()).isEqualTo(4 << 20);

            for (int i = 1; i <= 20; i++) {
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(DATA)));
                link.subjectEvents().awaitBytes(i * DATA.length);
                assertThat(link.subjectEvents().count(Event.INPUT_SHUTDOWN)).isZero();
                assertThat(link.subject().isActive()).isTrue();
                assertThat(link.subject().isInputShutdown()).isFalse();
            }
            sync(link.peer().shutdownOutput());
            link.subjectEvents().await(Event.INPUT_SHUTDOWN);
            assertThat(link.subjectEvents().size()).isEqualTo(20 * DATA.length);
            assertThat(link.subjectEvents().exceptions()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void shutdownStatesAreTold(Pairing pairing) throws Exception {
        try (Link link = halfClosableAtBothEnds(pairing)) {
            DuplexChannel subject = link.subject();
            assertThat(subject.isOutputShutdown()).isFalse();
            assertThat(subject.isInputShutdown()).isFalse();
            assertThat(subject.isShutdown()).isFalse();

            sync(subject.shutdownOutput());
            link.subjectEvents().await(Event.OUTPUT_SHUTDOWN);
            assertThat(subject.isOutputShutdown()).isTrue();
            assertThat(subject.isInputShutdown()).isFalse();
            assertThat(subject.isShutdown()).isFalse();

            sync(subject.shutdownInput());
            assertThat(subject.isInputShutdown()).isTrue();
            assertThat(subject.isShutdown()).isTrue();
            assertThat(subject.isOpen()).isTrue();

            sync(subject.close());
            assertThat(subject.isOutputShutdown()).isTrue();
            assertThat(subject.isInputShutdown()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void bothDirectionsAtOnce(Pairing pairing) throws Exception {
        try (Link link = halfClosableAtBothEnds(pairing)) {
            sync(link.subject().shutdown());
            assertThat(link.subject().isShutdown()).isTrue();
            assertThat(link.subject().isOpen()).isTrue();
            link.peerEvents().await(Event.INPUT_SHUTDOWN);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void writesAfterItFail(Pairing pairing) throws Exception {
        try (Link link = halfClosableAtBothEnds(pairing)) {
            sync(link.subject().shutdownOutput());
            ChannelFuture write = link.subject().writeAndFlush(Unpooled.wrappedBuffer(DATA));
            write.await();
            assertThat(write.cause())
                    .isInstanceOfAny(ChannelOutputShutdownException.class, ClosedChannelException.class);
            assertThat(link.subject().isOpen()).isTrue();
        }
    }

    private static Link halfClosable(Pairing pairing) throws Exception {
        return Link.on(pairing)
                .subjectOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .open();
    }

    private static Link halfClosableAtBothEnds(Pairing pairing) throws Exception {
        return Link.on(pairing)
                .subjectOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .peerOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .open();
    }
}
