// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.Traits;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** The socket options that have a typed name here, each with its place in the platform record. */
@SuppressWarnings("ImmutableEnumChecker") // Method references without state.
public enum SocketOption {
    TCP_NODELAY(Kind.FLAG, SocketConstants::IPPROTO_TCP, SocketConstants::TCP_NODELAY, Traits::inheritsNoDelay),
    SO_KEEPALIVE(Kind.FLAG, SocketConstants::SOL_SOCKET, SocketConstants::SO_KEEPALIVE, Traits::inheritsKeepAlive),
    SO_REUSEADDR(Kind.FLAG, SocketConstants::SOL_SOCKET, SocketConstants::SO_REUSEADDR, Traits::inheritsReuseAddr),
    SO_BROADCAST(Kind.FLAG, SocketConstants::SOL_SOCKET, SocketConstants::SO_BROADCAST, traits -> false),
    SO_REUSEPORT(Kind.FLAG, SocketConstants::SOL_SOCKET, SocketConstants::SO_REUSEPORT, traits -> false),
    SO_REUSEPORT_LB(Kind.FLAG, SocketConstants::SOL_SOCKET, SocketConstants::SO_REUSEPORT_LB, traits -> false),
    /** Seconds; -1 is off. */
    SO_LINGER(Kind.LINGER, SocketConstants::SOL_SOCKET, SocketConstants::SO_LINGER_SECONDS, Traits::inheritsLinger),
    /** Bytes. Linux answers twice what was set, see socket(7). */
    SO_RCVBUF(Kind.INT, SocketConstants::SOL_SOCKET, SocketConstants::SO_RCVBUF, Traits::inheritsBuffers),
    /** Bytes. Linux answers twice what was set, see socket(7). */
    SO_SNDBUF(Kind.INT, SocketConstants::SOL_SOCKET, SocketConstants::SO_SNDBUF, Traits::inheritsBuffers),
    /** Bytes. Linux has it but refuses to set it, see socket(7). */
    SO_SNDLOWAT(Kind.INT, SocketConstants::SOL_SOCKET, SocketConstants::SO_SNDLOWAT, traits -> false),
    /** The traffic class of both IP versions. Never taken as inherited: accepted IPv6 and mapped sockets differ in it. */
    IP_TOS(Kind.TRAFFIC_CLASS, SocketConstants::IPPROTO_IP, SocketConstants::IP_TOS, traits -> false),
    /** Seconds. */
    TCP_KEEPIDLE(Kind.INT, SocketConstants::IPPROTO_TCP, SocketConstants::TCP_KEEPIDLE, Traits::inheritsKeepTimes),
    /** Seconds. */
    TCP_KEEPINTVL(Kind.INT, SocketConstants::IPPROTO_TCP, SocketConstants::TCP_KEEPINTVL, Traits::inheritsKeepTimes),
    /** Number of probes. */
    TCP_KEEPCNT(Kind.INT, SocketConstants::IPPROTO_TCP, SocketConstants::TCP_KEEPCNT, Traits::inheritsKeepTimes),
    /** TCP_CORK on Linux. */
    TCP_NOPUSH(Kind.FLAG, SocketConstants::IPPROTO_TCP, SocketConstants::TCP_NOPUSH, traits -> false),
    /** Of a listening socket: on Linux the length of the queue of unfinished connections, elsewhere 0 or 1. */
    TCP_FASTOPEN(Kind.INT, SocketConstants::IPPROTO_TCP, SocketConstants::TCP_FASTOPEN, traits -> false);

    /** How the value travels. */
    enum Kind {
        /** An int, 0 or not: BSD answers the bit that the kernel keeps the flag in, 4 for TCP_NODELAY, rather than 1. */
        FLAG,
        INT,
        /** A struct linger. */
        LINGER,
        /** An int, under another name on IPv6 sockets. */
        TRAFFIC_CLASS
    }

    private final Kind kind;
    private final ToIntFunction<SocketConstants> level;
    private final ToIntFunction<SocketConstants> optionName;
    private final Predicate<Traits> inherited;

    SocketOption(
            Kind kind,
            ToIntFunction<SocketConstants> level,
            ToIntFunction<SocketConstants> optionName,
            Predicate<Traits> inherited) {
        this.kind = kind;
        this.level = level;
        this.optionName = optionName;
        this.inherited = inherited;
    }

    /** Whether the platform has the option at all; it may still refuse to set or get it. */
    public boolean isSupported(Platform platform) {
        return Platform.has(optionName(platform));
    }

    /** Whether an accepted socket starts with its listener's value. */
    public boolean isInherited(Platform platform) {
        return inherited.test(platform.traits());
    }

    /** Whether its values are 0 and 1 only. */
    public boolean isFlag() {
        return kind == Kind.FLAG;
    }

    Kind kind() {
        return kind;
    }

    int level(Platform platform) {
        return level.applyAsInt(platform.socket());
    }

    int optionName(Platform platform) {
        return optionName.applyAsInt(platform.socket());
    }
}
