// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.exhaustion;

import io.github.kqueueffm.KQueueChannelOption;
import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerDomainSocketChannel;
import io.github.kqueueffm.testsuite.support.SocketPaths;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Run by {@link PassedDescriptorLossTest} with a low limit of descriptors: is passed one for which it has no number, says what
 * its channel then tells, and is passed another, to a new connection, when it has room again.
 */
final class ExhaustedReceiver {

    private ExhaustedReceiver() {}

    public static void main(String[] args) throws Exception {
        BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(KQueueServerDomainSocketChannel.class)
                .childOption(KQueueChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Receiver(events));
                    }
                })
                .bind(SocketPaths.next())
                .sync()
                .channel();
        KQueueDomainSocketChannel passed = new KQueueDomainSocketChannel();
        Channel first = connect(group, server);
        events.take();
        // What passing takes is there from here on.
        first.writeAndFlush(passed.fd()).sync();
        ((FileDescriptor) events.take()).close();

        List<RandomAccessFile> hoard = new ArrayList<>();
        try {
            while (true) {
                hoard.add(new RandomAccessFile(args[0], "r"));
            }
        } catch (FileNotFoundException e) {
            // "Too many open files": what was wanted.
        }
        first.writeAndFlush(passed.fd()).sync();
        Object lost = events.take();
        for (RandomAccessFile file : hoard) {
            file.close();
        }
        System.out.println(lost);

        first.close().sync();
        Channel second = connect(group, server);
        Object event;
        do {
            event = events.take();
        } while (!"accepted".equals(event));
        second.writeAndFlush(passed.fd()).sync();
        FileDescriptor descriptor = (FileDescriptor) events.take();
        System.out.println(descriptor.isOpen() ? "received" : "closed");
        descriptor.close();
        second.close().sync();
        server.close().sync();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private static Channel connect(EventLoopGroup group, Channel server) throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channel(KQueueDomainSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
    }

    private static final class Receiver extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<Object> events;

        Receiver(BlockingQueue<Object> events) {
            this.events = events;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            events.add("accepted");
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            events.add(msg);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }
    }
}
