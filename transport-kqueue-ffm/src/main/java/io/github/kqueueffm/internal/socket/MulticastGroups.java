// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.MulticastConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The multicast groups that a UDP socket is a member of; the kernel keeps them. Any thread. */
public final class MulticastGroups {

    /** What can be done about a group. */
    public enum Change {
        /** From now on the socket receives what is sent to the group, or what one source sends to it. */
        JOIN,
        /** Undoes a join with the same arguments. */
        LEAVE,
        /** Of a group that was joined whatever the source: from one source the socket receives nothing more. */
        BLOCK
    }

    private final NativeSocket socket;
    private final Platform platform;
    private final MulticastConstants options;
    private final Errno errno;
    private final MulticastCodec codec;
    private final MulticastOptions own;

    public MulticastGroups(NativeSocket socket, MulticastOptions own) {
        this.socket = socket;
        this.own = own;
        platform = socket.binding().platform();
        options = platform.multicast();
        errno = platform.errno();
        codec = new MulticastCodec(platform);
    }

    /**
     * Joins, leaves or blocks.
     *
     * @param networkInterface where the group is, {@code null} to let the system choose
     * @param source {@code null} for every source; never null to block
     * @throws IllegalArgumentException if the addresses do not go together, or are none of a group and a source
     * @throws UnsupportedOperationException if the platform has no groups with sources
     */
    public void change(
            Change change, InetAddress group, @Nullable NetworkInterface networkInterface, @Nullable InetAddress source)
            throws IOException {
        check(group, source);
        if (change == Change.JOIN) {
            own.receiveOwnGroupsOnly();
        }
        if (group instanceof Inet4Address group4) {
            change4(change, group4, networkInterface, (Inet4Address) source);
        } else {
            change6(change, (Inet6Address) group, networkInterface, (Inet6Address) source);
        }
    }

    private void check(InetAddress group, @Nullable InetAddress source) {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException(group.getHostAddress() + " is not the address of a multicast group");
        }
        if (group instanceof Inet6Address && socket.family() != SocketProtocolFamily.INET6) {
            throw new IllegalArgumentException(
                    "an IPv4 socket cannot join the IPv6 multicast group " + group.getHostAddress());
        }
        if (source == null) {
            return;
        }
        if (source.getClass() != group.getClass()) {
            throw new IllegalArgumentException("the source " + source.getHostAddress() + " and the multicast group "
                    + group.getHostAddress() + " are of different IP versions");
        }
        if (source.isAnyLocalAddress() || source.isMulticastAddress()) {
            throw new IllegalArgumentException(source.getHostAddress() + " is not the address of a source");
        }
    }

    private void change4(
            Change change, Inet4Address group, @Nullable NetworkInterface where, @Nullable Inet4Address source)
            throws IOException {
        Inet4Address address = where == null ? wildcard() : NetworkInterfaces.requireAddress4(where);
        int level = platform.socket().IPPROTO_IP();
        if (source != null) {
            int name = option4(change);
            socket.setRawOption(level, name, codec.request4(group, address, source));
            return;
        }
        ByteBuffer request = codec.request4(group, address);
        int name = change == Change.JOIN ? options.IP_ADD_MEMBERSHIP() : options.IP_DROP_MEMBERSHIP();
        try {
            socket.setRawOption(level, name, request);
        } catch (KQueueIoException e) {
            boolean refused = e.errno() == errno.EINVAL() || e.errno() == errno.ENOPROTOOPT();
            if (!refused || socket.family() != SocketProtocolFamily.INET6) {
                throw e;
            }
            // An AF_INET6 socket of the BSDs and macOS has no IP_* options (ip6_ctloutput); macOS takes the group in
            // its mapped form instead, as the JDK does there.
            change6(change, group, where);
        }
    }

    private void change6(
            Change change, Inet6Address group, @Nullable NetworkInterface where, @Nullable Inet6Address source)
            throws IOException {
        if (source == null) {
            change6(change, group, where);
            return;
        }
        int index = where == null ? group.getScopeId() : NetworkInterfaces.index(where);
        int name = option6(change);
        socket.setRawOption(platform.socket().IPPROTO_IPV6(), name, codec.request6(group, index, source));
    }

    private void change6(Change change, InetAddress group, @Nullable NetworkInterface where) throws IOException {
        int scope = group instanceof Inet6Address group6 ? group6.getScopeId() : 0;
        int index = where == null ? scope : NetworkInterfaces.index(where);
        int name = change == Change.JOIN ? options.IPV6_JOIN_GROUP() : options.IPV6_LEAVE_GROUP();
        socket.setRawOption(platform.socket().IPPROTO_IPV6(), name, codec.request6(group, index));
    }

    private int option4(Change change) {
        return switch (change) {
            case JOIN -> require("IP_ADD_SOURCE_MEMBERSHIP", options.IP_ADD_SOURCE_MEMBERSHIP());
            case LEAVE -> require("IP_DROP_SOURCE_MEMBERSHIP", options.IP_DROP_SOURCE_MEMBERSHIP());
            case BLOCK -> require("IP_BLOCK_SOURCE", options.IP_BLOCK_SOURCE());
        };
    }

    private int option6(Change change) {
        return switch (change) {
            case JOIN -> require("MCAST_JOIN_SOURCE_GROUP", options.MCAST_JOIN_SOURCE_GROUP());
            case LEAVE -> require("MCAST_LEAVE_SOURCE_GROUP", options.MCAST_LEAVE_SOURCE_GROUP());
            case BLOCK -> require("MCAST_BLOCK_SOURCE", options.MCAST_BLOCK_SOURCE());
        };
    }

    private int require(String name, int option) {
        if (!Platform.has(option)) {
            throw new UnsupportedOperationException(name + " is not available on " + platform.id());
        }
        return option;
    }

    private static Inet4Address wildcard() throws IOException {
        return (Inet4Address) InetAddress.getByAddress(new byte[Integer.BYTES]);
    }
}
