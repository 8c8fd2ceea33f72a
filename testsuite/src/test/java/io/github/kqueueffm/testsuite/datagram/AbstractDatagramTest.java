// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.datagram;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.testsuite.support.BufferKind;
import io.github.kqueueffm.testsuite.support.DatagramLink;
import io.github.kqueueffm.testsuite.support.DatagramPairing;
import io.github.kqueueffm.testsuite.support.DatagramPairings;
import io.github.kqueueffm.testsuite.support.DatagramSockets;
import io.github.kqueueffm.testsuite.support.NioDatagrams;
import io.github.kqueueffm.testsuite.support.PacketRecorder;
import io.github.kqueueffm.testsuite.support.PacketRecorder.Packet;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.local.LocalAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams arrive whole, once and in order, or fail alone; whoever sends them, and however they are sent and read. */
abstract class AbstractDatagramTest implements DatagramPairings {

    /** As many as Linux lets wait for a UNIX domain socket that does not read, with one in the queue's front. */
    private static final int QUEUED = 8;

    /** Below what NetBSD sends to a path unless it is told otherwise. */
    private static final int LARGE = 1500;

    /** What no datagram socket takes with the buffers that it has. */
    private static final int TOO_LARGE = 4 << 20;

    @ParameterizedTest
    @MethodSource("pairings")
    void thereAndBack(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            byte[] question = Payload.of(100);
            byte[] answer = Payload.of(200);
            sync(link.send(question));
            assertReceived(link.peerEvents().await(1), question);
            sync(link.sendBack(answer));
            assertReceived(link.subjectEvents().await(1), answer);

            assertAddresses(link.peerEvents().packets().get(0), link.subject(), link.peer());
            assertAddresses(link.subjectEvents().packets().get(0), link.peer(), link.subject());
            assertNothingElse(link);
        }
    }

    private static void assertAddresses(Packet packet, Channel from, Channel to) {
        assertThat(packet.sender()).isEqualTo(from.localAddress());
        assertThat(packet.recipient()).isEqualTo(to.localAddress());
    }

    /** Active with the first thing that happens to it. Nobody can answer, but the sender has an address that says so. */
    @ParameterizedTest
    @MethodSource("pairings")
    @SuppressWarnings("deprecation")
    void fromASenderThatIsNotBound(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            PacketRecorder events = new PacketRecorder();
            Channel sender = pairing.subject().newChannel();
            sender.config().setOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true);
            sender.pipeline().addLast(events);
            sync(Transports.sharedGroup(pairing.subject().transport()).register(sender));
            settle(sender);
            assertThat(sender.isActive()).isTrue();
            assertThat(events.active()).isEqualTo(1);
            byte[] content = Payload.of(10);
            sync(sender.writeAndFlush(pairing.subject()
                    .packet(Unpooled.wrappedBuffer(content), link.peer().localAddress())));
            assertReceived(link.peerEvents().await(1), content);
            assertThat(link.peerEvents().packets().get(0).sender()).isNotNull();
            sync(sender.close());
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void inOrderAndOnce(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            List<byte[]> expected = new ArrayList<>();
            for (int round = 0; round < 30; round++) {
                for (int i = 0; i < QUEUED; i++) {
                    byte[] content = Payload.of(1 + (round * QUEUED + i) * 6);
                    expected.add(content);
                    link.write(Unpooled.wrappedBuffer(content));
                }
                link.subject().flush();
                link.peerEvents().await(expected.size());
            }
            assertThat(link.peerEvents().contents()).containsExactlyElementsOf(expected);
            assertNothingElse(link);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void bothWaysAtOnce(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            for (int i = 1; i <= 200; i++) {
                ChannelFuture there = link.send(new byte[] {(byte) i});
                ChannelFuture back = link.sendBack(new byte[] {(byte) -i});
                sync(there);
                sync(back);
                link.peerEvents().await(i);
                link.subjectEvents().await(i);
                assertThat(link.peerEvents().contents().get(i - 1)).containsExactly((byte) i);
                assertThat(link.subjectEvents().contents().get(i - 1)).containsExactly((byte) -i);
            }
            assertNothingElse(link);
        }
    }

    /** A datagram without bytes is a datagram, and not the end of anything. */
    @ParameterizedTest
    @MethodSource("pairings")
    void empty(DatagramPairing pairing) throws Exception {
        assumeTrue(
                !pairing.hasNio() || NioDatagrams.sendEmptyOnes(), "NIO of this Netty does not send empty datagrams");
        try (DatagramLink link = DatagramLink.open(pairing)) {
            byte[] none = {};
            sync(link.send(none));
            assertReceived(link.peerEvents().await(1), none);
            for (byte[] content : new byte[][] {none, {1}, none, none, {2}}) {
                link.write(Unpooled.wrappedBuffer(content));
            }
            link.subject().flush();
            assertReceived(link.peerEvents().await(6), none, none, new byte[] {1}, none, none, new byte[] {2});
            sync(link.sendBack(none));
            sync(link.sendBack(new byte[] {3}));
            assertReceived(link.subjectEvents().await(2), none, new byte[] {3});
            assertNothingElse(link);
        }
    }

    /** What is longer than the buffer it is read into is cut; the next one is not what was cut off. */
    @ParameterizedTest
    @MethodSource("pairings")
    void longerThanTheBuffer(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.on(pairing)
                .subjectOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16))
                .open()) {
            byte[] content = Payload.of(100);
            for (int i = 0; i < 3; i++) {
                sync(link.sendBack(content));
                sync(link.sendBack(new byte[] {(byte) i}));
            }
            List<Packet> packets = link.subjectEvents().await(6);
            for (int i = 0; i < 3; i++) {
                assertThat(packets.get(2 * i).bytes()).isEqualTo(Arrays.copyOf(content, 16));
                assertThat(packets.get(2 * i + 1).bytes()).containsExactly((byte) i);
            }
            assertNothingElse(link);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void fromAnyKindOfBuffer(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            int sent = 0;
            for (BufferKind kind : BufferKind.values()) {
                for (int length : new int[] {1, LARGE}) {
                    byte[] content = Payload.of(length);
                    ByteBuf buffer = kind.of(content);
                    ChannelFuture write = link.write(buffer);
                    link.subject().flush();
                    sync(write);
                    sent++;
                    List<Packet> packets = link.peerEvents().await(sent);
                    assertThat(packets.get(sent - 1).bytes())
                            .as("%d bytes of %s", length, kind)
                            .isEqualTo(content);
                    assertThat(buffer.refCnt()).as("references of %s", kind).isZero();
                }
            }
            assertNothingElse(link);
        }
    }

    /** All kinds in one flush, which is one batch if they are sent in batches. */
    @ParameterizedTest
    @MethodSource("pairings")
    void kindsOfBufferMixed(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            List<byte[]> expected = new ArrayList<>();
            BufferKind[] kinds = BufferKind.values();
            for (int from = 0; from < kinds.length; from += QUEUED) {
                for (int i = from; i < Math.min(kinds.length, from + QUEUED); i++) {
                    byte[] content = Payload.of(500 + i);
                    expected.add(content);
                    link.write(kinds[i].of(content));
                }
                link.subject().flush();
                link.peerEvents().await(expected.size());
            }
            assertThat(link.peerEvents().contents()).containsExactlyElementsOf(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void anEnvelopeOfAnyClass(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            byte[] content = Payload.of(300);
            SocketAddress recipient = link.peer().localAddress();
            sync(link.subject()
                    .writeAndFlush(new DefaultAddressedEnvelope<>(BufferKind.POOLED_HEAP.of(content), recipient)));
            sync(link.subject()
                    .writeAndFlush(
                            new DefaultAddressedEnvelope<>(BufferKind.COMPOSITE_OF_BOTH.of(content), recipient)));
            assertReceived(link.peerEvents().await(2), content, content);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void whatCannotBeSentIsRefusedAndReleased(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            assertThatThrownBy(() -> sync(link.subject().writeAndFlush("text")))
                    .isInstanceOf(UnsupportedOperationException.class);
            ByteBuf content = BufferKind.POOLED_HEAP.of(new byte[10]);
            assertThatThrownBy(() -> sync(link.subject()
                            .writeAndFlush(new DefaultAddressedEnvelope<>(content, new LocalAddress("here")))))
                    .isInstanceOfAny(UnsupportedOperationException.class, UnsupportedAddressTypeException.class);
            assertThat(content.refCnt()).isZero();
            sync(link.send(new byte[] {1}));
            assertReceived(link.peerEvents().await(1), new byte[] {1});
        }
    }

    /** The one that fails is the one that is told; those before and after it in the batch are sent. */
    @ParameterizedTest
    @MethodSource("pairings")
    void oneThatIsTooLargeFailsAlone(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            ByteBuf large = Unpooled.directBuffer(TOO_LARGE).writeZero(TOO_LARGE);
            ChannelFuture first = link.write(Unpooled.wrappedBuffer(new byte[] {1}));
            ChannelFuture failing = link.write(large);
            ChannelFuture last = link.write(Unpooled.wrappedBuffer(new byte[] {2}));
            link.subject().flush();
            sync(first);
            sync(last);
            assertThatThrownBy(() -> sync(failing)).isInstanceOf(IOException.class);
            assertThat(large.refCnt()).isZero();
            assertReceived(link.peerEvents().await(2), new byte[] {1}, new byte[] {2});
            assertThat(link.subject().isOpen()).isTrue();
            assertNothingElse(link);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void nothingIsReadUnlessAskedFor(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .subjectOption(ChannelOption.MAX_MESSAGES_PER_READ, 1)
                .open()) {
            for (int i = 0; i < QUEUED; i++) {
                sync(link.sendBack(new byte[] {(byte) i}));
            }
            settle(link.subject());
            assertThat(link.subjectEvents().packets()).isEmpty();
            for (int i = 1; i <= 3; i++) {
                link.subject().read();
                link.subjectEvents().await(i);
                settle(link.subject());
                assertThat(link.subjectEvents().packets()).hasSize(i);
            }
            link.subject().config().setAutoRead(true);
            link.subjectEvents().await(QUEUED);
            for (int i = 0; i < QUEUED; i++) {
                assertThat(link.subjectEvents().contents().get(i)).containsExactly((byte) i);
            }
            stopReading(link.subject());
            sync(link.sendBack(new byte[] {100}));
            settle(link.subject());
            assertThat(link.subjectEvents().packets()).hasSize(QUEUED);
            link.subject().config().setAutoRead(true);
            link.subjectEvents().await(QUEUED + 1);
            assertNothingElse(link);
        }
    }

    /** A read that was asked for while nothing was there is answered by the next datagram, and by that alone. */
    @ParameterizedTest
    @MethodSource("pairings")
    void aReadWaitsForADatagram(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .subjectOption(ChannelOption.MAX_MESSAGES_PER_READ, 1)
                .open()) {
            for (int i = 1; i <= 20; i++) {
                link.subject().read();
                settle(link.subject());
                sync(link.sendBack(new byte[] {(byte) i}));
                sync(link.sendBack(new byte[] {100}));
                List<Packet> packets = link.subjectEvents().await(2 * i - 1);
                settle(link.subject());
                assertThat(link.subjectEvents().packets()).hasSize(2 * i - 1);
                assertThat(packets.get(2 * i - 2).bytes()).containsExactly((byte) i);
                link.subject().read();
                assertThat(link.subjectEvents().await(2 * i).get(2 * i - 1).bytes())
                        .containsExactly((byte) 100);
            }
            assertNothingElse(link);
        }
    }

    /** More than one turn of the loop reads. */
    @ParameterizedTest
    @MethodSource("pairings")
    void moreThanOneReadTakes(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .subjectOption(ChannelOption.MAX_MESSAGES_PER_READ, 3)
                .open()) {
            int expected = 0;
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < QUEUED; i++) {
                    sync(link.sendBack(new byte[] {(byte) expected++}));
                }
                link.subject().config().setAutoRead(true);
                link.subjectEvents().await(expected);
                stopReading(link.subject());
            }
            for (int i = 0; i < expected; i++) {
                assertThat(link.subjectEvents().contents().get(i)).containsExactly((byte) i);
            }
            assertNothingElse(link);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void connected(DatagramPairing pairing) throws Exception {
        DatagramSockets kind = pairing.subject();
        try (DatagramLink link = DatagramLink.open(pairing)) {
            Channel subject = link.subject();
            assertThat(kind.isConnected(subject)).isFalse();
            assertThat(subject.remoteAddress()).isNull();
            sync(subject.connect(link.peer().localAddress()));
            assertThat(kind.isConnected(subject)).isTrue();
            assertThat(subject.remoteAddress()).isEqualTo(link.peer().localAddress());

            byte[] content = Payload.of(LARGE);
            sync(subject.writeAndFlush(BufferKind.POOLED_DIRECT.of(content)));
            sync(subject.writeAndFlush(BufferKind.COMPOSITE_OF_BOTH.of(content)));
            // To whom it would go anyway: the BSDs say EISCONN of an address here (sendto(2)).
            sync(link.send(content));
            assertReceived(link.peerEvents().await(3), content, content, content);
            assertThat(link.peerEvents().packets().get(0).sender()).isEqualTo(subject.localAddress());
            sync(link.sendBack(content));
            assertReceived(link.subjectEvents().await(1), content);
            assertAddresses(link.subjectEvents().packets().get(0), link.peer(), subject);
            assertNothingElse(link);
        }
    }

    /** Many plain buffers in one flush. */
    @ParameterizedTest
    @MethodSource("pairings")
    void connectedInBatches(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            sync(link.subject().connect(link.peer().localAddress()));
            List<byte[]> expected = new ArrayList<>();
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < QUEUED; i++) {
                    byte[] content = Payload.of(1 + expected.size());
                    expected.add(content);
                    link.subject().write(BufferKind.values()[i].of(content));
                }
                link.subject().flush();
                link.peerEvents().await(expected.size());
            }
            assertThat(link.peerEvents().contents()).containsExactlyElementsOf(expected);
        }
    }

    /** Bound by the same call. */
    @ParameterizedTest
    @MethodSource("pairings")
    void connectedFromAnAddress(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            PacketRecorder events = new PacketRecorder();
            Channel channel = DatagramLink.register(pairing.subject(), events);
            sync(channel.connect(link.peer().localAddress(), pairing.subject().fresh()));
            settle(channel);
            assertThat(events.active()).isEqualTo(1);
            sync(channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1})));
            link.peerEvents().await(1);
            assertThat(link.peerEvents().packets().get(0).sender()).isEqualTo(channel.localAddress());
            sync(channel.close());
            settle(channel);
            assertThat(events.inactive()).isEqualTo(1);
            assertThat(events.exceptions()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void aPlainBufferNeedsAConnection(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            ByteBuf content = BufferKind.POOLED_DIRECT.of(new byte[] {1});
            assertThatThrownBy(() -> sync(link.subject().writeAndFlush(content)))
                    .isInstanceOf(Exception.class);
            assertThat(content.refCnt()).isZero();
            assertThat(link.subject().isOpen()).isTrue();
            sync(link.send(new byte[] {2}));
            assertReceived(link.peerEvents().await(1), new byte[] {2});
        }
    }

    /** As Netty's datagram channels do: one read takes several, whatever each of them is. */
    @ParameterizedTest
    @MethodSource("pairings")
    @SuppressWarnings("deprecation")
    void readsSixteenAtATime(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            assertThat(link.subject().config().getMaxMessagesPerRead()).isEqualTo(16);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void isActiveOnceBound(DatagramPairing pairing) throws Exception {
        PacketRecorder events = new PacketRecorder();
        Channel channel = DatagramLink.register(pairing.subject(), events);
        settle(channel);
        assertThat(events.active()).isZero();
        assertThat(channel.isActive()).isFalse();
        sync(channel.bind(pairing.subject().fresh()));
        settle(channel);
        assertThat(events.active()).isEqualTo(1);
        assertThat(channel.isActive()).isTrue();
        sync(channel.close());
        settle(channel);
        assertThat(events.inactive()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void writesToAClosedChannelFailAndAreReleased(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            ByteBuf pending = BufferKind.POOLED_DIRECT.of(new byte[10]);
            ChannelFuture unflushed = link.write(pending);
            sync(link.subject().close());
            assertThatThrownBy(() -> sync(unflushed)).isInstanceOf(ClosedChannelException.class);
            assertThat(pending.refCnt()).isZero();
            ByteBuf late = BufferKind.POOLED_HEAP.of(new byte[10]);
            ChannelFuture write = link.write(late);
            link.subject().flush();
            assertThatThrownBy(() -> sync(write)).isInstanceOf(ClosedChannelException.class);
            assertThat(late.refCnt()).isZero();
        }
    }

    /** Datagrams that came and were never read go with the channel. */
    @ParameterizedTest
    @MethodSource("pairings")
    void closedWithDatagramsUnread(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .open()) {
            for (int i = 0; i < QUEUED; i++) {
                sync(link.sendBack(Payload.of(100)));
            }
            sync(link.subject().close());
            settle(link.subject());
            assertThat(link.subjectEvents().packets()).isEmpty();
            assertThat(link.subjectEvents().inactive()).isEqualTo(1);
            assertNothingElse(link);
        }
    }

    /** The handler closes the channel with the first of several that are there. */
    @ParameterizedTest
    @MethodSource("pairings")
    void closedInTheMiddleOfARead(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .open()) {
            link.subject().pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    ctx.fireChannelRead(msg);
                    ctx.close();
                }
            });
            for (int i = 0; i < QUEUED; i++) {
                sync(link.sendBack(new byte[] {(byte) i}));
            }
            link.subject().config().setAutoRead(true);
            sync(link.subject().closeFuture());
            settle(link.subject());
            assertThat(link.subjectEvents().contents().get(0)).containsExactly((byte) 0);
            assertThat(link.subjectEvents().inactive()).isEqualTo(1);
            assertThat(link.subjectEvents().exceptions()).isEmpty();
        }
    }

    /** From one loop to another and back, with a datagram that comes while it is on neither. */
    @ParameterizedTest
    @MethodSource("pairings")
    void movesBetweenLoops(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            for (int i = 1; i <= 6; i++) {
                sync(link.subject().deregister());
                sync(link.sendBack(new byte[] {(byte) i}));
                EventLoop next =
                        Transports.sharedGroup(pairing.subject().transport()).next();
                sync(next.register(link.subject()));
                link.subjectEvents().await(i);
                assertThat(link.subjectEvents().contents().get(i - 1)).containsExactly((byte) i);
                sync(link.send(new byte[] {(byte) i}));
                link.peerEvents().await(i);
            }
            assertNothingElse(link);
        }
    }

    static void assertReceived(List<Packet> packets, byte[]... contents) {
        assertThat(packets).extracting(Packet::bytes).containsExactly(contents);
    }

    static void assertNothingElse(DatagramLink link) {
        assertThat(link.subjectEvents().exceptions()).isEmpty();
        assertThat(link.peerEvents().exceptions()).isEmpty();
    }

    /** On the loop, where it takes effect at once. */
    private static void stopReading(Channel channel) throws Exception {
        channel.eventLoop().submit(() -> channel.config().setAutoRead(false)).sync();
    }

    /** Lets a loop do what it has to do: two turns of it. */
    static void settle(Channel channel) throws Exception {
        for (int i = 0; i < 2; i++) {
            channel.eventLoop().submit(() -> {}).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
