// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * What the system can do with IPv6, found by trying: an administrator can turn each of these off (sysctl bindv6only on Linux,
 * net.inet6.ip6.v6only on BSD, a container without IPv6), so no table could say.
 *
 * @param usable an AF_INET6 socket can be made and bound to ::1. The second half matters where the kernel has IPv6 but no
 *     interface does: such a socket could not connect anywhere (netty/netty#7021)
 * @param v6OnlyByDefault a new AF_INET6 socket has IPV6_V6ONLY set
 * @param dualStack an AF_INET6 socket can serve IPv4 too; never on OpenBSD, see its ip6(4)
 */
record Inet6Support(boolean usable, boolean v6OnlyByDefault, boolean dualStack) {

    private static final Inet6Support NONE = new Inet6Support(false, false, false);

    /** @throws IOException if the trial could not be made, for want of descriptors say: that tells nothing about IPv6 */
    static Inet6Support probe(SocketSystem system) throws IOException {
        SocketConstants constants = system.platform.socket();
        int fd = system.syscalls.socket(constants.AF_INET6(), constants.SOCK_STREAM(), 0);
        if (fd < 0) {
            if (isShortage(system.platform.errno(), -fd)) {
                throw SocketErrors.exception(system.binding, "socket", -fd);
            }
            return NONE;
        }
        // The family that was asked for; nothing is decoded from this socket.
        NativeSocket socket = new NativeSocket(system, fd, SocketProtocolFamily.INET6);
        try {
            boolean v6Only = socket.intOption(constants.IPPROTO_IPV6(), constants.IPV6_V6ONLY()) != 0;
            boolean dualStack = !v6Only || socket.trySetV6Only(false) >= 0;
            return new Inet6Support(isBindable(socket), v6Only, dualStack);
        } finally {
            socket.close();
        }
    }

    private static boolean isShortage(Errno errno, int number) {
        return number == errno.EMFILE()
                || number == errno.ENFILE()
                || number == errno.ENOBUFS()
                || number == errno.ENOMEM();
    }

    private static boolean isBindable(NativeSocket socket) throws IOException {
        return socket.tryBind(new InetSocketAddress(loopback(), 0)) >= 0;
    }

    private static InetAddress loopback() throws UnknownHostException {
        byte[] address = new byte[16];
        address[15] = 1;
        return InetAddress.getByAddress(address);
    }
}
