// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.EventLoops;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.github.kqueueffm.examples.TransportReport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;

/** The server under load: one event loop, which accepts and echoes, on the loopback address. */
final class LoadServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Transport transport;
    private final EventLoopGroup group;
    private final EchoHandler handler = new EchoHandler();
    private final InetSocketAddress address;

    /** @throws ExampleFailure if the transport is not available, or cannot listen */
    LoadServer(Transport transport) throws InterruptedException {
        this.transport = transport;
        // Accepting in the same loop, so that one thread's CPU time is all that a request costs.
        group = transport.newGroup(1);
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(handler)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .await();
        if (!bound.isSuccess()) {
            EventLoops.end(group);
            throw new ExampleFailure("the server cannot listen", bound.cause());
        }
        address = (InetSocketAddress) bound.channel().localAddress();
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return address;
    }

    /** Taken by the event loop itself between two requests, so that CPU time and counts belong together. */
    Snapshot snapshot() throws InterruptedException, ExecutionException {
        return group.next().submit(this::takeSnapshot).get();
    }

    private Snapshot takeSnapshot() {
        return new Snapshot(
                System.nanoTime(),
                THREADS.getCurrentThreadCpuTime(),
                handler.connections(),
                handler.bytes(),
                TransportReport.systemCalls(transport));
    }

    @Override
    public void close() {
        if (!EventLoops.end(group)) {
            throw new IllegalStateException("the event loop of the server on " + transport + " did not end");
        }
    }
}
