// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.MulticastConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * How a UDP socket sends multicast datagrams, and which it receives. Any thread.
 *
 * <p>An AF_INET6 socket has these options twice, for IPv6 groups and for IPv4 ones. Both are set where the system lets us (the
 * BSDs and macOS have no IP_* options on such a socket); those for IPv6 are told.
 */
public final class MulticastOptions {

    private static final int MOST_HOPS = 255;

    private final NativeSocket socket;
    private final MulticastConstants options;
    private final Errno errno;
    private final int level4;
    private final int level6;
    private final boolean inet6;

    /** Width of IP_MULTICAST_TTL and IP_MULTICAST_LOOP. */
    private final int width4;

    public MulticastOptions(NativeSocket socket) {
        Platform platform = socket.binding().platform();
        this.socket = socket;
        options = platform.multicast();
        errno = platform.errno();
        level4 = platform.socket().IPPROTO_IP();
        level6 = platform.socket().IPPROTO_IPV6();
        inet6 = socket.family() == SocketProtocolFamily.INET6;
        width4 = platform.traits().multicastOptionBytes();
    }

    /** How many routers pass a multicast datagram on, and one more. */
    public int timeToLive() throws IOException {
        return inet6
                ? socket.intOption(level6, options.IPV6_MULTICAST_HOPS())
                : narrow(level4, options.IP_MULTICAST_TTL());
    }

    /**
     * Sets how far multicast datagrams go.
     *
     * @throws IllegalArgumentException unless it is 0 (not beyond this host) to 255
     */
    public void setTimeToLive(int hops) throws IOException {
        if (hops < 0 || hops > MOST_HOPS) {
            throw new IllegalArgumentException("multicast TTL " + hops + " (expected: 0 to 255)");
        }
        if (inet6) {
            socket.setIntOption(level6, options.IPV6_MULTICAST_HOPS(), hops);
        }
        set4(options.IP_MULTICAST_TTL(), narrow(hops));
    }

    /** Whether multicast datagrams of this socket come back to members of the group on this host. */
    public boolean isLoopback() throws IOException {
        return (inet6
                        ? socket.intOption(level6, options.IPV6_MULTICAST_LOOP())
                        : narrow(level4, options.IP_MULTICAST_LOOP()))
                != 0;
    }

    /** Sets whether members of the group on this host receive what this socket sends. */
    public void setLoopback(boolean loopback) throws IOException {
        int value = loopback ? 1 : 0;
        if (inet6) {
            socket.setIntOption(level6, options.IPV6_MULTICAST_LOOP(), value);
        }
        set4(options.IP_MULTICAST_LOOP(), narrow(value));
    }

    /** The interface that multicast datagrams leave by, {@code null} as long as the system chooses one. */
    public @Nullable NetworkInterface networkInterface() throws IOException {
        if (inet6) {
            int index = socket.intOption(level6, options.IPV6_MULTICAST_IF());
            return index == 0 ? null : NetworkInterface.getByIndex(index);
        }
        InetAddress address = interfaceAddress4();
        return address.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(address);
    }

    /** Sets the interface that multicast datagrams leave by. */
    public void setNetworkInterface(NetworkInterface networkInterface) throws IOException {
        if (!inet6) {
            setAddress4(NetworkInterfaces.requireAddress4(networkInterface));
            return;
        }
        socket.setIntOption(level6, options.IPV6_MULTICAST_IF(), NetworkInterfaces.index(networkInterface));
        Inet4Address address = NetworkInterfaces.address4(networkInterface);
        if (address != null) {
            setAddress4(address);
        }
    }

    /** An address of the interface that multicast datagrams leave by, {@code null} as long as the system chooses one. */
    public @Nullable InetAddress interfaceAddress() throws IOException {
        if (!inet6) {
            InetAddress address = interfaceAddress4();
            return address.isAnyLocalAddress() ? null : address;
        }
        NetworkInterface networkInterface = networkInterface();
        return networkInterface == null
                ? null
                : networkInterface.inetAddresses().findFirst().orElse(null);
    }

    /**
     * Sets the interface that multicast datagrams leave by.
     *
     * @param address of the interface; a wildcard leaves the choice to the system again
     * @throws SocketException if no interface has the address
     */
    public void setInterfaceAddress(InetAddress address) throws IOException {
        if (address.isAnyLocalAddress()) {
            if (inet6) {
                socket.setIntOption(level6, options.IPV6_MULTICAST_IF(), 0);
            }
            setAddress4(address);
            return;
        }
        NetworkInterface networkInterface = NetworkInterface.getByInetAddress(address);
        if (networkInterface == null) {
            throw new SocketException("no network interface has the address " + address.getHostAddress());
        }
        if (!inet6 && address instanceof Inet4Address) {
            setAddress4(address);
        } else {
            setNetworkInterface(networkInterface);
        }
    }

    /**
     * Keeps away the datagrams of groups that only other sockets of this host have joined, which Linux gives to every socket
     * that is bound to the port unless it is told otherwise (ip(7), IP_MULTICAST_ALL). The JDK's sockets tell it so; no other
     * system has it.
     */
    public void receiveOwnGroupsOnly() throws IOException {
        if (Platform.has(options.IP_MULTICAST_ALL())) {
            set4(options.IP_MULTICAST_ALL(), wide(0));
        }
        if (inet6 && Platform.has(options.IPV6_MULTICAST_ALL())) {
            // Linux 4.20 was the first to have it.
            setIfTaken(level6, options.IPV6_MULTICAST_ALL(), wide(0));
        }
    }

    private InetAddress interfaceAddress4() throws IOException {
        ByteBuffer value = ByteBuffer.allocate(Integer.BYTES);
        socket.rawOption(level4, options.IP_MULTICAST_IF(), value);
        return InetAddress.getByAddress(value.array());
    }

    private void setAddress4(InetAddress address) throws IOException {
        byte[] bytes = address.isAnyLocalAddress() ? new byte[Integer.BYTES] : address.getAddress();
        set4(options.IP_MULTICAST_IF(), ByteBuffer.wrap(bytes));
    }

    private void set4(int name, ByteBuffer value) throws IOException {
        if (inet6) {
            setIfTaken(level4, name, value);
        } else {
            socket.setRawOption(level4, name, value);
        }
    }

    private void setIfTaken(int level, int name, ByteBuffer value) throws IOException {
        try {
            socket.setRawOption(level, name, value);
        } catch (KQueueIoException e) {
            // EINVAL, ENOPROTOOPT: an AF_INET6 socket of the BSDs and macOS has no IP_* options (ip6_ctloutput), and an
            // older kernel not this one. What has to be set was set before.
            if (e.errno() != errno.EINVAL() && e.errno() != errno.ENOPROTOOPT()) {
                throw e;
            }
        }
    }

    private int narrow(int level, int name) throws IOException {
        ByteBuffer value = ByteBuffer.allocate(width4).order(ByteOrder.nativeOrder());
        socket.rawOption(level, name, value);
        return width4 == Byte.BYTES ? value.get(0) & 0xff : value.getInt(0);
    }

    private ByteBuffer narrow(int value) {
        return width4 == Byte.BYTES ? ByteBuffer.wrap(new byte[] {(byte) value}) : wide(value);
    }

    private static ByteBuffer wide(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
    }
}
