// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannelOption;

/**
 * The options of this transport's channels that Netty has no general name for. An option that the platform lacks is refused
 * with an {@link UnsupportedOperationException}, and left out of {@code config().getOptions()}.
 */
public final class KQueueChannelOption<T> extends UnixChannelOption<T> {

    /**
     * Bytes of room in the send buffer at which the socket counts as writable. Linux has the option but lets nobody set it.
     */
    public static final ChannelOption<Integer> SO_SNDLOWAT = valueOf(KQueueChannelOption.class, "SO_SNDLOWAT");

    /** Whether partial segments are held back until the option is taken away; TCP_CORK on Linux. NetBSD has none. */
    public static final ChannelOption<Boolean> TCP_NOPUSH = valueOf(KQueueChannelOption.class, "TCP_NOPUSH");

    /** Seconds of silence before the first keep-alive probe. OpenBSD has none. */
    public static final ChannelOption<Integer> TCP_KEEPIDLE = valueOf(KQueueChannelOption.class, "TCP_KEEPIDLE");

    /** Seconds between keep-alive probes. OpenBSD has none. */
    public static final ChannelOption<Integer> TCP_KEEPINTVL = valueOf(KQueueChannelOption.class, "TCP_KEEPINTVL");

    /** Number of unanswered keep-alive probes after which the connection is given up. OpenBSD has none. */
    public static final ChannelOption<Integer> TCP_KEEPCNT = valueOf(KQueueChannelOption.class, "TCP_KEEPCNT");

    /**
     * Whether the sockets of one port share what comes, connections and datagrams being spread over them. To be set before the
     * bind. FreeBSD alone has it: on Linux SO_REUSEPORT does this, elsewhere SO_REUSEPORT lets one socket have all.
     */
    public static final ChannelOption<Boolean> SO_REUSEPORT_LB = valueOf(KQueueChannelOption.class, "SO_REUSEPORT_LB");

    /**
     * The kernel's filter of a listening socket; it takes effect once the socket listens. Only FreeBSD, NetBSD and DragonFly
     * have them.
     */
    public static final ChannelOption<AcceptFilter> SO_ACCEPTFILTER =
            valueOf(KQueueChannelOption.class, "SO_ACCEPTFILTER");

    /**
     * Kept so that programs written for Netty's kqueue transport compile; stored and not used.
     *
     * @deprecated the amount that a kevent tells is always made use of
     */
    @Deprecated
    public static final ChannelOption<Boolean> RCV_ALLOC_TRANSPORT_PROVIDES_GUESS =
            valueOf(KQueueChannelOption.class, "RCV_ALLOC_TRANSPORT_PROVIDES_GUESS");

    @SuppressWarnings("unused") // The constants are instances of ChannelOption; this type only gathers them.
    private KQueueChannelOption() {}
}
