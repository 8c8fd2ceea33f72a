// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.ProtocolException;

/** One connection of a client: sends a request and waits for all bytes of its answer. */
final class ClientHandler extends ChannelInboundHandlerAdapter {
    private final LoadClient client;
    private int missing;

    ClientHandler(LoadClient client) {
        this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
        missing = LoadKind.REQUEST_BYTES;
        ctx.writeAndFlush(ctx.alloc().directBuffer(missing).writeZero(missing), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf answer = (ByteBuf) msg;
        missing -= answer.readableBytes();
        answer.release();
        if (missing < 0) {
            client.failed(new ProtocolException("an answer is longer than its request"));
            ctx.close();
        } else if (missing == 0) {
            if (client.answered()) {
                send(ctx);
            } else {
                ctx.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (missing > 0) {
            client.failed(new ProtocolException("the server closed a connection before its answer"));
        }
        client.ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        client.failed(cause);
        ctx.close();
    }
}
