// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.unix;

import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.PeerCredentials;
import io.github.kqueueffm.examples.EchoHandler;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Received;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/** Sends back what comes over one connection, and tells what happens to it. */
final class UnixEchoHandler extends EchoHandler {
    private final UnixEchoTotals totals;
    private final PrintWriter out;
    private final long number;
    private long bytes;

    UnixEchoHandler(UnixEchoTotals totals, PrintWriter out) {
        this.totals = totals;
        this.out = out;
        this.number = totals.connection();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws IOException {
        tell("from " + peer(ctx.channel()));
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        tell(Received.describe(in));
        bytes += in.readableBytes();
        totals.bytes(in.readableBytes());
        super.channelRead(ctx, msg);
    }

    // The peer has sent all that it will; it is owed the answers that are not written yet.
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tell(String.format(Locale.ROOT, "closed after %,d bytes", bytes));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        tell(ExampleFailure.describe(cause));
        ctx.close();
    }

    private static String peer(Channel channel) throws IOException {
        if (channel instanceof KQueueDomainSocketChannel) {
            PeerCredentials peer = ((KQueueDomainSocketChannel) channel).peerCredentials();
            return "pid " + peer.pid() + ", uid " + Integer.toUnsignedString(peer.uid()) + ", gids "
                    + Arrays.toString(Arrays.stream(peer.gids())
                            .mapToLong(Integer::toUnsignedLong)
                            .toArray());
        }
        return "an unknown process (only kqueue is asked)";
    }

    private void tell(String what) {
        out.println("connection " + number + ": " + what);
        out.flush();
    }
}
