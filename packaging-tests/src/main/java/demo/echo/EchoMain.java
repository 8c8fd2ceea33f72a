// SPDX-License-Identifier: Apache-2.0

package demo.echo;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.KQueueDatagramChannel;
import io.github.kqueueffm.KQueueDomainDatagramChannel;
import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerDomainSocketChannel;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An application that uses the transport the way any other would, to be packed in different ways. Sends bytes through an
 * echo server of its own, opens the channels of all other kinds, and prints {@code binding=}, {@code module=}, {@code echoed=} and
 * {@code opened=}; exits with 0 when all bytes came
 * back as they were sent, with 3 and the cause on standard error when the transport is not available.
 */
public final class EchoMain {
    private static final int BYTES = 256 * 1024;
    private static final int UNAVAILABLE = 3;

    private EchoMain() {}

    public static void main(String[] args) throws Exception {
        if (!KQueue.isAvailable()) {
            System.err.println(KQueue.unavailabilityCause());
            System.exit(UNAVAILABLE);
        }
        System.out.println("binding=" + KQueue.binding());
        System.out.println("module=" + KQueue.class.getModule().getName());
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, KQueueIoHandler.newFactory());
        try {
            System.out.println("echoed=" + echo(group));
            System.out.println("opened=" + openOneOfEach(group));
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static int echo(EventLoopGroup group) throws Exception {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(KQueueServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ctx.writeAndFlush(message);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        CompletableFuture<Integer> echoed = new CompletableFuture<>();
        Channel client = new Bootstrap()
                .group(group)
                .channel(KQueueSocketChannel.class)
                .handler(new EchoCheck(echoed))
                .connect(server.localAddress())
                .sync()
                .channel();
        byte[] sent = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            sent[i] = EchoCheck.expected(i);
        }
        client.writeAndFlush(Unpooled.wrappedBuffer(sent)).sync();
        int count = echoed.get(30, TimeUnit.SECONDS);
        client.close().sync();
        server.close().sync();
        return count;
    }

    /** Loading a channel's class is where a Netty that it does not fit would show. */
    private static int openOneOfEach(EventLoopGroup group) throws Exception {
        List<Channel> channels = List.of(
                new KQueueDatagramChannel(),
                new KQueueDomainSocketChannel(),
                new KQueueServerDomainSocketChannel(),
                new KQueueDomainDatagramChannel());
        for (Channel channel : channels) {
            group.register(channel).sync();
            channel.close().sync();
        }
        return channels.size();
    }

    /** Completes with the number of bytes once all have come back in order. */
    private static final class EchoCheck extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<Integer> echoed;
        private int received;

        EchoCheck(CompletableFuture<Integer> echoed) {
            this.echoed = echoed;
        }

        static byte expected(int index) {
            return (byte) (index * 31 + index / 251);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
            while (message.isReadable()) {
                if (message.readByte() != expected(received)) {
                    echoed.completeExceptionally(new IllegalStateException("byte " + received + " came back changed"));
                    return;
                }
                received++;
            }
            if (received == BYTES) {
                echoed.complete(received);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            echoed.completeExceptionally(new IllegalStateException("closed after " + received + " bytes"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            echoed.completeExceptionally(cause);
        }
    }
}
