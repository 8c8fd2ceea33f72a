// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueueChannelOption;
import io.github.kqueueffm.KQueueDomainSocketChannel;
import io.github.kqueueffm.testsuite.support.SocketPaths;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.AbstractSocketTest;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** A descriptor is handed to the peer, and is another one there. */
@SharedSuite
public class KQueueDomainSocketFdTest extends AbstractSocketTest {

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.domainSocket();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return SocketPaths.next();
    }

    @Test
    @Timeout(30)
    void sendAndReceive(TestInfo testInfo) throws Throwable {
        run(testInfo, KQueueDomainSocketFdTest::sendAndReceive);
    }

    private static void sendAndReceive(ServerBootstrap server, Bootstrap client) throws Exception {
        KQueueDomainSocketChannel sent = new KQueueDomainSocketChannel();
        BlockingQueue<Object> received = new LinkedBlockingQueue<>();
        server.childHandler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                ctx.writeAndFlush(sent.fd()).addListener(written -> {
                    if (!written.isSuccess()) {
                        received.add(written.cause());
                    }
                });
            }
        });
        client.option(KQueueChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        received.add(msg);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        received.add(cause);
                    }
                });
        Channel listener = server.bind().sync().channel();
        Channel connected = client.connect(listener.localAddress()).sync().channel();
        Object first = received.poll(30, TimeUnit.SECONDS);
        connected.close().sync();
        listener.close().sync();

        assertThat(first).isInstanceOf(FileDescriptor.class);
        FileDescriptor descriptor = (FileDescriptor) first;
        assertThat(descriptor.isOpen()).isTrue();
        assertThat(descriptor.intValue()).isNotEqualTo(sent.fd().intValue());
        descriptor.close();
        assertThat(descriptor.isOpen()).isFalse();
        assertThat(sent.fd().isOpen()).isTrue();
        sent.unsafe().closeForcibly();
        assertThat(received).isEmpty();
    }
}
