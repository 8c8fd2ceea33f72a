// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueSocketChannel;
import io.github.kqueueffm.testsuite.support.DescriptorLeakCheck;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A descriptor's number comes back while the loop still handles the event of the channel that had it. */
@ExtendWith(DescriptorLeakCheck.class)
class KQueueRegistrationTest {

    private static final int CONNECTS = 20;

    /** Each refused connect starts the next in its listener, whose socket then has the number that just became free. */
    @Test
    @Timeout(60)
    void fdReuse() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
        CompletableFuture<Integer> refusals = new CompletableFuture<>();
        try {
            Bootstrap bootstrap = new Bootstrap().group(group).channel(KQueueSocketChannel.class);
            connect(bootstrap, nobodyThere(), 0, refusals);
            assertThat(refusals.get(30, TimeUnit.SECONDS)).isEqualTo(CONNECTS);
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static void connect(
            Bootstrap bootstrap, SocketAddress address, int refused, CompletableFuture<Integer> refusals) {
        bootstrap
                .clone()
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .addListener((ChannelFuture connected) -> {
                    connected.channel().close();
                    if (!(connected.cause() instanceof ConnectException)) {
                        refusals.completeExceptionally(new AssertionError("not refused", connected.cause()));
                    } else if (refused + 1 == CONNECTS) {
                        refusals.complete(CONNECTS);
                    } else {
                        connect(bootstrap, address, refused + 1, refusals);
                    }
                });
    }

    private static SocketAddress nobodyThere() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalSocketAddress();
        }
    }
}
