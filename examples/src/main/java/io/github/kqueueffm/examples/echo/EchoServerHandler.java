// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.github.kqueueffm.examples.EchoHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** Sends back what it gets, and counts it. */
@Sharable
final class EchoServerHandler extends EchoHandler {
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
        super.channelRead(ctx, msg);
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
