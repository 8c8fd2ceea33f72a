// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.datagrams;

import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Received;
import io.github.kqueueffm.examples.Server;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.NetUtil;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Sends each datagram back to its sender, and tells of it. For one channel. */
final class DatagramEchoHandler extends ChannelInboundHandlerAdapter {
    private final PrintWriter out;
    private final LongAdder answered = new LongAdder();

    DatagramEchoHandler(PrintWriter out) {
        this.out = out;
    }

    /** How many datagrams were answered. */
    Server.Done done() {
        long count = answered.sum();
        return new Server.Done(String.format(Locale.ROOT, "answered %,d datagrams", count), "datagram", count);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws SocketException {
        DatagramPacket in = (DatagramPacket) msg;
        InetSocketAddress sender = in.sender();
        String from = NetUtil.toSocketAddressString(sender) + ": ";
        tell(from + Received.describe(in.content()));
        if (isEcho(ctx, sender)) {
            in.release();
            return;
        }
        ctx.write(new DatagramPacket(in.content(), sender)).addListener((ChannelFutureListener) sent -> {
            if (sent.isSuccess()) {
                answered.increment();
            } else {
                tell(from + "cannot answer: " + ExampleFailure.describe(sent.cause()));
            }
        });
    }

    // What this machine sends from this port is the channel's own, such as its announcement, which comes back to it as
    // a
    // member of the group; or another such server's. An answer to it would be answered, without end.
    private static boolean isEcho(ChannelHandlerContext ctx, InetSocketAddress sender) throws SocketException {
        InetSocketAddress own = (InetSocketAddress) ctx.channel().localAddress();
        return sender.getPort() == own.getPort() && NetworkInterface.getByInetAddress(sender.getAddress()) != null;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        tell(ExampleFailure.describe(cause));
    }

    private void tell(String what) {
        out.println(what);
        out.flush();
    }
}
