// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.MulticastLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The structs that multicast options take, in the layout of a platform record: the values from position 0 to the limit, ready
 * for setsockopt(2). Immutable.
 */
final class MulticastCodec {

    private final MulticastLayout layout;
    private final SocketAddressCodec addresses;

    MulticastCodec(Platform platform) {
        layout = platform.multicastStructs();
        addresses = new SocketAddressCodec(platform);
    }

    /** {@code struct ip_mreq}. */
    ByteBuffer request4(Inet4Address group, Inet4Address networkInterface) {
        return struct(layout.mreqSize())
                .put(layout.mreqGroup(), group.getAddress())
                .put(layout.mreqInterface(), networkInterface.getAddress());
    }

    /** {@code struct ip_mreq_source}. */
    ByteBuffer request4(Inet4Address group, Inet4Address networkInterface, Inet4Address source) {
        return struct(layout.mreqSourceSize())
                .put(layout.mreqSourceGroup(), group.getAddress())
                .put(layout.mreqSourceInterface(), networkInterface.getAddress())
                .put(layout.mreqSourceSource(), source.getAddress());
    }

    /** {@code struct ipv6_mreq}; an IPv4 group goes in its mapped form. */
    ByteBuffer request6(InetAddress group, int interfaceIndex) {
        ByteBuffer struct = struct(layout.mreq6Size()).putInt(layout.mreq6Interface(), interfaceIndex);
        byte[] address = group.getAddress();
        if (group instanceof Inet4Address) {
            struct.putShort(layout.mreq6Group() + 10, (short) -1);
            return struct.put(layout.mreq6Group() + 12, address);
        }
        return struct.put(layout.mreq6Group(), address);
    }

    /** {@code struct group_source_req}. */
    ByteBuffer request6(Inet6Address group, int interfaceIndex, Inet6Address source) {
        ByteBuffer struct =
                struct(layout.groupSourceReqSize()).putInt(layout.groupSourceReqInterface(), interfaceIndex);
        putAddress(struct, layout.groupSourceReqGroup(), group);
        putAddress(struct, layout.groupSourceReqSource(), source);
        return struct;
    }

    private void putAddress(ByteBuffer struct, int at, Inet6Address address) {
        addresses.encode(new InetSocketAddress(address, 0), SocketProtocolFamily.INET6, struct, at);
    }

    private static ByteBuffer struct(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
