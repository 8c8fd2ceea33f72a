// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.github.kqueueffm.examples.ExampleFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Sends one message after the other, each when the answer to the one before has come, and checks every byte. */
final class EchoClientHandler extends ChannelInboundHandlerAdapter {
    private final EchoSession session;
    private final EchoPayload payload;
    private final int connection;

    // The number of the message under way, and how much of its answer has come.
    private long message;
    private int answeredBytes;
    private long sentAt;
    private boolean done;

    /** @param connection the number of this connection, which decides what it sends */
    EchoClientHandler(EchoSession session, int connection) {
        this.session = session;
        this.payload = session.payload();
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        sendNext(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            if (!done) {
                take(ctx, in);
            }
        } finally {
            in.release();
        }
    }

    private void take(ChannelHandlerContext ctx, ByteBuf in) {
        int length = in.readableBytes();
        if (length > payload.size() - answeredBytes) {
            fail(ctx, "more came back than was sent");
        } else if (!payload.matches(in, length, connection, message, answeredBytes)) {
            fail(ctx, "a wrong byte came back in bytes " + answeredBytes + " to " + (answeredBytes + length - 1));
        } else {
            answeredBytes += length;
            if (answeredBytes == payload.size()) {
                session.answered(System.nanoTime() - sentAt);
                message++;
                sendNext(ctx);
            }
        }
    }

    private void sendNext(ChannelHandlerContext ctx) {
        if (session.stopping()) {
            done = true;
            ctx.close();
            return;
        }
        ByteBuf bytes = payload.message(ctx.alloc(), connection, message);
        answeredBytes = 0;
        sentAt = System.nanoTime();
        ctx.writeAndFlush(bytes, ctx.voidPromise());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            fail(ctx, "closed by the server");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, ExampleFailure.describe(cause));
    }

    private void fail(ChannelHandlerContext ctx, String what) {
        if (!done) {
            done = true;
            session.fail("connection " + connection + ", message " + message + ": " + what);
        }
        ctx.close();
    }
}
