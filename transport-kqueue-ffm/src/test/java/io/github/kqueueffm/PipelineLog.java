// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;

/** Writes down what the pipelines that it is in are told; the channels of one event loop may share it. */
@Sharable
class PipelineLog extends ChannelInboundHandlerAdapter {

    /** {@code "active"}, {@code "read 100"}, {@code "readComplete"}, {@code "exception ECONNRESET"}, ... */
    final List<String> told = new ArrayList<>();

    /** Every channel that became active. */
    final List<KQueueSocketChannel> channels = new ArrayList<>();

    KQueueSocketChannel last() {
        return channels.get(channels.size() - 1);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        told.add("active");
        channels.add((KQueueSocketChannel) ctx.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        told.add("inactive");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf buffer = (ByteBuf) msg;
        told.add("read " + buffer.readableBytes());
        buffer.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        told.add("readComplete");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        told.add(event.getClass().getSimpleName());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        told.add(cause instanceof KQueueIoException ours ? "exception " + ours.errnoName() : "exception " + cause);
    }
}
