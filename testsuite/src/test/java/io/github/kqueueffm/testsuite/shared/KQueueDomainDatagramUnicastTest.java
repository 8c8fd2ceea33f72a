// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.testsuite.support.SocketPaths;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.unix.DomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.DatagramUnicastTest;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@SharedSuite
public class KQueueDomainDatagramUnicastTest extends DatagramUnicastTest {

    @Test
    void aBoundChannelHasItsPath(TestInfo testInfo) throws Throwable {
        run(testInfo, (ignored, bootstrap) -> {
            DomainSocketAddress path = SocketPaths.next();
            Channel channel = bootstrap
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind(path)
                    .sync()
                    .channel();
            assertThat(channel.localAddress()).isEqualTo(path);
            closeChannel(channel);
        });
    }

    @Override
    protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
        return KQueueSocketTestPermutation.INSTANCE.domainDatagram();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return SocketPaths.next();
    }

    @Override
    protected boolean supportDisconnect() {
        return false;
    }

    @Override
    protected boolean isConnected(Channel channel) {
        return ((DomainDatagramChannel) channel).isConnected();
    }

    @Override
    protected Channel setupClientChannel(
            Bootstrap bootstrap, byte[] expected, CountDownLatch done, AtomicReference<Throwable> error)
            throws Throwable {
        return bind(bootstrap, new Receiver(expected, null, done, error, false));
    }

    @Override
    protected Channel setupServerChannel(
            Bootstrap bootstrap,
            byte[] expected,
            @Nullable SocketAddress sender,
            CountDownLatch done,
            AtomicReference<Throwable> error,
            boolean echo)
            throws Throwable {
        return bind(bootstrap, new Receiver(expected, sender, done, error, echo));
    }

    private Channel bind(Bootstrap bootstrap, Receiver receiver) throws InterruptedException {
        return bootstrap.handler(receiver).bind(newSocketAddress()).sync().channel();
    }

    @Override
    protected ChannelFuture write(Channel channel, ByteBuf content, SocketAddress recipient, WrapType type) {
        return channel.write(new DomainDatagramPacket(wrapped(content, type), (DomainSocketAddress) recipient));
    }

    /** With a reference of its own. */
    private static ByteBuf wrapped(ByteBuf content, WrapType type) {
        switch (type) {
            case DUP:
                return content.retainedDuplicate();
            case SLICE:
                return content.retainedSlice();
            case READ_ONLY:
                return content.retain().asReadOnly();
            case NONE:
                return content.retain();
            default:
                throw new IllegalArgumentException(type.toString());
        }
    }

    /** Compares what comes, and sends it back if it is to. */
    private static final class Receiver extends SimpleChannelInboundHandler<DomainDatagramPacket> {

        private final byte[] expected;
        private final @Nullable SocketAddress sender;
        private final CountDownLatch done;
        private final AtomicReference<Throwable> error;
        private final boolean echo;

        Receiver(
                byte[] expected,
                @Nullable SocketAddress sender,
                CountDownLatch done,
                AtomicReference<Throwable> error,
                boolean echo) {
            this.expected = expected;
            this.sender = sender;
            this.done = done;
            this.error = error;
            this.echo = echo;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
            try {
                assertThat(ByteBufUtil.getBytes(packet.content())).isEqualTo(expected);
                assertThat(packet.recipient()).isEqualTo(ctx.channel().localAddress());
                assertThat(packet.sender()).isNotNull();
                if (sender != null) {
                    assertThat(packet.sender()).isEqualTo(sender);
                }
                if (echo) {
                    ctx.writeAndFlush(new DomainDatagramPacket(packet.content().retainedDuplicate(), packet.sender()));
                }
            } catch (AssertionError e) {
                error.compareAndSet(null, e);
            } finally {
                done.countDown();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            error.compareAndSet(null, cause);
        }
    }
}
