// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.datagram;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.testsuite.support.BufferKind;
import io.github.kqueueffm.testsuite.support.DatagramLink;
import io.github.kqueueffm.testsuite.support.DatagramPairing;
import io.github.kqueueffm.testsuite.support.PacketRecorder;
import io.github.kqueueffm.testsuite.support.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the internet's datagram sockets do and those at paths do not. */
abstract class AbstractUdpTest extends AbstractDatagramTest {

    /** For what is told by a packet of the network, and may come after the call that it is about. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    @ParameterizedTest
    @MethodSource("pairings")
    void aConnectedSocketHearsNobodyElse(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            Channel stranger = link.stranger(new PacketRecorder());
            sync(link.subject().connect(link.peer().localAddress()));
            sync(link.sendFrom(stranger, new byte[] {1}));
            sync(link.sendBack(new byte[] {2}));
            assertReceived(link.subjectEvents().await(1), new byte[] {2});
            assertNothingElse(link);
        }
    }

    /** It keeps the address that it was bound to, which a Linux socket by itself does not (connect(2), AF_UNSPEC). */
    @ParameterizedTest
    @MethodSource("pairings")
    void disconnected(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            DatagramChannel subject = (DatagramChannel) link.subject();
            SocketAddress bound = subject.localAddress();
            Channel stranger = link.stranger(new PacketRecorder());
            for (int i = 1; i <= 3; i++) {
                sync(subject.connect((InetSocketAddress) link.peer().localAddress()));
                sync(subject.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1})));
                link.peerEvents().await(2 * i - 1);
                sync(subject.disconnect());
                assertThat(subject.isConnected()).isFalse();
                assertThat(subject.remoteAddress()).isNull();
                assertThat(subject.isOpen()).isTrue();
                assertThat(subject.localAddress()).isEqualTo(bound);

                sync(link.sendFrom(stranger, new byte[] {2}));
                assertReceivedLast(link.subjectEvents(), i, 2);
                assertThat(link.subjectEvents().packets().get(i - 1).sender()).isEqualTo(stranger.localAddress());
                sync(link.send(new byte[] {3}));
                assertReceivedLast(link.peerEvents(), 2 * i, 3);
                assertThat(link.peerEvents().packets().get(2 * i - 1).sender()).isEqualTo(bound);
            }
            assertNothingElse(link);
        }
    }

    private static void assertReceivedLast(PacketRecorder events, int count, int value) throws InterruptedException {
        assertThat(events.await(count).get(count - 1).bytes()).containsExactly((byte) value);
    }

    /** Nobody is there: the channel is told, and goes on; also when somebody comes. */
    @ParameterizedTest
    @MethodSource("pairings")
    void portUnreachable(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            InetSocketAddress nobody = unusedAddress(pairing);
            sync(link.subject().connect(nobody));
            List<Throwable> told = writeUntilToldOf(link);
            assertThat(told).isNotEmpty().allMatch(PortUnreachableException.class::isInstance);
            assertThat(link.subject().isActive()).isTrue();

            try (DatagramSocket somebody = new DatagramSocket(nobody)) {
                somebody.setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
                // An answer to an earlier one may still be under way, and be told to this write.
                ChannelFuture write;
                long deadline = System.nanoTime() + PATIENCE_NANOS;
                do {
                    write = link.subject().writeAndFlush(Unpooled.wrappedBuffer(new byte[] {7}));
                    write.await();
                } while (!write.isSuccess() && System.nanoTime() < deadline);
                sync(write);
                java.net.DatagramPacket packet = new java.net.DatagramPacket(new byte[10], 10);
                somebody.receive(packet);
                assertThat(packet.getLength()).isEqualTo(1);
                assertThat(packet.getSocketAddress()).isEqualTo(link.subject().localAddress());
                packet.setData(new byte[] {8});
                somebody.send(packet);
                assertReceivedLast(link.subjectEvents(), 1, 8);
            }
        }
    }

    /** By writes that fail, or by exceptionCaught: the kernel tells the call that comes first. */
    private static List<Throwable> writeUntilToldOf(DatagramLink link) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < deadline) {
            ByteBuf content = BufferKind.POOLED_HEAP.of(new byte[] {1});
            ChannelFuture write = link.subject().writeAndFlush(content);
            assertThat(write.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS)).isTrue();
            assertThat(content.refCnt()).isZero();
            if (!write.isSuccess()) {
                return List.of(write.cause());
            }
            settle(link.subject());
            if (!link.subjectEvents().exceptions().isEmpty()) {
                return link.subjectEvents().exceptions();
            }
        }
        return List.of();
    }

    /** One who does not read hears of it by a write. */
    @ParameterizedTest
    @MethodSource("pairings")
    void portUnreachableToAWrite(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.on(pairing)
                .subjectOption(ChannelOption.AUTO_READ, false)
                .open()) {
            sync(link.subject().connect(unusedAddress(pairing)));
            List<Throwable> told = writeUntilToldOf(link);
            assertThat(told).hasSize(1).allMatch(PortUnreachableException.class::isInstance);
            assertThat(link.subjectEvents().exceptions()).isEmpty();
            assertThat(link.subject().isActive()).isTrue();
        }
    }

    private static InetSocketAddress unusedAddress(DatagramPairing pairing) throws Exception {
        try (DatagramSocket socket = new DatagramSocket(pairing.subject().fresh())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void toAnAddressThatIsNotResolved(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
            ByteBuf content = BufferKind.POOLED_DIRECT.of(new byte[10]);
            ChannelFuture before = link.write(Unpooled.wrappedBuffer(new byte[] {1}));
            ChannelFuture failing = link.subject().write(new DatagramPacket(content, unresolved));
            ChannelFuture after = link.write(Unpooled.wrappedBuffer(new byte[] {2}));
            link.subject().flush();
            assertThatThrownBy(() -> sync(failing)).isInstanceOf(UnresolvedAddressException.class);
            assertThat(content.refCnt()).isZero();
            sync(before);
            sync(after);
            assertReceived(link.peerEvents().await(2), new byte[] {1}, new byte[] {2});
            assertThatThrownBy(() -> sync(link.subject().connect(unresolved))).isInstanceOf(Exception.class);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void largestThatThereIs(DatagramPairing pairing) throws Exception {
        int length = 9000;
        try (DatagramLink link = DatagramLink.open(pairing)) {
            link.peer().config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65536));
            byte[] content = Payload.of(length);
            sync(link.send(content));
            assertReceived(link.peerEvents().await(1), content);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void options(DatagramPairing pairing) throws Exception {
        try (DatagramLink link = DatagramLink.open(pairing)) {
            DatagramChannelConfig config =
                    (DatagramChannelConfig) link.subject().config();
            for (boolean value : new boolean[] {true, false, true}) {
                assertTakes(config, ChannelOption.SO_BROADCAST, value);
                assertTakes(config, ChannelOption.SO_REUSEADDR, value);
            }
            for (int size : new int[] {16 << 10, 64 << 10}) {
                assertThat(config.setOption(ChannelOption.SO_RCVBUF, size)).isTrue();
                // Linux doubles what it is given and says so (socket(7)).
                assertThat(config.getOption(ChannelOption.SO_RCVBUF)).isBetween(size, 4 * size);
                assertThat(config.setOption(ChannelOption.SO_SNDBUF, size)).isTrue();
                assertThat(config.getOption(ChannelOption.SO_SNDBUF)).isBetween(size, 4 * size);
            }
            assertTakes(config, ChannelOption.IP_TOS, 0x10);
            assertTakes(config, ChannelOption.IP_TOS, 0);
            assertTakes(config, ChannelOption.IP_MULTICAST_TTL, 7);
            assertTakes(config, ChannelOption.IP_MULTICAST_LOOP_DISABLED, true);
            assertTakes(config, ChannelOption.IP_MULTICAST_LOOP_DISABLED, false);
            assertThat(config.getOptions())
                    .containsKeys(ChannelOption.SO_RCVBUF, ChannelOption.SO_SNDBUF, ChannelOption.IP_MULTICAST_IF);
        }
    }

    private static <T> void assertTakes(DatagramChannelConfig config, ChannelOption<T> option, T value) {
        assertThat(config.setOption(option, value)).as("%s is known", option).isTrue();
        assertThat(config.getOption(option)).as("%s", option).isEqualTo(value);
        assertThat(config.getOptions()).as("listed").containsKey(option);
    }
}
