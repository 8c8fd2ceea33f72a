// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractClientSocketTest;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The server of a connected client goes away. Editions of the suite before 4.2.17 have no such class. */
@SharedSuite
public class KQueueDatagramConnectedWriteExceptionTest extends AbstractClientSocketTest {

    @Override
    protected List<BootstrapFactory<Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.datagramSocket();
    }

    @Test
    @Timeout(30)
    void writesFailOnceTheServerIsGone(TestInfo testInfo) throws Throwable {
        run(testInfo, KQueueDatagramConnectedWriteExceptionTest::writesFailOnceTheServerIsGone);
    }

    private static void writesFailOnceTheServerIsGone(Bootstrap bootstrap) throws Exception {
        Channel channel;
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0))) {
            channel = bootstrap
                    .option(ChannelOption.AUTO_READ, false) // a read would take the error
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(server.getLocalSocketAddress())
                    .sync()
                    .channel();
            write(channel).sync();
            server.receive(new java.net.DatagramPacket(new byte[10], 10));
        }
        ChannelFuture failed = write(channel);
        while (failed.await().isSuccess()) {
            failed = write(channel);
        }
        assertThat(failed.cause()).isInstanceOf(PortUnreachableException.class);
        assertThat(channel.isOpen()).isTrue();
        channel.close().sync();
    }

    private static ChannelFuture write(Channel channel) {
        return channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
    }
}
