// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.ScriptedCalls;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A UDP channel whose calls, now and then, answer what the running kernel does not. */
@Timeout(120)
class DatagramFaultsTest {

    private final ScriptedCalls calls = new ScriptedCalls();
    private final Errno errno = calls.binding().platform().errno();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private KQueueDatagramChannel channel;
    private DatagramSocket peer;

    @BeforeEach
    void open() throws Exception {
        NativeSocket socket = NativeSocket.newDatagram(calls.binding(), SocketProtocolFamily.INET);
        channel = (KQueueDatagramChannel) new Bootstrap()
                .group(group)
                .channelFactory(() -> new KQueueDatagramChannel(socket, false))
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        events.add(((DatagramPacket) msg).content().toString(StandardCharsets.UTF_8));
                        ReferenceCountUtil.release(msg);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        events.add(cause);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        peer = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        peer.setSoTimeout(30_000);
        calls.clearLog();
    }

    @AfterEach
    void close() throws Exception {
        channel.close().sync();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        peer.close();
    }

    private Object next() throws InterruptedException {
        Object event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    private void onLoop(Runnable action) throws Exception {
        channel.eventLoop().submit(action).get(60, TimeUnit.SECONDS);
        channel.eventLoop().submit(() -> {}).get(60, TimeUnit.SECONDS);
    }

    private void send(String... texts) {
        try {
            for (String text : texts) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                peer.send(new java.net.DatagramPacket(bytes, bytes.length, channel.localAddress()));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String receive() throws Exception {
        java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private List<ChannelFuture> write(int count) throws Exception {
        List<ChannelFuture> writes = new ArrayList<>();
        onLoop(() -> {
            for (int i = 0; i < count; i++) {
                writes.add(channel.write(
                        new DatagramPacket(Unpooled.copiedBuffer("" + i, StandardCharsets.UTF_8), (InetSocketAddress)
                                peer.getLocalSocketAddress())));
            }
            channel.flush();
        });
        return writes;
    }

    @Test
    void aShortBatchIsTheEndOfTheQueue() throws Exception {
        send("one");
        assertThat(next()).isEqualTo("one");
        onLoop(() -> {});
        assertThat(calls.log()).containsExactly("recvmmsg(" + channel.fd().intValue() + ", 2, 0)");
    }

    @Test
    void batchesGrowWithWhatComes() throws Exception {
        String recvmmsg = "recvmmsg(" + channel.fd().intValue();
        onLoop(() -> send("1", "2", "3", "4", "5"));
        for (int i = 1; i <= 5; i++) {
            assertThat(next()).isEqualTo("" + i);
        }
        onLoop(() -> {});
        assertThat(calls.log()).containsExactly(recvmmsg + ", 2, 0)", recvmmsg + ", 8, 0)");
        calls.clearLog();
        onLoop(() -> send("1", "2", "3", "4", "5"));
        for (int i = 1; i <= 5; i++) {
            assertThat(next()).isEqualTo("" + i);
        }
        onLoop(() -> {});
        assertThat(calls.log()).as("as many as last time, and one").containsExactly(recvmmsg + ", 6, 0)");
    }

    @Test
    void aBatchIsSentInOneCall() throws Exception {
        for (ChannelFuture write : write(10)) {
            write.sync();
        }
        assertThat(calls.log()).containsExactly("sendmmsg(" + channel.fd().intValue() + ", 10, 0)");
    }

    @Test
    void withoutTheBatchCalls() throws Exception {
        calls.answer("recvmmsg", -errno.ENOSYS()).answer("sendmmsg", -errno.ENOSYS());
        onLoop(() -> send("1", "", "3"));
        assertThat(next()).isEqualTo("1");
        assertThat(next()).isEqualTo("");
        assertThat(next()).isEqualTo("3");
        send("4");
        assertThat(next()).isEqualTo("4");
        write(3);
        for (int i = 0; i < 3; i++) {
            assertThat(receive()).isEqualTo("" + i);
        }
        write(2);
        assertThat(receive()).isEqualTo("0");
        assertThat(receive()).isEqualTo("1");
        assertThat(calls.count("recvmmsg")).isEqualTo(1);
        assertThat(calls.count("sendmmsg")).isEqualTo(1);
        assertThat(calls.count("sendmsg")).isEqualTo(5);
    }

    @Test
    void aBatchThatIsSentInPart() throws Exception {
        int[] left = {3};
        // Makes the real call with fewer messages, as a kernel does whose buffer fills up in between.
        calls.answer("sendmmsg", arguments -> {
            arguments[2] = Math.min((int) arguments[2], left[0]);
            return left[0] == 0 ? -errno.EAGAIN() : null;
        });
        List<ChannelFuture> writes = write(7);
        assertThat(writes.stream().filter(ChannelFuture::isSuccess).count()).isEqualTo(7);
        for (int i = 0; i < 7; i++) {
            assertThat(receive()).isEqualTo("" + i);
        }
        // 3, 3, and the last one by itself.
        assertThat(calls.count("sendmmsg")).isEqualTo(2);
        assertThat(calls.count("sendmsg")).isEqualTo(1);
    }

    @Test
    void aFullSocketIsFlushedWhenItHasRoom() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        calls.answer("sendmsg", arguments -> full.get() ? -errno.EAGAIN() : null);
        List<ChannelFuture> writes = new ArrayList<>();
        onLoop(() -> {
            writes.add(channel.writeAndFlush(
                    new DatagramPacket(Unpooled.copiedBuffer("0", StandardCharsets.UTF_8), (InetSocketAddress)
                            peer.getLocalSocketAddress())));
            channel.flush();
            assertThat(calls.count("sendmsg"))
                    .as("the filter is armed, so nobody tries")
                    .isEqualTo(1);
        });
        assertThat(writes.get(0).isDone()).isFalse();
        // The socket itself has room all the time, so that the filter may have fired already or not; a new registration
        // arms it anew.
        full.set(false);
        channel.deregister().sync();
        group.register(channel).sync();
        writes.get(0).sync();
        assertThat(receive()).isEqualTo("0");
    }

    @Test
    void aQueueThatIsFullLosesTheDatagramAndNoOther() throws Exception {
        int[] count = {0};
        calls.answer("sendmmsg", arguments -> count[0]++ == 0 ? -errno.ENOBUFS() : null);
        List<ChannelFuture> writes = write(3);
        assertThat(writes.get(0).cause()).isInstanceOf(KQueueIoException.class).hasMessageContaining("ENOBUFS");
        writes.get(1).sync();
        writes.get(2).sync();
        assertThat(receive()).isEqualTo("1");
        assertThat(receive()).isEqualTo("2");
    }

    @Test
    void anErrorOfAReadIsToldAndReadingGoesOn() throws Exception {
        int[] count = {0};
        calls.answer("recvmmsg", arguments -> count[0]++ == 0 ? -errno.EHOSTUNREACH() : null);
        send("waits behind it");
        assertThat(next()).isInstanceOf(KQueueIoException.class);
        assertThat(next()).isEqualTo("waits behind it");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void anErrorThatStaysIsNotAskedForWithoutEnd() throws Exception {
        calls.answer("recvmmsg", -errno.EINVAL());
        send("1");
        assertThat(next()).isInstanceOf(KQueueIoException.class);
        assertThat(next()).isInstanceOf(KQueueIoException.class);
        for (int i = 0; i < 20; i++) {
            onLoop(() -> {});
        }
        assertThat(calls.count("recvmmsg")).isEqualTo(2);
        assertThat(events).isEmpty();
        // The next datagram is an edge again.
        calls.answer("recvmmsg", arguments -> null);
        send("2");
        assertThat(next()).isEqualTo("1");
        assertThat(next()).isEqualTo("2");
    }
}
