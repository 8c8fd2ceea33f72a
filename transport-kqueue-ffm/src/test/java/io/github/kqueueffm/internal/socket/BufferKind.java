// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;

/** The kinds of buffers that people write, each with a content that does not begin at the start of its memory. */
enum BufferKind {
    POOLED {
        @Override
        ByteBuf make(byte[] content) {
            return skewed(PooledByteBufAllocator.DEFAULT.directBuffer(content.length + 3), content);
        }
    },
    ADAPTIVE {
        @Override
        ByteBuf make(byte[] content) {
            return skewed(ADAPTIVE_ALLOCATOR.directBuffer(content.length + 3), content);
        }
    },
    UNPOOLED {
        @Override
        ByteBuf make(byte[] content) {
            return skewed(UnpooledByteBufAllocator.DEFAULT.directBuffer(content.length + 3), content);
        }
    },
    WRAPPED {
        @Override
        ByteBuf make(byte[] content) {
            return Unpooled.wrappedBuffer(direct(content));
        }
    },
    WRAPPED_READ_ONLY {
        @Override
        ByteBuf make(byte[] content) {
            return Unpooled.wrappedBuffer(direct(content).asReadOnlyBuffer());
        }
    },
    READ_ONLY {
        @Override
        ByteBuf make(byte[] content) {
            return POOLED.make(content).asReadOnly();
        }
    },
    SLICE {
        @Override
        ByteBuf make(byte[] content) {
            return POOLED.make(content).slice();
        }
    },
    RETAINED_SLICE {
        @Override
        ByteBuf make(byte[] content) {
            ByteBuf whole = POOLED.make(content);
            ByteBuf slice = whole.retainedSlice();
            whole.release();
            return slice;
        }
    },
    COMPOSITE_OF_ONE {
        @Override
        ByteBuf make(byte[] content) {
            return Unpooled.compositeBuffer().addComponent(true, POOLED.make(content));
        }
    },
    COMPOSITE {
        @Override
        ByteBuf make(byte[] content) {
            return composite(content);
        }
    },
    COMPOSITE_READ_ONLY {
        @Override
        ByteBuf make(byte[] content) {
            return composite(content).asReadOnly();
        }
    },
    COMPOSITE_SLICE {
        @Override
        ByteBuf make(byte[] content) {
            ByteBuf composite = composite(content);
            return composite.slice();
        }
    },
    COMPOSITE_OF_COMPOSITES {
        @Override
        ByteBuf make(byte[] content) {
            int half = content.length / 2;
            return Unpooled.compositeBuffer()
                    .addComponent(true, composite(part(content, 0, half)))
                    .addComponent(true, Unpooled.EMPTY_BUFFER)
                    .addComponent(true, composite(part(content, half, content.length)));
        }
    },
    EMPTY {
        @Override
        ByteBuf make(byte[] content) {
            return Unpooled.EMPTY_BUFFER;
        }
    },
    HEAP {
        @Override
        ByteBuf make(byte[] content) {
            return Unpooled.copiedBuffer(content);
        }
    },
    COMPOSITE_WITH_HEAP {
        @Override
        ByteBuf make(byte[] content) {
            int half = content.length / 2;
            return Unpooled.compositeBuffer()
                    .addComponent(true, POOLED.make(part(content, 0, half)))
                    .addComponent(true, Unpooled.copiedBuffer(content, half, content.length - half));
        }
    };

    private static final AdaptiveByteBufAllocator ADAPTIVE_ALLOCATOR = new AdaptiveByteBufAllocator();

    /** A buffer whose readable bytes are {@code content}; {@link #EMPTY} has none. */
    abstract ByteBuf make(byte[] content);

    /** Whether the kernel can read it where it is. */
    boolean isWritable() {
        return this != HEAP && this != COMPOSITE_WITH_HEAP;
    }

    private static ByteBuf skewed(ByteBuf buf, byte[] content) {
        return buf.writeZero(3).skipBytes(3).writeBytes(content);
    }

    private static ByteBuffer direct(byte[] content) {
        return ByteBuffer.allocateDirect(content.length + 2)
                .put(2, content)
                .position(2)
                .slice();
    }

    private static byte[] part(byte[] content, int from, int to) {
        byte[] part = new byte[to - from];
        System.arraycopy(content, from, part, 0, part.length);
        return part;
    }

    /** Three components of different kinds, the first of which has been read in part. */
    private static CompositeByteBuf composite(byte[] content) {
        int third = content.length / 3;
        CompositeByteBuf composite = Unpooled.compositeBuffer();
        composite.addComponent(true, UNPOOLED.make(new byte[] {1, 2, 3, 4}));
        composite.addComponent(true, POOLED.make(part(content, 0, third)));
        composite.addComponent(true, ADAPTIVE.make(part(content, third, 2 * third)));
        composite.addComponent(true, WRAPPED_READ_ONLY.make(part(content, 2 * third, content.length)));
        composite.skipBytes(4);
        return composite;
    }
}
