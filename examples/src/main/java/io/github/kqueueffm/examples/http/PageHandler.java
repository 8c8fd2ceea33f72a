// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one connection, each when it has come in full. Pipelined requests are answered in their
 * order, and all answers to what one turn of the loop has read leave with one flush.
 */
final class PageHandler extends ChannelInboundHandlerAdapter {
    private final HttpCounters counters;
    private final @Nullable StaticFiles files;

    // The request that is coming in: what to answer and what then. No page: nothing is to be answered.
    private @Nullable Page page;
    private @Nullable StaticFile file;
    private boolean bodiless;
    private Persistence persistence = Persistence.KEPT;
    private boolean closing;

    /** @param files what to serve beside the pages, null for nothing */
    PageHandler(HttpCounters counters, @Nullable StaticFiles files) {
        this.counters = counters;
        this.files = files;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        counters.connection();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        // A request that cannot be parsed is one object that is both its head and its end.
        if (msg instanceof HttpRequest request) {
            begin(request);
        }
        if (msg instanceof HttpContent content) {
            content.release();
            if (content instanceof LastHttpContent) {
                end(ctx, content);
            }
        }
    }

    private void begin(HttpRequest request) {
        file = null;
        bodiless = HttpMethod.HEAD.equals(request.method());
        if (isBad(request)) {
            page = Page.BAD_REQUEST;
            persistence = Persistence.CLOSED;
        } else {
            page = allowed(request.method()) ? Page.of(request.uri()) : Page.METHOD_NOT_ALLOWED;
            persistence = Persistence.after(request);
            if (page == Page.NOT_FOUND && files != null) {
                file = files.find(request.uri());
            }
        }
    }

    private void end(ChannelHandlerContext ctx, HttpObject last) {
        Page answer = page;
        page = null;
        // After the response that says close, whatever else was pipelined is not answered (RFC 9112, section 9.6).
        if (answer == null || closing) {
            return;
        }
        if (last.decoderResult().isFailure()) {
            answer = Page.BAD_REQUEST;
            file = null;
            persistence = Persistence.CLOSED;
        }
        counters.request();
        closing = persistence == Persistence.CLOSED;
        ChannelPromise written =
                closing ? ctx.newPromise().addListener(ChannelFutureListener.CLOSE) : ctx.voidPromise();
        StaticFile found = file;
        if (found == null) {
            write(ctx, answer, written);
        } else {
            write(ctx, found, written);
        }
    }

    private void write(ChannelHandlerContext ctx, Page answer, ChannelPromise written) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                answer.status(),
                answer.content(),
                ResponseHeaders.current().get(answer, persistence),
                EmptyHttpHeaders.INSTANCE);
        ctx.write(response, written);
    }

    private void write(ChannelHandlerContext ctx, StaticFile found, ChannelPromise written) {
        ctx.write(
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        ResponseHeaders.current().get(found, persistence)),
                ctx.voidPromise());
        if (!bodiless) {
            // Every transport of Netty's takes it, and gives it to sendfile(2) where it can.
            ctx.write(new DefaultFileRegion(found.path().toFile(), 0, found.length()), ctx.voidPromise());
        }
        ctx.write(LastHttpContent.EMPTY_LAST_CONTENT, written);
    }

    private static boolean isBad(HttpRequest request) {
        return request.decoderResult().isFailure()
                // RFC 9112, section 3.2: a server must refuse an HTTP/1.1 request that has no Host, or more than one.
                || (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                        && request.headers().getAll(HttpHeaderNames.HOST).size() != 1);
    }

    private static boolean allowed(HttpMethod method) {
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    // A client that pipelines and does not read is not read from either, or its answers would fill the memory.
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
        // An IOException is a client that went away, which is its right; anything else is a defect to be seen.
        if (!(cause instanceof IOException)) {
            counters.defect(cause);
        }
        ctx.close();
    }
}
