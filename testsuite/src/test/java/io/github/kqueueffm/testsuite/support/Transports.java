// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerDomainSocketChannel;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;

/** The transports under test, and the loops that most tests share. */
public final class Transports {

    public static final Transport KQUEUE = new Transport(
            "kqueue",
            KQueueIoHandler::newFactory,
            KQueueSocketChannel.class,
            KQueueServerSocketChannel.class,
            Endpoints.INET,
            true);

    public static final Transport NIO = new Transport(
            "nio",
            NioIoHandler::newFactory,
            NioSocketChannel.class,
            NioServerSocketChannel.class,
            Endpoints.INET,
            false);

    /** UNIX domain sockets. */
    public static final Transport KQUEUE_UNIX = new Transport(
            "kqueue by path",
            KQueueIoHandler::newFactory,
            KQueueDomainSocketChannel.class,
            KQueueServerDomainSocketChannel.class,
            Endpoints.UNIX,
            true);

    public static final Transport NIO_UNIX = new Transport(
            "nio by path",
            NioIoHandler::newFactory,
            NioDomainSocketChannel.class,
            NioServerDomainSocketChannel.class,
            Endpoints.UNIX_OF_JDK,
            false);

    private Transports() {}

    /** The two loops of {@code transport} that live as long as the JVM. */
    public static EventLoopGroup sharedGroup(Transport transport) {
        EventLoopGroup group = Shared.GROUPS.get(transport);
        if (group == null) {
            throw new IllegalArgumentException("no shared loops for " + transport);
        }
        return group;
    }

    /**
     * Opens what stays open for the life of the JVM: the shared loops, and what the JDK opens with its first connection
     * (a socket that it dups over those that it closes).
     */
    public static void start() throws Exception {
        for (Pairing pairing : new Pairing[] {
            new Pairing(KQUEUE, NIO, true), new Pairing(NIO, KQUEUE, true), new Pairing(KQUEUE_UNIX, NIO_UNIX, true)
        }) {
            Link.open(pairing).close();
        }
        UnresponsiveAddress.get();
    }

    /** A loop of NIO gives a closed channel's descriptor back when it next selects: makes the shared ones do so. */
    static void wakeLoops() throws InterruptedException {
        for (EventLoopGroup group : Shared.GROUPS.values()) {
            for (EventExecutor loop : group) {
                loop.submit(() -> {}).sync();
            }
        }
    }

    private static final class Shared {
        private static final EventLoopGroup KQUEUE_LOOPS = KQUEUE.newGroup(2, "kqueue");
        private static final EventLoopGroup NIO_LOOPS = NIO.newGroup(2, "nio");

        static final Map<Transport, EventLoopGroup> GROUPS =
                Map.of(KQUEUE, KQUEUE_LOOPS, KQUEUE_UNIX, KQUEUE_LOOPS, NIO, NIO_LOOPS, NIO_UNIX, NIO_LOOPS);
    }
}
