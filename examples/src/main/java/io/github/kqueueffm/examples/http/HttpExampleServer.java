// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.github.kqueueffm.examples.EventLoops;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A server that listens from {@link #start} to {@link #close}. Safe for use by many threads. */
final class HttpExampleServer implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final Channel listener;

    private HttpExampleServer(EventLoopGroup group, Channel listener) {
        this.group = group;
        this.listener = listener;
    }

    /**
     * Starts a server.
     *
     * @param address where to listen; port 0 takes any that is free
     * @param threads event loops, at least 1; they share the accepting and the connections
     * @param files what to serve beside the pages, null for nothing
     * @throws ExampleFailure if the transport is not available or the address cannot be listened on
     */
    static HttpExampleServer start(
            Transport transport,
            InetSocketAddress address,
            int threads,
            HttpCounters counters,
            @Nullable StaticFiles files)
            throws InterruptedException {
        EventLoopGroup group = transport.newGroup(threads);
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpServerExpectContinueHandler())
                                .addLast(new PageHandler(counters, files));
                    }
                })
                .bind(address)
                .await();
        if (!bound.isSuccess()) {
            EventLoops.end(group);
            throw new ExampleFailure(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort(), bound.cause());
        }
        return new HttpExampleServer(group, bound.channel());
    }

    /** Where the server listens. */
    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Waits until the server no longer listens. */
    void awaitEnd() throws InterruptedException {
        listener.closeFuture().await();
    }

    /** Stops listening, lets the loops finish what they are at, and closes all connections. May be called again. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        EventLoops.end(group);
    }
}
