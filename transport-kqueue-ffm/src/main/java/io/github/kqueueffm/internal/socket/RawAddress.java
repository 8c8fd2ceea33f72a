// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An Internet address as the kernel gave it, copied out of native memory but not decoded: one object, where an
 * {@link InetSocketAddress} is five. Most servers never ask an accepted connection for its peer.
 *
 * @param inet4 whether this is an IPv4 address; an IPv4-mapped one counts as IPv4, as it does for {@link InetAddress}
 * @param high the first 8 bytes of an IPv6 address, 0 for IPv4
 * @param low the last 8 bytes of an IPv6 address; an IPv4 address is in the low 32 bits
 * @param port 0 to 65535
 * @param scopeId sin6_scope_id, 0 where there is none
 */
public record RawAddress(boolean inet4, long high, long low, int port, int scopeId) {

    /** The address as Java's own type; a new object each time. Makes no name lookup. */
    public InetSocketAddress toInetSocketAddress() {
        return new InetSocketAddress(toInetAddress(), port);
    }

    private InetAddress toInetAddress() {
        try {
            if (inet4) {
                return InetAddress.getByAddress(bytes(low, Integer.BYTES));
            }
            byte[] address = new byte[16];
            System.arraycopy(bytes(high, Long.BYTES), 0, address, 0, Long.BYTES);
            System.arraycopy(bytes(low, Long.BYTES), 0, address, Long.BYTES, Long.BYTES);
            // A scope of 0 means none: InetAddress would print "%0" for it.
            return scopeId == 0 ? InetAddress.getByAddress(address) : Inet6Address.getByAddress(null, address, scopeId);
        } catch (UnknownHostException e) {
            // Declared for arrays that are neither 4 nor 16 bytes long.
            throw new AssertionError(e);
        }
    }

    /** The last {@code count} bytes of {@code value}, the most significant first. */
    private static byte[] bytes(long value, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (value >>> Byte.SIZE * (count - 1 - i));
        }
        return bytes;
    }

    @Override
    public String toString() {
        return toInetSocketAddress().toString();
    }
}
