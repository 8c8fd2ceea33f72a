// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.github.kqueueffm.AcceptPausedEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes room when no more connections can be accepted, for want of descriptors or memory: closes those that have been without a
 * request for the longest time. The server channel says when, with an {@link AcceptPausedEvent}, and accepts again by itself after
 * that; those who wait to be accepted lose nothing. One object serves all event loops.
 */
final class IdleConnections {
    // So many connections can be accepted after the pause; if more wait, the next pause makes room for them.
    private static final int AT_ONCE = 10;

    private final PrintWriter out;

    // Connections between two requests, the longest idle first.
    private final Set<Channel> idle = new LinkedHashSet<>();

    /** @param out hears of each time that connections were closed */
    IdleConnections(PrintWriter out) {
        this.out = out;
    }

    /** For the pipeline of the server channel. */
    ChannelInboundHandlerAdapter listener() {
        return new Listener();
    }

    /** For the pipeline of each connection, behind the HTTP codec; one for all. */
    ChannelInboundHandlerAdapter connection() {
        return new Connection();
    }

    private void isIdle(Channel connection) {
        synchronized (idle) {
            idle.add(connection);
        }
    }

    private void isBusy(Channel connection) {
        synchronized (idle) {
            idle.remove(connection);
        }
    }

    private List<Channel> longestIdle() {
        List<Channel> longest = new ArrayList<>(AT_ONCE);
        synchronized (idle) {
            for (Iterator<Channel> all = idle.iterator(); all.hasNext() && longest.size() < AT_ONCE; ) {
                longest.add(all.next());
                all.remove();
            }
        }
        return longest;
    }

    private void makeRoom(IOException reason) {
        List<Channel> closing = longestIdle();
        for (Channel connection : closing) {
            connection.eventLoop().execute(() -> closeIfQuiet(connection));
        }
        out.println("closing " + closing.size() + " idle connections: " + reason.getMessage());
        out.flush();
    }

    /** A response that is still on its way out goes first: its connection is idle when that is done. */
    private void closeIfQuiet(Channel connection) {
        ChannelOutboundBuffer outbound = connection.unsafe().outboundBuffer();
        if (outbound == null || outbound.isEmpty()) {
            connection.close();
        } else {
            isIdle(connection);
        }
    }

    private final class Listener extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof AcceptPausedEvent paused) {
                makeRoom(paused.cause());
            }
            ctx.fireUserEventTriggered(event);
        }
    }

    @Sharable
    private final class Connection extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            isIdle(ctx.channel());
            ctx.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest) {
                isBusy(ctx.channel());
            }
            boolean last = message instanceof LastHttpContent;
            ctx.fireChannelRead(message);
            if (last && ctx.channel().isActive()) {
                isIdle(ctx.channel());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            isBusy(ctx.channel());
            ctx.fireChannelInactive();
        }
    }
}
