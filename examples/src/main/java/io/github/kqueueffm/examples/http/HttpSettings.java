// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.github.kqueueffm.examples.Transport;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What to serve, and where.
 *
 * @param address where to listen: an {@link java.net.InetSocketAddress}, whose port 0 takes any that is free, or what
 *     {@link Transport#unixAddress} makes
 * @param threads event loops, at least 1; they share the accepting and the connections
 * @param fastOpen whether a connection may be opened with its first data, TCP Fast Open
 * @param files what to serve beside the pages, null for nothing
 * @param idle closes idle connections to make room, null to close none
 */
record HttpSettings(
        Transport transport,
        SocketAddress address,
        int threads,
        boolean fastOpen,
        @Nullable StaticFiles files,
        @Nullable IdleConnections idle) {}
