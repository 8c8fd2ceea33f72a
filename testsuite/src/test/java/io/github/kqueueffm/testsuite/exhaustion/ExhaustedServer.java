// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.exhaustion;

import io.github.kqueueffm.AcceptPausedEvent;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.FileNotFoundException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Run by {@link AcceptPauseTest} with a low limit of descriptors: prints its port, uses the descriptors up, and says what
 * its server channel then tells. Ends when it has got both connections that its parent makes meanwhile.
 */
final class ExhaustedServer {

    private ExhaustedServer() {}

    public static void main(String[] args) throws Exception {
        BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(KQueueServerSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        events.add(event);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        events.add(cause);
                    }
                })
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        events.add("accepted");
                        channel.closeFuture().addListener(closed -> events.add("closed"));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        // What an accepted connection takes is there from here on.
        try (Socket ignored = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            events.take();
        }
        // Its descriptor would be one to accept with.
        events.take();
        List<RandomAccessFile> hoard = new ArrayList<>();
        try {
            while (true) {
                hoard.add(new RandomAccessFile(args[0], "r"));
            }
        } catch (FileNotFoundException e) {
            // "Too many open files": what was wanted.
        }
        System.out.println(port(server));
        long start = System.nanoTime();
        for (int pauses = 0; pauses < 3; pauses++) {
            Object event = events.take();
            System.out.println(event instanceof AcceptPausedEvent ? "paused" : event);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        // Three pauses have two whole ones between them.
        System.out.println(millis >= 200 ? "rested" : "spun: 3 pauses in " + millis + " ms");
        for (RandomAccessFile file : hoard) {
            file.close();
        }
        int accepted = 0;
        while (accepted < 2) {
            if ("accepted".equals(events.take())) {
                accepted++;
            }
        }
        System.out.println("accepted");
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private static int port(Channel server) {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }
}
