// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Server;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import java.net.InetSocketAddress;

/** Starts servers. */
final class HttpExampleServer {
    private static final int BACKLOG = 1024;
    // Connections that have sent data and are not established yet, at most.
    private static final int FAST_OPEN_QUEUE = 256;

    private HttpExampleServer() {}

    /** @throws ExampleFailure if the transport is not available or the address cannot be listened on */
    static Server start(HttpSettings settings, HttpCounters counters) throws InterruptedException {
        IdleConnections idle = settings.idle();
        ChannelHandler connection = idle == null ? null : idle.connection();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .channel(
                        settings.address() instanceof InetSocketAddress
                                ? settings.transport().serverChannel()
                                : settings.transport().unixServerChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpServerExpectContinueHandler());
                        if (connection != null) {
                            channel.pipeline().addLast(connection);
                        }
                        channel.pipeline().addLast(new PageHandler(counters, settings.files()));
                    }
                });
        if (idle != null) {
            bootstrap.handler(idle.listener());
        }
        if (settings.fastOpen()) {
            bootstrap.option(ChannelOption.TCP_FASTOPEN, FAST_OPEN_QUEUE);
        }
        return Server.start(
                settings.transport(),
                settings.threads(),
                where(settings),
                group -> bootstrap.group(group).bind(settings.address()));
    }

    private static String where(HttpSettings settings) {
        return settings.address() instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : settings.address().toString();
    }
}
