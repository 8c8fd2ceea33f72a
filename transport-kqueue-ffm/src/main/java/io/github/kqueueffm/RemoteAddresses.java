// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/** What is known of a peer's address without getpeername(2). */
final class RemoteAddresses {

    private RemoteAddresses() {}

    /**
     * The address of the peer after a connect to {@code requested}: that address, host name and all, unless it was a
     * wildcard, which the kernel takes for one of its own; then null. A name of the UNIX domain is told in Netty's class.
     */
    static @Nullable SocketAddress known(SocketAddress requested) {
        if (requested instanceof InetSocketAddress
                && ((InetSocketAddress) requested).getAddress().isAnyLocalAddress()) {
            return null;
        }
        if (requested instanceof UnixDomainSocketAddress) {
            return new DomainSocketAddress(
                    ((UnixDomainSocketAddress) requested).getPath().toString());
        }
        return requested;
    }
}
