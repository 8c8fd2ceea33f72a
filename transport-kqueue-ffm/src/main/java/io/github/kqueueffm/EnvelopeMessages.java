// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.DatagramMessages;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What may be written to a datagram channel: envelopes with or without a recipient, and bare buffers. */
final class EnvelopeMessages implements DatagramMessages {

    static final EnvelopeMessages INSTANCE = new EnvelopeMessages();

    private EnvelopeMessages() {}

    @Override
    public ByteBuf content(Object message) {
        return (ByteBuf)
                (message instanceof AddressedEnvelope ? ((AddressedEnvelope<?, ?>) message).content() : message);
    }

    @Override
    public @Nullable SocketAddress recipient(Object message) {
        return message instanceof AddressedEnvelope ? ((AddressedEnvelope<?, ?>) message).recipient() : null;
    }
}
