// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.netty.channel.socket.SocketProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the recipients of datagrams. Most go in rows to one address object, whose bytes the JDK copies for each asking. Not
 * thread-safe; a channel has one.
 */
final class RecipientCache {

    /** Internet addresses have 16 or 28 bytes; longer ones, of UNIX sockets, are encoded each time. */
    private static final int MOST = 32;

    private final SocketAddressCodec codec;
    private final SocketProtocolFamily family;
    private final ByteBuffer bytes = ByteBuffer.allocate(MOST).order(ByteOrder.nativeOrder());
    private int length;

    /** The object of which {@link #bytes} is the encoding; addresses never change. */
    private @Nullable SocketAddress address;

    RecipientCache(SocketAddressCodec codec, SocketProtocolFamily family) {
        this.codec = codec;
        this.family = family;
    }

    /** See {@link SocketAddressCodec#encode}. */
    int encode(SocketAddress recipient, ByteBuffer into, int offset) {
        if (recipient == address) {
            into.put(offset, bytes, 0, length);
            return length;
        }
        int encoded = codec.encode(recipient, family, into, offset);
        if (encoded > 0 && encoded <= MOST) {
            bytes.put(0, into, offset, encoded);
            length = encoded;
            address = recipient;
        }
        return encoded;
    }
}
