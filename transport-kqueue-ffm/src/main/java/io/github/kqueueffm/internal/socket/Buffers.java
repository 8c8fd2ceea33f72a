// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Addresses of Netty's buffers. Composites have none, and below JDK 25 none has without {@code sun.misc.Unsafe}
 * ({@code io.netty.noUnsafe}): then the binding is asked for that of the NIO buffer beneath.
 */
public final class Buffers {

    private Buffers() {}

    /**
     * Whether a message must be copied into a direct buffer before it can be written: it has no address, or more parts than
     * one writev(2) takes.
     */
    public static boolean needsCopy(ByteBuf buf, int iovMax) {
        return !buf.hasMemoryAddress() && !(buf.isDirect() && buf.nioBufferCount() <= iovMax);
    }

    /** Whether the buffer is direct memory in one piece, so that {@link #address} has an answer. */
    public static boolean isOnePiece(ByteBuf buf) {
        return buf.hasMemoryAddress() || buf.isDirect() && buf.nioBufferCount() == 1;
    }

    /**
     * Address of a stretch of a direct buffer that is in one piece. The caller keeps the buffer reachable, and unreleased, for
     * as long as the address is in use.
     *
     * @param index of the first byte, in terms of {@code buf}
     * @param length bytes
     */
    public static long address(ByteBuf buf, int index, int length, Syscalls syscalls) {
        if (buf.hasMemoryAddress()) {
            return buf.memoryAddress() + index;
        }
        return address(nioBuffer(buf, index, length), syscalls);
    }

    /** Address of the byte at the buffer's position. */
    static long address(ByteBuffer direct, Syscalls syscalls) {
        return syscalls.address(direct) + direct.position();
    }

    /** A view of a stretch that is in one piece; often one that {@code buf} keeps for itself, good until its next use. */
    static ByteBuffer nioBuffer(ByteBuf buf, int index, int length) {
        // Only nioBuffer() may give out a view of a read-only buffer: it makes a read-only one.
        return buf.isReadOnly() ? buf.nioBuffer(index, length) : buf.internalNioBuffer(index, length);
    }
}
