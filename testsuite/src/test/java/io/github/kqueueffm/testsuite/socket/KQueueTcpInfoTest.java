// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.KQueueSocketChannel;
import io.github.kqueueffm.KQueueTcpInfo;
import io.github.kqueueffm.testsuite.support.KQueuePairings;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KQueueTcpInfoTest implements KQueuePairings {

    private static boolean isLinux() {
        return KQueue.platform().startsWith("linux");
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void tellsOfAConnection(Pairing pairing) throws Exception {
        try (Link link = Link.on(pairing)
                .subjectOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .open()) {
            KQueueSocketChannel channel = (KQueueSocketChannel) link.subject();
            byte[] sent = Payload.of(200_000);
            sync(channel.writeAndFlush(Unpooled.wrappedBuffer(sent)));
            link.peerEvents().awaitBytes(sent.length);
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1234])));
            link.subjectEvents().awaitBytes(1234);
            KQueueTcpInfo info = channel.tcpInfo();
            assertThat(info.stateName()).isEqualTo("ESTABLISHED");
            assertThat(info.sndMss()).isBetween(500L, 65_535L);
            assertThat(info.rtt()).as("microseconds, over loopback").isBetween(0L, 10_000_000L);
            assertThat(info.sndCwndBytes()).isPositive();
            if (isLinux()) {
                assertThat(info.rto()).isBetween(100_000L, 10_000_000L);
                assertThat(info.options() & 4).as("window scaling").isEqualTo(4);
                assertThat(info.bytesReceived()).isEqualTo(1234);
                assertThat(info.bytesSent()).isGreaterThanOrEqualTo(sent.length);
                assertThat(info.segsOut()).isPositive();
            }
            sync(link.peer().shutdownOutput());
            link.subjectEvents().await(Event.INPUT_SHUTDOWN);
            assertThat(channel.tcpInfo(info)).isSameAs(info);
            assertThat(info.stateName()).isEqualTo("CLOSE_WAIT");
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void afterTheCloseThereIsNothing(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            KQueueSocketChannel channel = (KQueueSocketChannel) link.subject();
            sync(channel.close());
            assertThatThrownBy(channel::tcpInfo)
                    .isInstanceOf(ChannelException.class)
                    .hasCauseInstanceOf(ClosedChannelException.class);
        }
    }
}
