// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.datagrams;

import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Server;
import io.github.kqueueffm.examples.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.NetUtil;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A UDP socket that answers, from {@link #start} to {@link #close}. Safe for use by many threads. */
final class DatagramEchoServer implements AutoCloseable {
    private static final int MAX_DATAGRAM = 65535;

    private final Server server;
    private final DatagramChannel channel;
    private final @Nullable Group group;
    private final DatagramEchoHandler handler;
    private final PrintWriter out;

    private DatagramEchoServer(Server server, @Nullable Group group, DatagramEchoHandler handler, PrintWriter out) {
        this.server = server;
        this.channel = (DatagramChannel) server.channel();
        this.group = group;
        this.handler = handler;
        this.out = out;
    }

    /**
     * Starts a server.
     *
     * @param address what to bind to; port 0 takes any that is free
     * @param group to join, null for none
     * @throws ExampleFailure if the transport is not available, the address is not to be had or the group not to be joined
     */
    static DatagramEchoServer start(
            Transport transport, InetSocketAddress address, @Nullable Group group, PrintWriter out)
            throws InterruptedException {
        DatagramEchoHandler handler = new DatagramEchoHandler(out);
        Bootstrap bootstrap = new Bootstrap()
                .channel(transport.datagramChannel())
                // Whatever does not fit is cut off, and the default is 2048 bytes.
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM))
                .handler(handler);
        if (group != null) {
            // All members on this machine use the same port.
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
        if (group != null && group.on() != null) {
            bootstrap.option(ChannelOption.IP_MULTICAST_IF, group.on());
        }
        Server server = Server.start(
                transport,
                1,
                NetUtil.toSocketAddressString(address),
                loops -> bootstrap.group(loops).bind(address));
        DatagramEchoServer started = new DatagramEchoServer(server, group, handler, out);
        if (group != null) {
            started.join(group);
        }
        return started;
    }

    private void join(Group group) throws InterruptedException {
        Throwable failure;
        try {
            failure = (group.on() == null
                            ? channel.joinGroup(group.address())
                            : channel.joinGroup(
                                    new InetSocketAddress(
                                            group.address(), address().getPort()),
                                    group.on()))
                    .await()
                    .cause();
        } catch (ChannelException e) {
            // So does io_uring, which cannot join an IPv4 group with a socket that is for IPv6 too.
            failure = e;
        }
        if (failure != null) {
            server.close();
            throw new ExampleFailure("cannot join " + group, failure);
        }
    }

    /** What it is bound to. */
    InetSocketAddress address() {
        return channel.localAddress();
    }

    /** Says that it runs, and at the end of the process what it has done. */
    void report() {
        server.report(
                out,
                "listening on " + NetUtil.toSocketAddressString(address()) + (group == null ? "" : " and in " + group),
                handler::done);
    }

    /**
     * Sends a text to the members of the group.
     *
     * @throws ExampleFailure if that fails
     */
    void announce(String text, Group group) throws InterruptedException {
        ChannelFuture sent = channel.writeAndFlush(new DatagramPacket(
                        Unpooled.copiedBuffer(text, StandardCharsets.UTF_8),
                        new InetSocketAddress(group.address(), address().getPort())))
                .await();
        if (!sent.isSuccess()) {
            server.close();
            throw new ExampleFailure("cannot send to " + group, sent.cause());
        }
    }

    /** Waits until the channel is closed. */
    void awaitEnd() throws InterruptedException {
        server.awaitEnd();
    }

    @Override
    public void close() {
        server.close();
    }
}
