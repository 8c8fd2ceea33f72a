// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.UncheckedBooleanSupplier;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** UDP channels over loopback, the other end a socket of the JDK. */
@Timeout(120)
class KQueueDatagramChannelTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
    private final Recorder recorder = new Recorder();
    private final List<Channel> channels = new ArrayList<>();
    private DatagramSocket peer;

    /** What a channel tells, in the order that it is told in. */
    @ChannelHandler.Sharable
    private static final class Recorder extends ChannelInboundHandlerAdapter {

        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        Consumer<ChannelHandlerContext> onRead = ctx -> {};

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            events.add("active");
            ctx.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("inactive");
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            events.add(msg);
            onRead.accept(ctx);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            events.add("complete");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }

        Object next() throws InterruptedException {
            Object event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("an event").isNotNull();
            return event;
        }

        /** The text of the next packet, and nothing but the ends of reads before it. */
        String text() throws InterruptedException {
            return text(packet());
        }

        DatagramPacket packet() throws InterruptedException {
            Object event = next();
            while ("complete".equals(event) || "active".equals(event)) {
                event = next();
            }
            assertThat(event).isInstanceOf(DatagramPacket.class);
            return (DatagramPacket) event;
        }

        static String text(DatagramPacket packet) {
            String text = packet.content().toString(StandardCharsets.UTF_8);
            packet.release();
            return text;
        }
    }

    @BeforeEach
    void open() throws SocketException {
        peer = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        peer.setSoTimeout(30_000);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Channel channel : channels) {
            channel.close().sync();
        }
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        peer.close();
        recorder.events.forEach(ReferenceCountUtil::release);
    }

    private Bootstrap bootstrap() {
        return new Bootstrap().group(group).channel(KQueueDatagramChannel.class).handler(recorder);
    }

    private Bootstrap bootstrap(SocketProtocolFamily family) {
        return new Bootstrap()
                .group(group)
                .channelFactory(() -> new KQueueDatagramChannel(family))
                .handler(recorder);
    }

    private KQueueDatagramChannel kept(ChannelFuture future) throws InterruptedException {
        channels.add(future.channel());
        return (KQueueDatagramChannel) future.sync().channel();
    }

    private KQueueDatagramChannel bound() throws InterruptedException {
        return kept(bootstrap().bind(LOOPBACK, 0));
    }

    private KQueueDatagramChannel connected() throws InterruptedException {
        return kept(bootstrap().connect(peer.getLocalSocketAddress()));
    }

    private InetSocketAddress peerAddress() {
        return (InetSocketAddress) peer.getLocalSocketAddress();
    }

    private void send(Channel to, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        InetSocketAddress address = new InetSocketAddress(LOOPBACK, ((InetSocketAddress) to.localAddress()).getPort());
        peer.send(new java.net.DatagramPacket(bytes, bytes.length, address));
    }

    private String receive() throws Exception {
        java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[70_000], 70_000);
        peer.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** Runs on the event loop with everything that waits there done before and after. */
    private static void onLoop(Channel channel, Runnable action) throws Exception {
        channel.eventLoop().submit(action).get(60, TimeUnit.SECONDS);
        channel.eventLoop().submit(() -> {}).get(60, TimeUnit.SECONDS);
    }

    @Test
    void addressesOfWhatIsReceived() throws Exception {
        KQueueDatagramChannel channel = bound();
        assertThat(recorder.next()).isEqualTo("active");
        send(channel, "one");
        DatagramPacket packet = recorder.packet();
        assertThat(packet.sender()).isEqualTo(peerAddress());
        assertThat(packet.recipient()).isEqualTo(channel.localAddress());
        assertThat(Recorder.text(packet)).isEqualTo("one");
        send(channel, "two");
        DatagramPacket second = recorder.packet();
        assertThat(second.sender()).as("one object for one sender").isSameAs(packet.sender());
        second.release();
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            other.send(new java.net.DatagramPacket(new byte[3], 3, channel.localAddress()));
            DatagramPacket third = recorder.packet();
            assertThat(third.sender()).isEqualTo(other.getLocalSocketAddress());
            third.release();
        }
    }

    @Test
    void isBoundButNotConnected() throws Exception {
        KQueueDatagramChannel channel = bound();
        assertThat(channel.isActive()).isTrue();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.remoteAddress()).isNull();
        assertThat(channel.metadata().hasDisconnect()).isTrue();
        assertThat(channel.metadata().defaultMaxMessagesPerRead()).isEqualTo(16);
    }

    @Test
    void notActiveBeforeItIsBound() throws Exception {
        KQueueDatagramChannel channel = kept(bootstrap().register());
        assertThat(channel.isActive()).isFalse();
        assertThat(channel.localAddress()).isNull();
        assertThat(channel.writeAndFlush(new DatagramPacket(utf8("x"), peerAddress()))
                        .await()
                        .cause())
                .isInstanceOf(NotYetConnectedException.class);
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void activeOnRegistration() throws Exception {
        KQueueDatagramChannel channel = kept(bootstrap()
                .option(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true)
                .register());
        assertThat(channel.isActive()).isTrue();
        assertThat(recorder.next()).isEqualTo("active");
        channel.writeAndFlush(new DatagramPacket(utf8("unbound"), peerAddress()))
                .sync();
        assertThat(receive()).isEqualTo("unbound");
        assertThat(channel.localAddress()).as("bound by the send").isNotNull();
        send(channel, "answer");
        assertThat(recorder.text()).isEqualTo("answer");
        assertThatThrownBy(
                        () -> channel.config().setOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, false))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void emptyDatagramsBothWays() throws Exception {
        KQueueDatagramChannel channel = connected();
        channel.write(Unpooled.EMPTY_BUFFER);
        channel.write(new DatagramPacket(Unpooled.EMPTY_BUFFER, peerAddress()));
        channel.write(Unpooled.directBuffer(4));
        channel.write(Unpooled.compositeBuffer());
        channel.writeAndFlush(utf8("end")).sync();
        for (int i = 0; i < 4; i++) {
            assertThat(receive()).isEmpty();
        }
        assertThat(receive()).isEqualTo("end");
        for (int i = 0; i < 3; i++) {
            send(channel, "");
        }
        send(channel, "last");
        send(channel, "");
        for (int i = 0; i < 3; i++) {
            assertThat(recorder.text()).isEmpty();
        }
        assertThat(recorder.text()).isEqualTo("last");
        assertThat(recorder.text()).isEmpty();
    }

    @Test
    void allKindsOfBuffersInOneBatch() throws Exception {
        KQueueDatagramChannel channel = bound();
        CompositeByteBuf composite = Unpooled.compositeBuffer()
                .addComponent(true, Unpooled.directBuffer().writeBytes(new byte[] {'a', 'b'}))
                .addComponent(true, Unpooled.directBuffer().writeBytes(new byte[] {'c'}));
        CompositeByteBuf mixed = Unpooled.compositeBuffer()
                .addComponent(true, Unpooled.directBuffer().writeBytes(new byte[] {'d'}))
                .addComponent(true, Unpooled.wrappedBuffer(new byte[] {'e'}));
        channel.write(new DatagramPacket(utf8("heap"), peerAddress()));
        channel.write(new DefaultAddressedEnvelope<>(utf8("envelope"), peerAddress()));
        channel.write(new DatagramPacket(composite, peerAddress()));
        channel.write(new DatagramPacket(mixed, peerAddress()));
        channel.write(new DatagramPacket(
                Unpooled.directBuffer().writeBytes(new byte[] {'x', 'y', 'z'}).readerIndex(1), peerAddress()));
        channel.writeAndFlush(new DatagramPacket(
                        Unpooled.directBuffer().writeBytes(new byte[] {'r'}).asReadOnly(), peerAddress()))
                .sync();
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            received.add(receive());
        }
        assertThat(received).containsExactly("heap", "envelope", "abc", "de", "yz", "r");
    }

    @Test
    void moreMessagesThanABatchHolds() throws Exception {
        KQueueDatagramChannel channel = bound();
        List<ChannelFuture> writes = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            writes.add(channel.write(new DatagramPacket(utf8("" + i), peerAddress())));
        }
        channel.flush();
        for (int i = 0; i < 150; i++) {
            assertThat(receive()).isEqualTo("" + i);
            writes.get(i).sync();
        }
    }

    @Test
    void noMoreThanMaxMessagesPerWriteInOneGo() throws Exception {
        KQueueDatagramChannel channel = bound();
        channel.config().setMaxMessagesPerWrite(3);
        List<ChannelFuture> writes = new ArrayList<>();
        onLoop(channel, () -> {
            for (int i = 0; i < 8; i++) {
                writes.add(channel.write(new DatagramPacket(utf8("" + i), peerAddress())));
            }
            channel.flush();
            assertThat(writes.stream().filter(ChannelFuture::isSuccess).count()).isEqualTo(3);
        });
        for (int i = 0; i < 8; i++) {
            assertThat(receive()).isEqualTo("" + i);
        }
    }

    @Test
    void oneThatCannotBeSentFailsAlone() throws Exception {
        KQueueDatagramChannel channel = bound();
        ChannelFuture first = channel.write(new DatagramPacket(utf8("first"), peerAddress()));
        ChannelFuture tooLong =
                channel.write(new DatagramPacket(Unpooled.directBuffer(66_000).writeZero(66_000), peerAddress()));
        ChannelFuture toNobody = channel.write(utf8("no recipient"));
        ChannelFuture last = channel.writeAndFlush(new DatagramPacket(utf8("last"), peerAddress()));
        assertThat(tooLong.await().cause())
                .isInstanceOf(KQueueIoException.class)
                .hasMessageContaining("EMSGSIZE");
        assertThat(toNobody.await().cause()).isInstanceOf(NotYetConnectedException.class);
        first.sync();
        last.sync();
        assertThat(receive()).isEqualTo("first");
        assertThat(receive()).isEqualTo("last");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void anAddressOfTheOtherFamilyFailsAlone() throws Exception {
        KQueueDatagramChannel channel =
                kept(bootstrap(SocketProtocolFamily.INET).bind(LOOPBACK, 0));
        ChannelFuture wrong =
                channel.write(new DatagramPacket(utf8("six"), new InetSocketAddress(InetAddress.getByName("::1"), 9)));
        ChannelFuture right = channel.writeAndFlush(new DatagramPacket(utf8("four"), peerAddress()));
        assertThat(wrong.await().cause()).isInstanceOf(UnsupportedAddressTypeException.class);
        right.sync();
        assertThat(receive()).isEqualTo("four");
    }

    @Test
    void messagesThatAreRefused() throws Exception {
        KQueueDatagramChannel channel = bound();
        ByteBuf content = utf8("x");
        assertThat(channel.writeAndFlush(
                                new DatagramPacket(content, InetSocketAddress.createUnresolved("nowhere.invalid", 9)))
                        .await()
                        .cause())
                .isInstanceOf(UnresolvedAddressException.class);
        assertThat(content.refCnt()).isZero();
        ByteBuf segments = Unpooled.directBuffer().writeZero(9);
        assertThat(channel.writeAndFlush(new SegmentedDatagramPacket(segments, 3, peerAddress()))
                        .await()
                        .cause())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(segments.refCnt()).isZero();
        assertThat(channel.writeAndFlush("text").await().cause())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("DatagramPacket");
    }

    @Test
    void cancelledWritesAreNotSent() throws Exception {
        KQueueDatagramChannel channel = connected();
        List<ChannelFuture> writes = new ArrayList<>();
        onLoop(channel, () -> {
            for (int i = 0; i < 6; i++) {
                ChannelPromise promise = channel.newPromise();
                // An empty datagram next to a cancelled write, which leaves an empty buffer in its place.
                channel.write(i == 3 ? Unpooled.EMPTY_BUFFER : utf8("" + i), promise);
                writes.add(promise);
                if (i % 2 == 0) {
                    promise.cancel(false);
                }
            }
            channel.flush();
        });
        assertThat(receive()).isEqualTo("1");
        assertThat(receive()).isEmpty();
        assertThat(receive()).isEqualTo("5");
        for (int i = 0; i < 6; i++) {
            assertThat(writes.get(i).isCancelled()).isEqualTo(i % 2 == 0);
            assertThat(writes.get(i).isSuccess()).isEqualTo(i % 2 == 1);
        }
        onLoop(channel, () -> {
            ChannelPromise promise = channel.newPromise();
            channel.write(utf8("alone"), promise);
            promise.cancel(false);
            channel.flush();
        });
        channel.writeAndFlush(utf8("after")).sync();
        assertThat(receive()).isEqualTo("after");
    }

    @Test
    void listenersMayWriteToOtherChannels() throws Exception {
        KQueueDatagramChannel first = bound();
        KQueueDatagramChannel second = bound();
        onLoop(first, () -> {
            for (int i = 0; i < 4; i++) {
                String text = "second " + i;
                first.write(new DatagramPacket(utf8("first " + i), peerAddress()))
                        .addListener(done -> {
                            second.write(new DatagramPacket(utf8(text), peerAddress()));
                            second.writeAndFlush(new DatagramPacket(utf8(text), peerAddress()));
                        });
            }
            first.flush();
        });
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            received.add(receive());
        }
        assertThat(received.subList(0, 4)).containsExactly("first 0", "first 1", "first 2", "first 3");
        assertThat(received.subList(4, 12))
                .containsExactly(
                        "second 0", "second 0", "second 1", "second 1", "second 2", "second 2", "second 3", "second 3");
    }

    @Test
    void aListenerThatClosesEndsTheWrite() throws Exception {
        KQueueDatagramChannel channel = bound();
        List<ChannelFuture> writes = new ArrayList<>();
        onLoop(channel, () -> {
            for (int i = 0; i < 4; i++) {
                ChannelFuture write = channel.write(new DatagramPacket(utf8("" + i), peerAddress()));
                writes.add(write);
                if (i == 1) {
                    write.addListener(done -> channel.close());
                }
            }
            channel.flush();
        });
        assertThat(writes.get(0).isSuccess()).isTrue();
        assertThat(writes.get(1).isSuccess()).isTrue();
        assertThat(writes.get(2).await().cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(writes.get(3).await().cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void burstsArriveWholeAndInOrder() throws Exception {
        KQueueDatagramChannel channel = bound();
        for (int burst : new int[] {1, 2, 3, 7, 16, 17, 40, 1, 1, 33}) {
            // All of it is there before the loop looks.
            onLoop(channel, () -> {
                try {
                    for (int i = 0; i < burst; i++) {
                        send(channel, burst + "/" + i);
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < burst; i++) {
                assertThat(recorder.text()).isEqualTo(burst + "/" + i);
            }
        }
        recorder.events.removeIf("complete"::equals);
        assertThat(recorder.events).isEmpty();
    }

    @Test
    void noMoreThanMaxMessagesPerReadBetweenTwoReadCompletes() throws Exception {
        KQueueDatagramChannel channel = kept(bootstrap()
                .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(100).maxMessagesPerRead(5))
                .bind(LOOPBACK, 0));
        onLoop(channel, () -> {
            try {
                for (int i = 0; i < 12; i++) {
                    send(channel, "" + i);
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(recorder.next()).isEqualTo("active");
        int inARow = 0;
        for (int seen = 0; seen < 12; ) {
            if (recorder.next() instanceof DatagramPacket packet) {
                assertThat(Recorder.text(packet)).isEqualTo("" + seen++);
                assertThat(++inARow).isLessThanOrEqualTo(5);
            } else {
                inARow = 0;
            }
        }
    }

    @Test
    void withoutAutoReadOneDatagramForEachRead() throws Exception {
        KQueueDatagramChannel channel =
                kept(bootstrap().option(ChannelOption.AUTO_READ, false).bind(LOOPBACK, 0));
        for (int i = 0; i < 4; i++) {
            send(channel, "" + i);
        }
        for (int i = 0; i < 3; i++) {
            channel.read();
            assertThat(recorder.text()).isEqualTo("" + i);
            assertThat(recorder.next()).isEqualTo("complete");
            onLoop(channel, () -> {});
            onLoop(channel, () -> {});
            assertThat(recorder.events).as("nobody has asked for more").isEmpty();
        }
        channel.config().setAutoRead(true);
        assertThat(recorder.text()).isEqualTo("3");
    }

    @Test
    void readAskedForWhileReading() throws Exception {
        recorder.onRead = ChannelHandlerContext::read;
        KQueueDatagramChannel channel =
                kept(bootstrap().option(ChannelOption.AUTO_READ, false).bind(LOOPBACK, 0));
        for (int i = 0; i < 5; i++) {
            send(channel, "" + i);
        }
        channel.read();
        for (int i = 0; i < 5; i++) {
            assertThat(recorder.text()).isEqualTo("" + i);
        }
    }

    @Test
    void autoReadOffAndOnWithDatagramsWaiting() throws Exception {
        KQueueDatagramChannel channel = bound();
        send(channel, "a");
        assertThat(recorder.text()).isEqualTo("a");
        // Elsewhere it would leave a read that is under way its datagram.
        onLoop(channel, () -> channel.config().setAutoRead(false));
        recorder.events.clear();
        for (int i = 0; i < 3; i++) {
            send(channel, "" + i);
            onLoop(channel, () -> {});
        }
        assertThat(recorder.events).isEmpty();
        channel.config().setAutoRead(true);
        for (int i = 0; i < 3; i++) {
            assertThat(recorder.text()).isEqualTo("" + i);
        }
    }

    @Test
    void closingWhileABatchIsHandedOut() throws Exception {
        recorder.onRead = ChannelHandlerContext::close;
        KQueueDatagramChannel channel = bound();
        onLoop(channel, () -> {
            try {
                send(channel, "1");
                send(channel, "2");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(recorder.text()).isEqualTo("1");
        channel.closeFuture().sync();
        onLoop(channel, () -> {});
        assertThat(recorder.events).containsExactly("complete", "inactive");
    }

    @Test
    void aLongerDatagramIsCut() throws Exception {
        KQueueDatagramChannel channel = kept(bootstrap()
                .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(4))
                .bind(LOOPBACK, 0));
        send(channel, "123456789");
        send(channel, "abc");
        assertThat(recorder.text()).isEqualTo("1234");
        assertThat(recorder.text()).isEqualTo("abc");
    }

    @Test
    void anotherAllocatorIsUsedForTheNextDatagram() throws Exception {
        KQueueDatagramChannel channel = bound();
        send(channel, "a");
        recorder.packet().release();
        UnpooledByteBufAllocator other = new UnpooledByteBufAllocator(true);
        onLoop(channel, () -> channel.config().setAllocator(other));
        send(channel, "b");
        DatagramPacket packet = recorder.packet();
        assertThat(packet.content().alloc()).isSameAs(other);
        packet.release();
        channel.close().sync();
        assertThat(other.metric().usedDirectMemory())
                .as("spare buffers are gone")
                .isZero();
    }

    @Test
    void buffersOfTheHeap() throws Exception {
        KQueueDatagramChannel channel = kept(bootstrap()
                .option(ChannelOption.RCVBUF_ALLOCATOR, new HeapBuffers())
                .bind(LOOPBACK, 0));
        for (int i = 0; i < 3; i++) {
            onLoop(channel, () -> {
                try {
                    send(channel, "one");
                    send(channel, "two");
                    send(channel, "three");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            for (String expected : List.of("one", "two", "three")) {
                DatagramPacket packet = recorder.packet();
                assertThat(packet.content().hasArray()).isTrue();
                assertThat(Recorder.text(packet)).isEqualTo(expected);
            }
        }
    }

    /** Gives what the kernel cannot write to. */
    private static final class HeapBuffers extends FixedRecvByteBufAllocator {

        HeapBuffers() {
            super(64);
        }

        @Override
        @SuppressWarnings("deprecation")
        public Handle newHandle() {
            return new HeapHandle((ExtendedHandle) super.newHandle());
        }
    }

    private static final class HeapHandle extends RecvByteBufAllocator.DelegatingHandle
            implements RecvByteBufAllocator.ExtendedHandle {

        private final RecvByteBufAllocator.ExtendedHandle handle;

        HeapHandle(RecvByteBufAllocator.ExtendedHandle handle) {
            super(handle);
            this.handle = handle;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            return alloc.heapBuffer(64, 64);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
            return handle.continueReading(maybeMoreDataSupplier);
        }
    }

    @Test
    void connectedToNobody() throws Exception {
        KQueueDatagramChannel channel = connected();
        InetSocketAddress gone = peerAddress();
        peer.close();
        assertThat(recorder.next()).isEqualTo("active");
        channel.writeAndFlush(utf8("hello?")).sync();
        Object told = recorder.next();
        while ("complete".equals(told)) {
            told = recorder.next();
        }
        assertThat(told).isInstanceOf(PortUnreachableException.class);
        assertThat(channel.isActive()).isTrue();
        assertThat(channel.isConnected()).isTrue();
        // It goes on working, and is told of the next one too.
        try (DatagramSocket back = new DatagramSocket(gone)) {
            back.setSoTimeout(30_000);
            channel.writeAndFlush(utf8("again")).sync();
            java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[100], 100);
            back.receive(packet);
            assertThat(packet.getLength()).isEqualTo(5);
            back.send(new java.net.DatagramPacket(new byte[] {'!'}, 1, packet.getSocketAddress()));
            assertThat(recorder.text()).isEqualTo("!");
        }
        peer = new DatagramSocket();
    }

    @Test
    void theErrorOfAConnectedPeerFailsAWriteThatComesFirst() throws Exception {
        KQueueDatagramChannel channel =
                kept(bootstrap().option(ChannelOption.AUTO_READ, false).connect(peer.getLocalSocketAddress()));
        peer.close();
        channel.writeAndFlush(utf8("1")).sync();
        // The answer of loopback is there when the call returns.
        assertThat(channel.writeAndFlush(utf8("2")).await().cause()).isInstanceOf(PortUnreachableException.class);
        channel.writeAndFlush(utf8("3")).sync();
        assertThat(channel.isOpen()).isTrue();
        peer = new DatagramSocket();
    }

    @Test
    void connectAndDisconnect() throws Exception {
        KQueueDatagramChannel channel = bound();
        InetSocketAddress local = channel.localAddress();
        assertThat(recorder.next()).isEqualTo("active");
        channel.connect(peerAddress()).sync();
        assertThat(channel.isConnected()).isTrue();
        assertThat(channel.remoteAddress()).isEqualTo(peerAddress());
        assertThat(channel.localAddress()).isEqualTo(local);
        channel.write(utf8("to the peer"));
        channel.writeAndFlush(new DatagramPacket(utf8("to its address"), peerAddress()))
                .sync();
        assertThat(receive()).isEqualTo("to the peer");
        assertThat(receive()).isEqualTo("to its address");

        channel.disconnect().sync();
        assertThat(channel.isConnected()).isFalse();
        assertThat(channel.remoteAddress()).isNull();
        assertThat(channel.localAddress()).as("still where it was bound").isEqualTo(local);
        assertThat(channel.isActive()).isTrue();
        assertThat(channel.writeAndFlush(utf8("to whom?")).await().cause())
                .isInstanceOf(NotYetConnectedException.class);
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            other.send(new java.net.DatagramPacket(new byte[] {'o'}, 1, local));
            assertThat(recorder.text()).isEqualTo("o");
        }
        channel.disconnect().sync();
        channel.connect(peerAddress()).sync();
        channel.writeAndFlush(utf8("back")).sync();
        assertThat(receive()).isEqualTo("back");
        recorder.events.removeIf("complete"::equals);
        assertThat(recorder.events).as("neither inactive nor active again").isEmpty();
    }

    @Test
    void aPortThatTheConnectHasChosenStays() throws Exception {
        KQueueDatagramChannel channel = connected();
        int port = channel.localAddress().getPort();
        channel.disconnect().sync();
        assertThat(channel.localAddress().getPort()).isEqualTo(port);
        assertThat(channel.localAddress().getAddress().isAnyLocalAddress()).isTrue();
        send(channel, "still here");
        assertThat(recorder.text()).isEqualTo("still here");
    }

    @Test
    void aSecondConnectChangesThePeer() throws Exception {
        KQueueDatagramChannel channel = connected();
        assertThat(channel.remoteAddress()).isEqualTo(peerAddress());
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            other.setSoTimeout(30_000);
            channel.connect(other.getLocalSocketAddress()).sync();
            assertThat(channel.remoteAddress()).isEqualTo(other.getLocalSocketAddress());
            channel.writeAndFlush(utf8("other")).sync();
            java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[100], 100);
            other.receive(packet);
            assertThat(packet.getLength()).isEqualTo(5);
        }
    }

    @Test
    void connectedTellsTheTrueSender() throws Exception {
        KQueueDatagramChannel channel =
                kept(bootstrap().option(ChannelOption.AUTO_READ, false).bind(LOOPBACK, 0));
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            // Waits since before the connect, and stays.
            other.send(new java.net.DatagramPacket(new byte[] {'o'}, 1, channel.localAddress()));
            channel.connect(peerAddress()).sync();
            channel.read();
            DatagramPacket packet = recorder.packet();
            assertThat(packet.sender()).isEqualTo(other.getLocalSocketAddress());
            packet.release();
        }
    }

    @Test
    void aConnectThatFailsClosesTheChannel() throws Exception {
        ChannelFuture connect = bootstrap(SocketProtocolFamily.INET)
                .connect(new InetSocketAddress(InetAddress.getByName("::1"), 9))
                .await();
        channels.add(connect.channel());
        assertThat(connect.cause()).isInstanceOf(UnsupportedAddressTypeException.class);
        assertThat(connect.channel().isOpen()).isFalse();
    }

    @Test
    void fromADescriptor() throws Exception {
        KQueueDatagramChannel first = bound();
        first.connect(peerAddress()).sync();
        first.deregister().sync();
        KQueueDatagramChannel second = new KQueueDatagramChannel(first.fd().intValue());
        assertThat(second.isActive()).isTrue();
        assertThat(second.isConnected()).isTrue();
        assertThat(second.remoteAddress()).isEqualTo(peerAddress());
        recorder.events.clear();
        second.pipeline().addLast(recorder);
        group.register(second).sync();
        channels.remove(first);
        channels.add(second);
        assertThat(recorder.next()).isEqualTo("active");
        second.writeAndFlush(utf8("from the second")).sync();
        assertThat(receive()).isEqualTo("from the second");
        send(second, "to the second");
        assertThat(recorder.text()).isEqualTo("to the second");
    }

    @Test
    void anotherEventLoop() throws Exception {
        KQueueDatagramChannel channel = bound();
        send(channel, "1");
        assertThat(recorder.text()).isEqualTo("1");
        channel.deregister().sync();
        send(channel, "2");
        send(channel, "3");
        EventLoopGroup other = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
        try {
            other.register(channel).sync();
            assertThat(recorder.text()).isEqualTo("2");
            assertThat(recorder.text()).isEqualTo("3");
            channel.writeAndFlush(new DatagramPacket(utf8("4"), peerAddress())).sync();
            assertThat(receive()).isEqualTo("4");
            channel.close().sync();
            channels.remove(channel);
        } finally {
            other.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void bothVersionsOnOneSocket() throws Exception {
        KQueueDatagramChannel channel =
                kept(bootstrap(SocketProtocolFamily.INET6).bind(0));
        send(channel, "mapped");
        DatagramPacket packet = recorder.packet();
        assertThat(packet.sender()).isEqualTo(peerAddress());
        packet.release();
        channel.writeAndFlush(new DatagramPacket(utf8("to four"), peerAddress()))
                .sync();
        assertThat(receive()).isEqualTo("to four");
        InetAddress six = InetAddress.getByName("::1");
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(six, 0))) {
            other.setSoTimeout(30_000);
            channel.writeAndFlush(new DatagramPacket(utf8("to six"), (InetSocketAddress) other.getLocalSocketAddress()))
                    .sync();
            java.net.DatagramPacket received = new java.net.DatagramPacket(new byte[100], 100);
            other.receive(received);
            assertThat(received.getAddress()).isEqualTo(six);
        }
    }

    @Test
    @SuppressWarnings("deprecation")
    void families() {
        List<KQueueDatagramChannel> made = List.of(
                new KQueueDatagramChannel(SocketProtocolFamily.INET),
                new KQueueDatagramChannel(io.netty.channel.socket.InternetProtocolFamily.IPv6));
        assertThat(made.get(0).socket.family()).isEqualTo(SocketProtocolFamily.INET);
        assertThat(made.get(1).socket.family()).isEqualTo(SocketProtocolFamily.INET6);
        made.forEach(channel -> channel.unsafe().closeForcibly());
        assertThatThrownBy(() -> new KQueueDatagramChannel(SocketProtocolFamily.UNIX))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
