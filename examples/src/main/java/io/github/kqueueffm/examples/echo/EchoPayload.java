// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;

/**
 * What the connections send. Every message is another window on the same random bytes, so that an answer which
 * belongs to another message or to another connection does not pass for the right one. Immutable.
 */
final class EchoPayload {
    private static final int WINDOWS = 1 << 16;

    private final int size;
    private final ByteBuf bytes;

    EchoPayload(int size) {
        this.size = size;
        byte[] random = new byte[size + WINDOWS - 1];
        // A fixed seed: a failure shows again with the same bytes.
        new Random(20).nextBytes(random);
        bytes = Unpooled.wrappedBuffer(random).asReadOnly();
    }

    /** The length of each message in bytes. */
    int size() {
        return size;
    }

    /** Makes a message; the caller owns the buffer. */
    ByteBuf message(ByteBufAllocator alloc, int connection, long message) {
        return alloc.directBuffer(size).writeBytes(bytes, offset(connection, message), size);
    }

    /**
     * Compares a part of an answer, whose reader index does not move.
     *
     * @param position how many bytes of the answer came before the part
     * @param length the length of the part, within the answer and within the buffer
     */
    boolean matches(ByteBuf part, int length, int connection, long message, int position) {
        return ByteBufUtil.equals(part, part.readerIndex(), bytes, offset(connection, message) + position, length);
    }

    // The two primes keep the windows of neighbouring messages and of neighbouring connections apart.
    private static int offset(int connection, long message) {
        return (int) (connection * 4099L + message * 31L) & (WINDOWS - 1);
    }
}
