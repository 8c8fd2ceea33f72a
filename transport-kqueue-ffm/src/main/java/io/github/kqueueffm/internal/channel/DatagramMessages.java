// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What an outbound message of a kind of datagram channel consists of. Stateless. */
public interface DatagramMessages {

    /** The payload, direct in all its parts; the message still owns it. */
    ByteBuf content(Object message);

    /** Whom it is for, {@code null} for the peer that the socket is connected to. */
    @Nullable
    SocketAddress recipient(Object message);
}
