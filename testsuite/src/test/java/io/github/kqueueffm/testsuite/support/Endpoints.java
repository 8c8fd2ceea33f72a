// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Where the sockets of a transport can be found: over loopback or at a path, and in which class that is told. */
public enum Endpoints {
    INET {
        @Override
        public SocketAddress fresh() {
            return Link.loopback();
        }

        @Override
        public SocketAddress reachable(SocketAddress listener) {
            InetSocketAddress bound = (InetSocketAddress) listener;
            return bound.getAddress().isAnyLocalAddress()
                    ? new InetSocketAddress(Link.ipv4Loopback(), bound.getPort())
                    : bound;
        }
    },
    UNIX {
        @Override
        public SocketAddress fresh() {
            return SocketPaths.next();
        }

        @Override
        public SocketAddress reachable(SocketAddress listener) {
            return new DomainSocketAddress(path(listener));
        }
    },
    /** NIO wants the JDK's class. */
    UNIX_OF_JDK {
        @Override
        public SocketAddress fresh() {
            return UnixDomainSocketAddress.of(SocketPaths.next().path());
        }

        @Override
        public SocketAddress reachable(SocketAddress listener) {
            return UnixDomainSocketAddress.of(path(listener));
        }
    };

    /** An address to bind to that nobody else has. */
    public abstract SocketAddress fresh();

    /** The address by which a client of this kind reaches a listener, whose own address may be of the other kind. */
    public abstract SocketAddress reachable(SocketAddress listener);

    private static String path(SocketAddress address) {
        return address instanceof DomainSocketAddress
                ? ((DomainSocketAddress) address).path()
                : ((UnixDomainSocketAddress) address).getPath().toString();
    }
}
