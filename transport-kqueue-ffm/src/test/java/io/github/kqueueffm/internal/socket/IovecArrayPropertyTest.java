// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.sys.Binding;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** As {@link IovecArrayTest}, over buffers and messages at random. */
class IovecArrayPropertyTest {

    private static final Binding BINDING = RealBinding.BINDING;

    /** As after a write that took a part. */
    @Property(tries = 60)
    void anyStretchOfAnyBuffer(
            @ForAll("writable") BufferKind kind,
            @ForAll @IntRange(min = 1, max = 300) int size,
            @ForAll @IntRange(max = 299) int skip,
            @ForAll @IntRange(max = 299) int drop)
            throws IOException {
        byte[] content = IovecArrayTest.content(size);
        int from = skip % size;
        int length = Math.max(1, size - from - drop % size);
        ByteBuf buf = kind.make(content);
        IovecArray own = new IovecArray(BINDING);
        try {
            assertThat(own.add(buf, buf.readerIndex() + from, length)).isTrue();
            byte[] expected = new byte[length];
            System.arraycopy(content, from, expected, 0, length);
            assertThat(IovecArrayTest.sent(own)).isEqualTo(expected);
        } finally {
            buf.release();
        }
    }

    @Provide
    Arbitrary<BufferKind> writable() {
        return Arbitraries.of(Stream.of(BufferKind.values())
                .filter(kind -> kind.isWritable() && kind != BufferKind.EMPTY)
                .toList());
    }

    @Property(tries = 40)
    void anyMessagesOfAChannel(@ForAll @Size(min = 1, max = 20) List<@IntRange(max = 200) Integer> sizes)
            throws Exception {
        EmbeddedChannel own = new EmbeddedChannel();
        try {
            ChannelOutboundBuffer messages = own.unsafe().outboundBuffer();
            List<Byte> expected = new ArrayList<>();
            BufferKind[] kinds = BufferKind.values();
            for (int i = 0; i < sizes.size(); i++) {
                BufferKind kind = kinds[(i + sizes.get(i)) % kinds.length];
                byte[] content = IovecArrayTest.content(sizes.get(i));
                ByteBuf buf = (kind.isWritable() ? kind : BufferKind.POOLED).make(content);
                if (buf.isReadable()) {
                    for (byte b : content) {
                        expected.add(b);
                    }
                }
                messages.addMessage(buf, buf.readableBytes(), own.newPromise());
            }
            messages.addFlush();
            IovecArray array = new IovecArray(BINDING);
            array.fill(messages, Long.MAX_VALUE);
            assertThat(array.byteCount()).isEqualTo(expected.size());
            byte[] sent = expected.isEmpty() ? new byte[0] : IovecArrayTest.sent(array);
            assertThat(sent).containsExactly(expected.toArray(Byte[]::new));
            array.clear();
            messages.removeBytes(expected.size());
        } finally {
            own.close();
        }
    }
}
