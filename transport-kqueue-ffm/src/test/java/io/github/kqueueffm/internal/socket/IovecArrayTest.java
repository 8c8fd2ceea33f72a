// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Traits;
import io.github.kqueueffm.internal.sys.Binding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether entries are right is judged by the kernel: what writev(2) sends must be what the buffers hold. */
@Timeout(120)
class IovecArrayTest {

    private static final Binding BINDING = RealBinding.BINDING;

    private final IovecArray iovecs = new IovecArray(BINDING);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();

    @AfterEach
    void close() {
        channel.close();
    }

    static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    static byte[] sent(IovecArray iovecs) throws IOException {
        try (Loopback loopback = new Loopback(SocketProtocolFamily.INET)) {
            Loopback.Pair pair = loopback.pair();
            int size = Math.toIntExact(iovecs.byteCount());
            assertThat(pair.client().writev(iovecs.address(), iovecs.count())).isEqualTo(size);
            return loopback.read(pair.server(), size);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EMPTY", "HEAP", "COMPOSITE_WITH_HEAP"})
    void everyKindOfBuffer(BufferKind kind) throws IOException {
        byte[] content = content(1000);
        ByteBuf buf = kind.make(content);
        try {
            assertThat(iovecs.add(buf, buf.readerIndex(), buf.readableBytes())).isTrue();
            assertThat(iovecs.byteCount()).isEqualTo(1000);
            assertThat(iovecs.count()).isEqualTo(buf.nioBufferCount() == 1 ? 1 : iovecs.count());
            assertThat(sent(iovecs)).isEqualTo(content);
        } finally {
            buf.release();
        }
    }

    private void queue(int... sizes) {
        for (int size : sizes) {
            queueMessage(BufferKind.POOLED.make(content(size)), size);
        }
    }

    private void queueMessage(Object message, int size) {
        outbound.addMessage(message, size, channel.newPromise());
        outbound.addFlush();
    }

    @Test
    void limitOfBytesStopsBeforeTheMessageThatPassesIt() throws Exception {
        queue(100, 100, 100);
        iovecs.fill(outbound, 250);
        assertThat(iovecs.count()).isEqualTo(2);
        assertThat(iovecs.byteCount()).isEqualTo(200);
        iovecs.fill(outbound, 300);
        assertThat(iovecs.byteCount()).isEqualTo(300);
    }

    @Test
    void theFirstMessageGoesWhateverItsSize() throws Exception {
        queue(500, 1);
        iovecs.fill(outbound, 10);
        assertThat(iovecs.count()).isEqualTo(1);
        assertThat(iovecs.byteCount()).isEqualTo(500);
    }

    @Test
    void limitOfOneFillIsNotThatOfTheNext() throws Exception {
        queue(100, 100);
        iovecs.fill(outbound, 100);
        assertThat(iovecs.count()).isEqualTo(1);
        iovecs.clear();
        assertThat(iovecs.count()).isZero();
        assertThat(iovecs.byteCount()).isZero();
        outbound.forEachFlushedMessage(iovecs);
        assertThat(iovecs.count()).isEqualTo(2);
    }

    @Test
    void aFullArrayTakesNoMore() throws Exception {
        queue(1, 2, 3, 4);
        IovecArray small = new IovecArray(BINDING, 3);
        small.fill(outbound, Long.MAX_VALUE);
        assertThat(small.count()).isEqualTo(3);
        assertThat(small.byteCount()).isEqualTo(6);
        assertThat(small.add(1L, 1)).isFalse();
    }

    @Test
    void aCompositeThatDoesNotFitGoesInPart() throws IOException {
        IovecArray small = new IovecArray(BINDING, 2);
        byte[] content = content(9);
        ByteBuf buf = BufferKind.COMPOSITE.make(content);
        try {
            assertThat(small.add(buf, buf.readerIndex(), 9)).isFalse();
            assertThat(small.count()).isEqualTo(2);
            assertThat(small.byteCount()).isEqualTo(6);
            assertThat(sent(small)).isEqualTo(Arrays.copyOf(content, 6));
        } finally {
            buf.release();
        }
    }

    @Test
    void emptyBuffersTakeNoEntry() throws Exception {
        queue(0, 5, 0);
        queueMessage(Unpooled.EMPTY_BUFFER, 0);
        iovecs.fill(outbound, 100);
        assertThat(iovecs.count()).isEqualTo(1);
    }

    @Test
    void stopsAtAMessageOfAnotherKind() throws Exception {
        queue(5);
        queueMessage(new DefaultFileRegion(new File("none"), 0, 1), 1);
        queue(5);
        iovecs.fill(outbound, 100);
        assertThat(iovecs.count()).isEqualTo(1);
    }

    @Test
    void capacityIsThePlatforms() {
        Traits traits = BINDING.platform().traits();
        for (int i = 0; i < traits.iovMax(); i++) {
            assertThat(iovecs.add(4096L + i, 1)).isTrue();
        }
        assertThat(iovecs.add(1L, 1)).isFalse();
        assertThat(iovecs.count()).isEqualTo(traits.iovMax());
    }

    @Test
    void platformsLimitOfBytesHolds() {
        long limit = BINDING.platform().traits().maxIoBytes();
        iovecs.maxBytes(Long.MAX_VALUE);
        int big = 1 << 30;
        assertThat(iovecs.add(4096L, big)).isTrue();
        assertThat(iovecs.add(4096L, (int) (limit - big))).isTrue();
        assertThat(iovecs.add(4096L, 1)).isFalse();
        assertThat(iovecs.byteCount()).isEqualTo(limit);
    }
}
