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

    private long sentMessages;
    private long answeredMessages;
    private int answeredBytes;
    private long sentAt;
    private boolean done;

    /** @param connection the number of this connection, which decides what it sends */
    EchoClientHandler(EchoSession session, int connection) {
        this.session = session;
        this.payload = session.payload();
        this.connection = connection;
    }

    /** How many messages were answered in full. To be asked when the channel is closed. */
    long answeredMessages() {
        return answeredMessages;
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
        } else if (!payload.matches(in, length, connection, answeredMessages, answeredBytes)) {
            fail(ctx, "a wrong byte came back in bytes " + answeredBytes + " to " + (answeredBytes + length - 1));
        } else {
            answeredBytes += length;
            if (answeredBytes == payload.size()) {
                session.latencies().recordValue(System.nanoTime() - sentAt);
                answeredMessages++;
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
        ByteBuf message = payload.message(ctx.alloc(), connection, sentMessages);
        sentMessages++;
        answeredBytes = 0;
        sentAt = System.nanoTime();
        ctx.writeAndFlush(message, ctx.voidPromise());
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
            session.fail("connection " + connection + ", message " + sentMessages + ": " + what);
        }
        ctx.close();
    }
}
