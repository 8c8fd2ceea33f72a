// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.testsuite.support.SocketPaths;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractClientSocketTest;
import java.io.FileNotFoundException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Paths at which there is nothing. */
@SharedSuite
public class KQueueDomainDatagramPathTest extends AbstractClientSocketTest {

    @Override
    protected List<BootstrapFactory<Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.domainDatagramSocket();
    }

    @Test
    void connecting(TestInfo testInfo) throws Throwable {
        run(
                testInfo,
                bootstrap -> assertThatThrownBy(() -> bootstrap
                                .handler(new ChannelInboundHandlerAdapter())
                                .connect(SocketPaths.next())
                                .sync())
                        .isInstanceOf(FileNotFoundException.class));
    }

    @Test
    void writing(TestInfo testInfo) throws Throwable {
        run(testInfo, bootstrap -> {
            Channel channel = bootstrap
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind(SocketPaths.next())
                    .sync()
                    .channel();
            assertThatThrownBy(() -> channel.writeAndFlush(
                                    new DomainDatagramPacket(Unpooled.wrappedBuffer(new byte[10]), SocketPaths.next()))
                            .sync())
                    .isInstanceOf(FileNotFoundException.class);
            channel.close().sync();
        });
    }
}
