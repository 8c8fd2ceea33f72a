// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of Netty's NIO transport that name a {@link java.net.SocketOption}: they work on this transport's channels as the
 * option of the same meaning, so that a program written for NIO keeps them.
 */
final class NioOptions {

    private static final String MULTICAST_LOOP = "IP_MULTICAST_LOOP";

    /** By the name of the JDK's option, see StandardSocketOptions and jdk.net.ExtendedSocketOptions. */
    private static final Map<String, ChannelOption<?>> OURS = Map.ofEntries(
            Map.entry("SO_BROADCAST", ChannelOption.SO_BROADCAST),
            Map.entry("SO_KEEPALIVE", ChannelOption.SO_KEEPALIVE),
            Map.entry("SO_SNDBUF", ChannelOption.SO_SNDBUF),
            Map.entry("SO_RCVBUF", ChannelOption.SO_RCVBUF),
            Map.entry("SO_REUSEADDR", ChannelOption.SO_REUSEADDR),
            Map.entry("SO_REUSEPORT", UnixChannelOption.SO_REUSEPORT),
            Map.entry("SO_LINGER", ChannelOption.SO_LINGER),
            Map.entry("IP_TOS", ChannelOption.IP_TOS),
            Map.entry("IP_MULTICAST_IF", ChannelOption.IP_MULTICAST_IF),
            Map.entry("IP_MULTICAST_TTL", ChannelOption.IP_MULTICAST_TTL),
            Map.entry(MULTICAST_LOOP, ChannelOption.IP_MULTICAST_LOOP_DISABLED),
            Map.entry("TCP_NODELAY", ChannelOption.TCP_NODELAY),
            Map.entry("TCP_KEEPIDLE", KQueueChannelOption.TCP_KEEPIDLE),
            Map.entry("TCP_KEEPINTERVAL", KQueueChannelOption.TCP_KEEPINTVL),
            Map.entry("TCP_KEEPCOUNT", KQueueChannelOption.TCP_KEEPCNT));

    private NioOptions() {}

    /** Null where the channel has no such option. */
    static @Nullable Object get(ChannelConfig config, NioChannelOption<?> option) {
        ChannelOption<?> ours = OURS.get(option.name());
        Object value = ours == null ? null : config.getOption(ours);
        return value instanceof Boolean && isInverted(option) ? !(Boolean) value : value;
    }

    /** @return whether the channel has such an option */
    @SuppressWarnings("unchecked") // Each pair has the same type of value.
    static boolean set(ChannelConfig config, NioChannelOption<?> option, Object value) {
        ChannelOption<Object> ours = (ChannelOption<Object>) OURS.get(option.name());
        return ours != null && config.setOption(ours, isInverted(option) ? !(Boolean) value : value);
    }

    /** Netty's option says whether loopback is off, the JDK's whether it is on. */
    private static boolean isInverted(NioChannelOption<?> option) {
        return option.name().equals(MULTICAST_LOOP);
    }
}
