// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SockaddrLayout;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** {@code struct sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un} in the layout of a platform record. Immutable. */
public final class SocketAddressCodec {

    /** The two bytes before the IPv4 address in ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
    private static final int MAPPED_PREFIX = 0xffff;

    private static final int MAX_PORT = 0xffff;

    private final SockaddrLayout layout;
    private final SocketConstants constants;
    private final UnixAddressCodec unix;

    public SocketAddressCodec(Platform platform) {
        layout = platform.sockaddr();
        constants = platform.socket();
        unix = new UnixAddressCodec(platform);
    }

    /**
     * Writes {@code address} to {@code offset}.
     *
     * @param family of the socket the address is for: an INET6 socket takes IPv4 addresses in their mapped form, an INET
     *     socket takes IPv4 addresses and both wildcards only, a UNIX socket takes {@link DomainSocketAddress}, and what NIO
     *     has for it
     * @param into in native byte order, with room for a sockaddr_storage at {@code offset}; position and limit are neither
     *     used nor changed
     * @return the length of the sockaddr, bytes, or {@code -errno} for a path that no kernel would take
     * @throws UnresolvedAddressException if the address has no IP address yet
     * @throws UnsupportedAddressTypeException if a socket of this family cannot have the address
     */
    public int encode(SocketAddress address, SocketProtocolFamily family, ByteBuffer into, int offset) {
        if (family == SocketProtocolFamily.UNIX) {
            if (address instanceof DomainSocketAddress path) {
                return unix.encode(path.path(), into, offset);
            }
            if (address instanceof UnixDomainSocketAddress path) {
                return unix.encode(path.getPath().toString(), into, offset);
            }
            throw new UnsupportedAddressTypeException();
        }
        if (!(address instanceof InetSocketAddress internet)) {
            throw new UnsupportedAddressTypeException();
        }
        InetAddress ip = internet.getAddress();
        if (ip == null) {
            throw new UnresolvedAddressException();
        }
        return family == SocketProtocolFamily.INET
                ? encode4(ip, internet.getPort(), into, offset)
                : encode6(ip, internet.getPort(), into, offset);
    }

    private int encode4(InetAddress ip, int port, ByteBuffer into, int offset) {
        start(into, offset, layout.in4Size(), constants.AF_INET());
        putPort(into, offset + layout.in4Port(), port);
        if (!ip.isAnyLocalAddress()) {
            byte[] bytes = ip.getAddress();
            if (bytes.length != Integer.BYTES) {
                throw new UnsupportedAddressTypeException();
            }
            into.put(offset + layout.in4Address(), bytes);
        }
        return layout.in4Size();
    }

    private int encode6(InetAddress ip, int port, ByteBuffer into, int offset) {
        start(into, offset, layout.in6Size(), constants.AF_INET6());
        putPort(into, offset + layout.in6Port(), port);
        // The IPv4 wildcard stands for "any address": on a dual-stack socket that is ::, since ::ffff:0.0.0.0 would
        // leave IPv6 peers out.
        if (!ip.isAnyLocalAddress()) {
            byte[] bytes = ip.getAddress();
            int at = offset + layout.in6Address();
            if (bytes.length == Integer.BYTES) {
                into.putShort(at + 10, (short) MAPPED_PREFIX);
                at += 12;
            }
            into.put(at, bytes);
        }
        if (ip instanceof Inet6Address ip6) {
            into.putInt(offset + layout.in6ScopeId(), ip6.getScopeId());
        }
        return layout.in6Size();
    }

    /**
     * Writes the address that a connected datagram socket connects to in order to have no peer: of no family, AF_UNSPEC, but of
     * the length that the socket's own family has, since BSD looks at that first.
     *
     * @return the length of the sockaddr, bytes
     */
    int encodeNobody(SocketProtocolFamily family, ByteBuffer into, int offset) {
        int size = switch (family) {
            case INET -> layout.in4Size();
            case INET6 -> layout.in6Size();
            case UNIX -> layout.unSize();
        };
        start(into, offset, size, constants.AF_UNSPEC());
        return size;
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

    /** Like {@link #decodeRaw}, decoded to Java's type, or to a {@link DomainSocketAddress}. */
    public @Nullable SocketAddress decode(ByteBuffer from, int offset, int length) {
        if (length >= layout.family() + layout.familySize() && number(from, offset) == constants.AF_UNIX()) {
            return new DomainSocketAddress(unix.decode(from, offset, length));
        }
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

    private void start(ByteBuffer into, int offset, int size, int family) {
        start(layout, into, offset, size, family);
    }

    /** Zeroes the struct (its padding and sin6_flowinfo must be zero) and writes the head that all of them share. */
    static void start(SockaddrLayout layout, ByteBuffer into, int offset, int size, int family) {
        for (int i = 0; i < size; i++) {
            into.put(offset + i, (byte) 0);
        }
        if (Platform.has(layout.length())) {
            into.put(offset + layout.length(), (byte) size);
        }
        if (layout.familySize() == Byte.BYTES) {
            into.put(offset + layout.family(), (byte) family);
        } else {
            into.putShort(offset + layout.family(), (short) family);
        }
    }

    private static void putPort(ByteBuffer into, int at, int port) {
        into.put(at, (byte) (port >>> Byte.SIZE));
        into.put(at + 1, (byte) port);
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
