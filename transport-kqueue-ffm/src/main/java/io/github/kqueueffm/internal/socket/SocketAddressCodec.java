// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SockaddrLayout;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** {@code struct sockaddr_in} and {@code sockaddr_in6} in the layout of a platform record. Immutable. */
public final class SocketAddressCodec {

    /** The two bytes before the IPv4 address in ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
    private static final int MAPPED_PREFIX = 0xffff;

    private static final int MAX_PORT = 0xffff;

    private final SockaddrLayout layout;
    private final SocketConstants constants;

    public SocketAddressCodec(Platform platform) {
        layout = platform.sockaddr();
        constants = platform.socket();
    }

    /**
     * Writes {@code address} to the start of {@code into}.
     *
     * @param family of the socket the address is for: an INET6 socket takes IPv4 addresses in their mapped form, an INET
     *     socket takes IPv4 addresses and both wildcards only
     * @param into in native byte order; position and limit are neither used nor changed
     * @return the length of the sockaddr, bytes
     * @throws UnresolvedAddressException if the address has no IP address yet
     * @throws UnsupportedAddressTypeException if a socket of this family cannot have the address
     */
    public int encode(InetSocketAddress address, SocketProtocolFamily family, ByteBuffer into) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new UnresolvedAddressException();
        }
        return switch (family) {
            case INET -> encode4(ip, address.getPort(), into);
            case INET6 -> encode6(ip, address.getPort(), into);
            default -> throw new UnsupportedAddressTypeException();
        };
    }

    private int encode4(InetAddress ip, int port, ByteBuffer into) {
        start(into, layout.in4Size(), constants.AF_INET());
        putPort(into, layout.in4Port(), port);
        if (!ip.isAnyLocalAddress()) {
            byte[] bytes = ip.getAddress();
            if (bytes.length != Integer.BYTES) {
                throw new UnsupportedAddressTypeException();
            }
            putBytes(into, layout.in4Address(), bytes);
        }
        return layout.in4Size();
    }

    private int encode6(InetAddress ip, int port, ByteBuffer into) {
        start(into, layout.in6Size(), constants.AF_INET6());
        putPort(into, layout.in6Port(), port);
        // The IPv4 wildcard stands for "any address": on a dual-stack socket that is ::, since ::ffff:0.0.0.0 would
        // leave IPv6 peers out.
        if (!ip.isAnyLocalAddress()) {
            byte[] bytes = ip.getAddress();
            int at = layout.in6Address();
            if (bytes.length == Integer.BYTES) {
                into.putShort(at + 10, (short) MAPPED_PREFIX);
                at += 12;
            }
            putBytes(into, at, bytes);
        }
        if (ip instanceof Inet6Address ip6) {
            into.putInt(layout.in6ScopeId(), ip6.getScopeId());
        }
        return layout.in6Size();
    }

    /** The family that the sockaddr at {@code offset} says it is of, {@code null} for one that is not in use here. */
    @Nullable
    SocketProtocolFamily family(ByteBuffer from, int offset) {
        int family = number(from, offset);
        if (family == constants.AF_INET()) {
            return SocketProtocolFamily.INET;
        }
        if (family == constants.AF_INET6()) {
            return SocketProtocolFamily.INET6;
        }
        return family == constants.AF_UNIX() ? SocketProtocolFamily.UNIX : null;
    }

    /** Like {@link #decodeRaw}, decoded to Java's type. */
    public @Nullable InetSocketAddress decode(ByteBuffer from, int offset, int length) {
        RawAddress raw = decodeRaw(from, offset, length);
        return raw == null ? null : raw.toInetSocketAddress();
    }

    /**
     * Reads the address at {@code offset}.
     *
     * @param from in native byte order; position and limit are neither used nor changed
     * @param length what the kernel says the address is long, bytes; macOS says 0 for a connection that was reset before
     *     accept(2) took it
     * @return {@code null} if there is no Internet address
     */
    public @Nullable RawAddress decodeRaw(ByteBuffer from, int offset, int length) {
        if (length < layout.family() + layout.familySize()) {
            return null;
        }
        int family = number(from, offset);
        if (family == constants.AF_INET() && length >= layout.in4Address() + Integer.BYTES) {
            int address = bigEndian(from, from.getInt(offset + layout.in4Address()));
            return new RawAddress(true, 0, Integer.toUnsignedLong(address), port(from, offset + layout.in4Port()), 0);
        }
        if (family == constants.AF_INET6() && length >= layout.in6Size()) {
            return decode6(from, offset);
        }
        return null;
    }

    private RawAddress decode6(ByteBuffer from, int offset) {
        int at = offset + layout.in6Address();
        long high = bigEndian(from, from.getLong(at));
        long low = bigEndian(from, from.getLong(at + Long.BYTES));
        int port = port(from, offset + layout.in6Port());
        if (high == 0 && low >>> Integer.SIZE == MAPPED_PREFIX) {
            return new RawAddress(true, 0, low & 0xffffffffL, port, 0);
        }
        return new RawAddress(false, high, low, port, from.getInt(offset + layout.in6ScopeId()));
    }

    private int number(ByteBuffer from, int offset) {
        int at = offset + layout.family();
        return layout.familySize() == Byte.BYTES ? from.get(at) & 0xff : from.getShort(at) & 0xffff;
    }

    /** Zeroes the struct (its padding and sin6_flowinfo must be zero) and writes the head that all of them share. */
    private void start(ByteBuffer into, int size, int family) {
        for (int i = 0; i < size; i++) {
            into.put(i, (byte) 0);
        }
        if (Platform.has(layout.length())) {
            into.put(layout.length(), (byte) size);
        }
        if (layout.familySize() == Byte.BYTES) {
            into.put(layout.family(), (byte) family);
        } else {
            into.putShort(layout.family(), (short) family);
        }
    }

    private static void putPort(ByteBuffer into, int at, int port) {
        into.put(at, (byte) (port >>> Byte.SIZE));
        into.put(at + 1, (byte) port);
    }

    private static void putBytes(ByteBuffer into, int at, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            into.put(at + i, bytes[i]);
        }
    }

    private static int port(ByteBuffer from, int at) {
        return ((from.get(at) & 0xff) << Byte.SIZE | from.get(at + 1) & 0xff) & MAX_PORT;
    }

    private static int bigEndian(ByteBuffer from, int value) {
        return from.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private static long bigEndian(ByteBuffer from, long value) {
        return from.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }
}
