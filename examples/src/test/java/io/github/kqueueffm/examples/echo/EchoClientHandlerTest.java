// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client must notice everything that an echo server can do wrong. */
class EchoClientHandlerTest {
    private static final int SIZE = 100;

    private final EchoSession session = new EchoSession(new EchoPayload(SIZE));
    private final EmbeddedChannel channel = new EmbeddedChannel(new EchoClientHandler(session, 7));

    @AfterEach
    void releaseAll() {
        channel.releaseOutbound();
        channel.releaseInbound();
    }

    @Test
    void sendsTheNextMessageWhenTheAnswerIsComplete() {
        byte[] first = sent();
        channel.writeInbound(Unpooled.copiedBuffer(first, 0, 60));
        assertThat(channel.<Object>readOutbound()).isNull();
        channel.writeInbound(Unpooled.copiedBuffer(first, 60, 40));
        byte[] second = sent();

        assertThat(first).hasSize(SIZE);
        assertThat(second).hasSize(SIZE).isNotEqualTo(first);
        assertThat(session.answers()).isEqualTo(1);
        assertThat(session.latencies().getIntervalHistogram().getTotalCount()).isEqualTo(1);
        assertThat(session.failures()).isEmpty();
    }

    @Test
    void noticesAWrongByteInAnyPlace() {
        for (int place = 0; place < SIZE; place++) {
            EchoSession another = new EchoSession(new EchoPayload(SIZE));
            EmbeddedChannel wrong = new EmbeddedChannel(new EchoClientHandler(another, 7));
            ByteBuf message = wrong.readOutbound();
            message.setByte(place, message.getByte(place) ^ 1);
            wrong.writeInbound(message.readRetainedSlice(SIZE / 2), message);

            assertThat(another.failures()).hasSize(1);
            assertThat(another.failures().get(0)).contains("connection 7, message 0: a wrong byte");
            assertThat(wrong.isOpen()).isFalse();
        }
    }

    @Test
    void noticesTheAnswerToAnotherMessage() {
        byte[] first = sent();
        channel.writeInbound(Unpooled.copiedBuffer(first));
        sent();
        channel.writeInbound(Unpooled.copiedBuffer(first));

        assertThat(session.failures()).hasSize(1);
        assertThat(session.failures().get(0)).contains("connection 7, message 1: a wrong byte");
    }

    @Test
    void noticesMoreThanWasSent() {
        channel.writeInbound(Unpooled.copiedBuffer(sent(), new byte[1]));

        assertThat(session.failures()).containsExactly("connection 7, message 0: more came back than was sent");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void noticesAnEarlyClose() throws InterruptedException {
        sent();
        channel.close();

        assertThat(session.failures()).containsExactly("connection 7, message 0: closed by the server");
        assertThat(session.awaitFailure(0)).isTrue();
    }

    @Test
    void noticesAnError() {
        sent();
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

        assertThat(session.failures()).containsExactly("connection 7, message 0: Connection reset by peer");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void closesAfterTheLastAnswerWhenStopped() throws InterruptedException {
        byte[] first = sent();
        session.stop();
        assertThat(channel.isOpen()).isTrue();
        channel.writeInbound(Unpooled.copiedBuffer(first));

        assertThat(channel.isOpen()).isFalse();
        assertThat(session.answers()).isEqualTo(1);
        assertThat(session.failures()).isEmpty();
        assertThat(session.awaitFailure(0)).isFalse();
    }

    private byte[] sent() {
        ByteBuf message = channel.readOutbound();
        byte[] bytes = ByteBufUtil.getBytes(message);
        message.release();
        return bytes;
    }
}
