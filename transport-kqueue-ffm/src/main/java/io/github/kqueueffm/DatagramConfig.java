// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.util.Map;

/** What the configurations of all channels of datagrams have. Any thread. */
abstract class DatagramConfig extends KQueueChannelConfig {

    /** Bytes: what Netty reads a datagram into. */
    private static final int DATAGRAM_SIZE = 2048;

    private volatile boolean activeOnRegistration;

    DatagramConfig(AbstractKQueueDatagramChannel channel, SocketOptionNames names) {
        super(channel, new FixedRecvByteBufAllocator(DATAGRAM_SIZE), names);
    }

    @SuppressWarnings("deprecation") // DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION: there is no other way to have it.
    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION);
    }

    @SuppressWarnings({"unchecked", "deprecation"})
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        return option == ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION
                ? (T) Boolean.valueOf(activeOnRegistration)
                : super.getOption(option);
    }

    @SuppressWarnings("deprecation")
    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option != ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION) {
            return super.setOption(option, value);
        }
        if (channel.isRegistered()) {
            throw new IllegalStateException("can only be set before the channel is registered");
        }
        activeOnRegistration = (Boolean) value;
        return true;
    }

    final boolean isActiveOnRegistration() {
        return activeOnRegistration;
    }
}
