// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;

/** The kinds of buffer that an application can write: where their bytes are, and how a transport can get at them. */
public enum BufferKind {
    POOLED_HEAP {
        @Override
        public ByteBuf of(byte[] bytes) {
            return PooledByteBufAllocator.DEFAULT.heapBuffer(bytes.length).writeBytes(bytes);
        }
    },
    POOLED_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
        }
    },
    UNPOOLED_HEAP {
        @Override
        public ByteBuf of(byte[] bytes) {
            return UnpooledByteBufAllocator.DEFAULT.heapBuffer(bytes.length).writeBytes(bytes);
        }
    },
    UNPOOLED_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            return UnpooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
        }
    },
    ADAPTIVE_HEAP {
        @Override
        public ByteBuf of(byte[] bytes) {
            return ADAPTIVE.heapBuffer(bytes.length).writeBytes(bytes);
        }
    },
    ADAPTIVE_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            return ADAPTIVE.directBuffer(bytes.length).writeBytes(bytes);
        }
    },
    /** Neither indices nor memory begin where the buffer's bytes do. */
    SLICE_OF_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            return PooledByteBufAllocator.DEFAULT
                    .directBuffer(bytes.length + 20)
                    .writeZero(7)
                    .writeBytes(bytes)
                    .writeZero(13)
                    .skipBytes(3)
                    .slice(7, bytes.length);
        }
    },
    SLICE_OF_HEAP {
        @Override
        public ByteBuf of(byte[] bytes) {
            return PooledByteBufAllocator.DEFAULT
                    .heapBuffer(bytes.length + 20)
                    .writeZero(7)
                    .writeBytes(bytes)
                    .writeZero(13)
                    .slice(7, bytes.length);
        }
    },
    READ_ONLY_HEAP {
        @Override
        public ByteBuf of(byte[] bytes) {
            return Unpooled.copiedBuffer(bytes).asReadOnly();
        }
    },
    READ_ONLY_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            return POOLED_DIRECT.of(bytes).asReadOnly();
        }
    },
    /** No array to be had, and no address. */
    READ_ONLY_NIO_HEAP {
        @Override
        public ByteBuf of(byte[] bytes) {
            return Unpooled.wrappedBuffer(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        }
    },
    READ_ONLY_NIO_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
            direct.put(bytes).flip();
            return Unpooled.wrappedBuffer(direct.asReadOnlyBuffer());
        }
    },
    /** A part of foreign direct memory. */
    WRAPPED_NIO_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 9);
            direct.position(5);
            direct.put(bytes).flip().position(5);
            return Unpooled.wrappedBuffer(direct);
        }
    },
    COMPOSITE_OF_DIRECT {
        @Override
        public ByteBuf of(byte[] bytes) {
            return composite(bytes, POOLED_DIRECT, POOLED_DIRECT, 3);
        }
    },
    COMPOSITE_OF_BOTH {
        @Override
        public ByteBuf of(byte[] bytes) {
            return composite(bytes, UNPOOLED_HEAP, POOLED_DIRECT, 5);
        }
    },
    /** More components than a vector of the kernel has entries, if there are as many bytes. */
    COMPOSITE_OF_MANY {
        @Override
        public ByteBuf of(byte[] bytes) {
            return composite(bytes, UNPOOLED_HEAP, POOLED_DIRECT, 3000);
        }
    },
    COMPOSITE_OF_COMPOSITES {
        @Override
        public ByteBuf of(byte[] bytes) {
            return composite(bytes, COMPOSITE_OF_BOTH, READ_ONLY_NIO_HEAP, 4);
        }
    },
    READ_ONLY_COMPOSITE {
        @Override
        public ByteBuf of(byte[] bytes) {
            return COMPOSITE_OF_DIRECT.of(bytes).asReadOnly();
        }
    },
    WRAPPED_ARRAYS {
        @Override
        public ByteBuf of(byte[] bytes) {
            int half = bytes.length / 2;
            return Unpooled.wrappedBuffer(
                    Unpooled.wrappedBuffer(bytes, 0, half), Unpooled.wrappedBuffer(bytes, half, bytes.length - half));
        }
    };

    private static final ByteBufAllocator ADAPTIVE = new AdaptiveByteBufAllocator();

    /** A buffer of this kind that has {@code bytes} to read and one reference. */
    public abstract ByteBuf of(byte[] bytes);

    private static ByteBuf composite(byte[] bytes, BufferKind even, BufferKind odd, int components) {
        CompositeByteBuf composite = PooledByteBufAllocator.DEFAULT.compositeBuffer(Integer.MAX_VALUE);
        int count = Math.min(components, Math.max(1, bytes.length));
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) bytes.length * i / count);
            int to = (int) ((long) bytes.length * (i + 1) / count);
            byte[] part = java.util.Arrays.copyOfRange(bytes, from, to);
            composite.addComponent(true, (i % 2 == 0 ? even : odd).of(part));
        }
        return composite;
    }
}
