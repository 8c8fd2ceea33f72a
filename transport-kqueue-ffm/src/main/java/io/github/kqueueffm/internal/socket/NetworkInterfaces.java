// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.netty.util.internal.SocketUtils;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** How network interfaces are named to the kernel: for IPv4 by one of their addresses, for IPv6 by their number. */
final class NetworkInterfaces {

    private NetworkInterfaces() {}

    /** The first IPv4 address of an interface, {@code null} if it has none. */
    static @Nullable Inet4Address address4(NetworkInterface networkInterface) {
        Enumeration<InetAddress> addresses = SocketUtils.addressesFromNetworkInterface(networkInterface);
        while (addresses.hasMoreElements()) {
            if (addresses.nextElement() instanceof Inet4Address address) {
                return address;
            }
        }
        return null;
    }

    /** The first IPv4 address of an interface. */
    static Inet4Address requireAddress4(NetworkInterface networkInterface) throws IOException {
        Inet4Address address = address4(networkInterface);
        if (address == null) {
            throw new IOException("the network interface " + networkInterface.getName() + " has no IPv4 address");
        }
        return address;
    }

    /** The number of an interface, positive. */
    static int index(NetworkInterface networkInterface) throws IOException {
        int index = networkInterface.getIndex();
        if (index <= 0) {
            throw new IOException("the network interface " + networkInterface.getName() + " has no number");
        }
        return index;
    }
}
