// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Sends back what it gets, and counts. For channels of one event loop, in whose thread alone it is used. */
@Sharable
final class EchoHandler extends ChannelInboundHandlerAdapter {
    private long connections;
    private long bytes;

    /** Connections so far. */
    long connections() {
        return connections;
    }

    /** How much was read and passed on to be written. */
    long bytes() {
        return bytes;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connections++;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        bytes += ((ByteBuf) msg).readableBytes();
        ctx.write(msg, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    // The client of the connection sees that it ends before the answer, and tells.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
