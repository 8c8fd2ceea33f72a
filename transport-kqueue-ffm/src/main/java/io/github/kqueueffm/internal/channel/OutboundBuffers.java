// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;

/** Brings buffers that are to be written into memory that the kernel can read. */
public final class OutboundBuffers {

    private OutboundBuffers() {}

    /** A direct copy of what {@code buffer} has to read. Releases {@code buffer}. */
    public static ByteBuf toDirect(ByteBuf buffer, ByteBufAllocator allocator) {
        return toDirect(buffer, buffer, allocator);
    }

    /** A direct copy of what {@code buffer} has to read. Releases {@code holder}, which holds {@code buffer}. */
    public static ByteBuf toDirect(Object holder, ByteBuf buffer, ByteBufAllocator allocator) {
        try {
            int length = buffer.readableBytes();
            if (length == 0) {
                return Unpooled.EMPTY_BUFFER;
            }
            ByteBuf copy = null;
            if (!allocator.isDirectBufferPooled()) {
                // Unpooled direct memory is dear; Netty keeps some per thread.
                copy = ByteBufUtil.threadLocalDirectBuffer();
            }
            if (copy == null) {
                copy = allocator.directBuffer(length);
            }
            return copy.writeBytes(buffer, buffer.readerIndex(), length);
        } finally {
            ReferenceCountUtil.safeRelease(holder);
        }
    }
}
