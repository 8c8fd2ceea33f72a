// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the senders of datagrams. Most come in rows from one sender, whose address, five objects, is then the same object
 * each time. Not thread-safe; a channel has one.
 */
final class SenderCache {

    /** Internet addresses have 16 or 28 bytes; longer ones, of UNIX sockets, are decoded each time. */
    private static final int MOST = 32;

    private final SocketAddressCodec codec;
    private final ByteBuffer bytes = ByteBuffer.allocate(MOST).order(ByteOrder.nativeOrder());
    private int length;
    private @Nullable SocketAddress address;

    SenderCache(SocketAddressCodec codec) {
        this.codec = codec;
    }

    /** See {@link SocketAddressCodec#decode}. */
    @Nullable
    SocketAddress decode(ByteBuffer from, int offset, int newLength) {
        if (newLength <= 0 || newLength > MOST) {
            return codec.decode(from, offset, newLength);
        }
        if (newLength != length || !isSame(from, offset)) {
            length = newLength;
            bytes.put(0, from, offset, newLength);
            address = codec.decode(from, offset, newLength);
        }
        return address;
    }

    private boolean isSame(ByteBuffer from, int offset) {
        int at = 0;
        for (; at + Integer.BYTES <= length; at += Integer.BYTES) {
            if (bytes.getInt(at) != from.getInt(offset + at)) {
                return false;
            }
        }
        for (; at < length; at++) {
            if (bytes.get(at) != from.get(offset + at)) {
                return false;
            }
        }
        return true;
    }
}
