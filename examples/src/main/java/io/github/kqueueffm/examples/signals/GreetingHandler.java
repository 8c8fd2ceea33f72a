// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.signals;

import io.github.kqueueffm.handle.KQueueTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one connection, one after the other: {@code /slow} after some seconds, all else at once. */
final class GreetingHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String SLOW = "/slow";

    private final GracefulServer server;
    private final int slowSeconds;
    private @Nullable ChannelHandlerContext context;
    private @Nullable KQueueTimer timer;
    private boolean busy;
    private boolean pipelined;

    GreetingHandler(GracefulServer server, int slowSeconds) {
        this.server = server;
        this.slowSeconds = slowSeconds;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        server.connected(ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (busy) {
            // Pipelined behind one that is not answered yet: the connection is closed after that, and the client asks
            // again.
            pipelined = true;
            return;
        }
        if (request.decoderResult().isFailure()) {
            ctx.close();
            return;
        }
        busy = true;
        server.requestBegins();
        // The text of this moment, whatever is read until it is sent.
        Greeting greeting = server.greeting();
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        HttpVersion version = request.protocolVersion();
        if (request.uri().equals(SLOW)) {
            ctx.channel().config().setAutoRead(false);
            timer = KQueueTimer.once(ctx.channel().eventLoop(), slowSeconds, TimeUnit.SECONDS, (expired, count) -> {
                ctx.channel().config().setAutoRead(true);
                answer(ctx, greeting, version, keepAlive);
            });
        } else {
            answer(ctx, greeting, version, keepAlive);
        }
    }

    private void answer(ChannelHandlerContext ctx, Greeting greeting, HttpVersion version, boolean keepAlive) {
        ByteBuf content = ByteBufUtil.writeUtf8(ctx.alloc(), greeting.text());
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        HttpUtil.setContentLength(response, content.readableBytes());
        boolean kept = keepAlive && !pipelined && !server.isEnding();
        HttpUtil.setKeepAlive(response.headers(), version, kept);
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!kept) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        written.addListener(done -> finish(done.isSuccess()));
    }

    private void finish(boolean written) {
        if (busy) {
            busy = false;
            server.requestEnds(written);
        }
    }

    /** The server ends. Event loop's thread. */
    void closeIfIdle() {
        if (!busy && context != null) {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.close();
        }
        // A client that did not wait for its answer is not waited for.
        finish(false);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An IOException is a client that went away, which is its right; anything else is a defect to be seen.
        if (!(cause instanceof IOException)) {
            server.say("defect: " + cause);
        }
        ctx.close();
    }
}
