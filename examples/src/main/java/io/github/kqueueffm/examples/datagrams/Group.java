// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.datagrams;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * A multicast group.
 *
 * @param on the network interface to join it on and to send to it from, null for the system's choice
 */
record Group(InetAddress address, @Nullable NetworkInterface on) {
    @Override
    public String toString() {
        return "group " + NetUtil.toAddressString(address) + (on == null ? "" : " on " + on.getName());
    }
}
