// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one connection: folders are listed, and a file is followed until the connection ends. */
final class WatchHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String TEXT = "text/plain; charset=utf-8";

    private final WatchedFolder folder;
    private final int lines;
    private final WatchCounters counters;
    private @Nullable Tail tail;

    WatchHandler(WatchedFolder folder, int lines, WatchCounters counters) {
        this.folder = folder;
        this.lines = lines;
        this.counters = counters;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) throws IOException {
        if (tail != null) {
            // Its answer has no end, so there is none to what was pipelined after it.
            return;
        }
        if (request.decoderResult().isFailure()) {
            answer(ctx, request, HttpResponseStatus.BAD_REQUEST, "this is no request of HTTP\n", false);
            return;
        }
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            answer(ctx, request, HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD\n", true);
            return;
        }
        Path path = folder.find(request.uri());
        if (path != null && Files.isDirectory(path)) {
            answer(ctx, request, HttpResponseStatus.OK, folder.list(path), true);
        } else if (path != null && folder.isShown(path)) {
            follow(ctx, request, path);
        } else {
            answer(ctx, request, HttpResponseStatus.NOT_FOUND, "no such file; / lists them\n", true);
        }
    }

    private void follow(ChannelHandlerContext ctx, FullHttpRequest request, Path path) throws IOException {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, TEXT);
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (HttpMethod.HEAD.equals(request.method())) {
            // It would have no length, and ends here.
            HttpUtil.setKeepAlive(response, false);
            ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        Tail started = new Tail(folder, path, ctx.channel(), counters);
        tail = started;
        // An HTTP/1.0 client knows no chunks: to it the end of the connection is the end of the answer.
        boolean chunked = request.protocolVersion().isKeepAliveDefault();
        HttpUtil.setTransferEncodingChunked(response, chunked);
        HttpUtil.setKeepAlive(response, chunked);
        started.start(lines);
        counters.tail();
        ctx.writeAndFlush(response);
    }

    private static void answer(
            ChannelHandlerContext ctx, FullHttpRequest request, HttpResponseStatus status, String text, boolean keep) {
        ByteBuf content = ByteBufUtil.writeUtf8(ctx.alloc(), text);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, TEXT);
        HttpUtil.setContentLength(response, content.readableBytes());
        if (status == HttpResponseStatus.METHOD_NOT_ALLOWED) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        boolean kept = keep && HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), kept);
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!kept) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    // A client that does not read is not sent more than its buffers take.
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (tail != null && ctx.channel().isWritable()) {
            tail.send();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (tail != null) {
            tail.close();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An IOException is a client that went away, or a file that did; anything else is a defect to be seen.
        if (!(cause instanceof IOException)) {
            counters.event("defect: " + cause);
        }
        ctx.close();
    }
}
