// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Netty's name and type for each socket option that a kind of channel has. Immutable. */
final class SocketOptionNames {

    /** Of a TCP connection. */
    static final SocketOptionNames CONNECTION = new SocketOptionNames()
            .with(ChannelOption.SO_RCVBUF, SocketOption.SO_RCVBUF)
            .with(ChannelOption.SO_SNDBUF, SocketOption.SO_SNDBUF)
            .with(ChannelOption.TCP_NODELAY, SocketOption.TCP_NODELAY)
            .with(ChannelOption.SO_KEEPALIVE, SocketOption.SO_KEEPALIVE)
            .with(ChannelOption.SO_REUSEADDR, SocketOption.SO_REUSEADDR)
            .with(UnixChannelOption.SO_REUSEPORT, SocketOption.SO_REUSEPORT)
            .with(ChannelOption.SO_LINGER, SocketOption.SO_LINGER)
            .with(ChannelOption.IP_TOS, SocketOption.IP_TOS)
            .with(KQueueChannelOption.SO_SNDLOWAT, SocketOption.SO_SNDLOWAT)
            .with(KQueueChannelOption.TCP_NOPUSH, SocketOption.TCP_NOPUSH)
            .with(KQueueChannelOption.TCP_KEEPIDLE, SocketOption.TCP_KEEPIDLE)
            .with(KQueueChannelOption.TCP_KEEPINTVL, SocketOption.TCP_KEEPINTVL)
            .with(KQueueChannelOption.TCP_KEEPCNT, SocketOption.TCP_KEEPCNT);

    /** Of any listening socket. */
    static final SocketOptionNames SERVER = new SocketOptionNames()
            .with(ChannelOption.SO_RCVBUF, SocketOption.SO_RCVBUF)
            .with(ChannelOption.SO_REUSEADDR, SocketOption.SO_REUSEADDR);

    /** Of a TCP listening socket. */
    static final SocketOptionNames LISTENER = new SocketOptionNames()
            .with(ChannelOption.SO_RCVBUF, SocketOption.SO_RCVBUF)
            .with(ChannelOption.SO_REUSEADDR, SocketOption.SO_REUSEADDR)
            .with(UnixChannelOption.SO_REUSEPORT, SocketOption.SO_REUSEPORT)
            .with(KQueueChannelOption.SO_REUSEPORT_LB, SocketOption.SO_REUSEPORT_LB)
            .with(ChannelOption.SO_SNDBUF, SocketOption.SO_SNDBUF)
            .with(ChannelOption.TCP_NODELAY, SocketOption.TCP_NODELAY)
            .with(ChannelOption.SO_KEEPALIVE, SocketOption.SO_KEEPALIVE)
            .with(ChannelOption.SO_LINGER, SocketOption.SO_LINGER)
            .with(ChannelOption.IP_TOS, SocketOption.IP_TOS)
            .with(KQueueChannelOption.TCP_KEEPIDLE, SocketOption.TCP_KEEPIDLE)
            .with(KQueueChannelOption.TCP_KEEPINTVL, SocketOption.TCP_KEEPINTVL)
            .with(KQueueChannelOption.TCP_KEEPCNT, SocketOption.TCP_KEEPCNT);

    /** Of a UDP socket. */
    static final SocketOptionNames DATAGRAM = new SocketOptionNames()
            .with(ChannelOption.SO_BROADCAST, SocketOption.SO_BROADCAST)
            .with(ChannelOption.SO_RCVBUF, SocketOption.SO_RCVBUF)
            .with(ChannelOption.SO_SNDBUF, SocketOption.SO_SNDBUF)
            .with(ChannelOption.SO_REUSEADDR, SocketOption.SO_REUSEADDR)
            .with(UnixChannelOption.SO_REUSEPORT, SocketOption.SO_REUSEPORT)
            .with(KQueueChannelOption.SO_REUSEPORT_LB, SocketOption.SO_REUSEPORT_LB)
            .with(ChannelOption.IP_TOS, SocketOption.IP_TOS);

    /** Of a connected or datagram socket of the UNIX domain. */
    static final SocketOptionNames UNIX = new SocketOptionNames()
            .with(ChannelOption.SO_RCVBUF, SocketOption.SO_RCVBUF)
            .with(ChannelOption.SO_SNDBUF, SocketOption.SO_SNDBUF);

    private final Map<ChannelOption<?>, SocketOption> options = new LinkedHashMap<>();

    private SocketOptionNames() {}

    private SocketOptionNames with(ChannelOption<?> name, SocketOption option) {
        options.put(name, option);
        return this;
    }

    /** {@code null} for a name that is none of these. */
    @Nullable
    SocketOption find(ChannelOption<?> name) {
        return options.get(name);
    }

    /** The names of the options that the platform has. */
    ChannelOption<?>[] supported(Platform platform) {
        return options.entrySet().stream()
                .filter(entry -> entry.getValue().isSupported(platform))
                .map(Map.Entry::getKey)
                .toArray(ChannelOption<?>[]::new);
    }

    /** {@code value} in the type that goes with the name of {@code option}. */
    static Object toNetty(SocketOption option, int value) {
        return option.isFlag() ? (Object) (value != 0) : (Object) value;
    }

    static int fromNetty(SocketOption option, Object value) {
        return option.isFlag() ? ((Boolean) value ? 1 : 0) : (Integer) value;
    }
}
