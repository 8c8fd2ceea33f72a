// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What the kernel's answers mean for channels of the UNIX domain. */
final class UnixAddresses {

    /** Of a socket that is connected but was never bound. */
    static final DomainSocketAddress UNNAMED = new DomainSocketAddress("");

    private UnixAddresses() {}

    static boolean isNamed(@Nullable SocketAddress address) {
        return address instanceof DomainSocketAddress
                && !((DomainSocketAddress) address).path().isEmpty();
    }

    /** {@code address}, if it is a name. */
    static @Nullable SocketAddress named(@Nullable SocketAddress address) {
        return isNamed(address) ? address : null;
    }

    /** {@code address}, or {@link #UNNAMED} for none. */
    static SocketAddress ofPeer(@Nullable SocketAddress address) {
        return address != null && isNamed(address) ? address : UNNAMED;
    }
}
