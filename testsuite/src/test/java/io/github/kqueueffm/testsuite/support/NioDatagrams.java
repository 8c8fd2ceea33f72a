// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import static io.github.kqueueffm.testsuite.support.Link.sync;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.concurrent.TimeUnit;

/** What NIO's datagram channels cannot do in the oldest Netty that the transport works with (4.2.7). */
public final class NioDatagrams {

    private NioDatagrams() {}

    /** Whether a datagram without bytes leaves a channel of NIO: 4.2.7 reports it as written, and sends nothing. */
    public static boolean sendEmptyOnes() throws IOException, InterruptedException {
        try (DatagramSocket receiver = new DatagramSocket(new InetSocketAddress(Link.ipv4Loopback(), 0))) {
            receiver.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
            Channel sender = sync(new Bootstrap()
                    .group(Transports.sharedGroup(Transports.NIO))
                    .channel(NioDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind(Link.ipv4Loopback(), 0));
            try {
                for (byte[] content : new byte[][] {{}, {1}}) {
                    sync(sender.writeAndFlush(DatagramSockets.NIO_IPV4.packet(
                            Unpooled.wrappedBuffer(content), receiver.getLocalSocketAddress())));
                }
                DatagramPacket first = new DatagramPacket(new byte[1], 1);
                receiver.receive(first);
                return first.getLength() == 0;
            } finally {
                sync(sender.close());
            }
        }
    }

    /** Whether {@code config}, of a channel of NIO, lets this machine hear it: 4.2.7 takes the option the wrong way round. */
    public static boolean loop(DatagramChannelConfig config) {
        return config.getOption(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_LOOP));
    }
}
