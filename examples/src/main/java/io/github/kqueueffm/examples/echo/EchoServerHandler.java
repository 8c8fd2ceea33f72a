// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** Sends back what it gets. */
@Sharable
final class EchoServerHandler extends ChannelInboundHandlerAdapter {
    private final EchoSession session;
    private final LongAdder bytes = new LongAdder();

    EchoServerHandler(EchoSession session) {
        this.session = session;
    }

    /** How much was sent back over all connections. */
    long bytes() {
        return bytes.sum();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        bytes.add(((ByteBuf) msg).readableBytes());
        ctx.write(msg, ctx.voidPromise());
    }

    // One flush, and with it one system call, for all that one turn of the loop has read.
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    // A peer that sends and does not read is not read from either, or its answers would fill the memory.
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = ctx.channel().isWritable();
        ctx.channel().config().setAutoRead(writable);
        if (!writable) {
            ctx.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An IOException is a client's doing, and the client's side of the connection tells of it.
        if (!(cause instanceof IOException)) {
            session.fail("server: " + cause);
        }
        ctx.close();
    }
}
