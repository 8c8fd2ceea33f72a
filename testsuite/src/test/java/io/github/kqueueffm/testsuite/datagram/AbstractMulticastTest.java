// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.datagram;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.testsuite.support.DatagramPairing;
import io.github.kqueueffm.testsuite.support.DatagramPairings;
import io.github.kqueueffm.testsuite.support.DatagramSockets;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.NioDatagrams;
import io.github.kqueueffm.testsuite.support.PacketRecorder;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Groups of this machine: those of IPv4 on the loopback interface, and those of IPv6, which most systems do not route there,
 * of the scope of one interface. No packet leaves the machine.
 */
abstract class AbstractMulticastTest implements DatagramPairings {

    @ParameterizedTest
    @MethodSource("pairings")
    void joinedAndLeft(DatagramPairing pairing) throws Exception {
        try (Members members = new Members(pairing)) {
            members.send(1);
            members.mark(2);
            members.assertReceived(2);
            sync(members.receiver.joinGroup(members.group, members.network));
            members.send(3);
            members.assertReceived(2, 3);
            sync(members.receiver.leaveGroup(members.group, members.network));
            members.send(4);
            members.mark(5);
            members.assertReceived(2, 3, 5);
        }
    }

    /** Those whom a receiver has asked for, and nobody else. */
    @ParameterizedTest
    @MethodSource("pairings")
    void joinedForOneSource(DatagramPairing pairing) throws Exception {
        try (Members members = new Members(pairing)) {
            InetAddress source = members.sender.localAddress().getAddress();
            ChannelFuture joined = members.receiver
                    .joinGroup(members.group.getAddress(), members.network, source)
                    .await();
            assumeTrue(
                    !(joined.cause() instanceof UnsupportedOperationException),
                    "no memberships of one source on this system");
            sync(joined);
            members.send(1);
            members.assertReceived(1);
            sync(members.receiver.leaveGroup(members.group.getAddress(), members.network, source));
            members.send(2);
            members.mark(3);
            members.assertReceived(1, 3);

            InetAddress other =
                    InetAddress.getByName(pairing.subject().isInetOfVersion6() ? "2001:db8::1" : "192.0.2.1");
            sync(members.receiver.joinGroup(members.group.getAddress(), members.network, other));
            members.send(4);
            members.mark(5);
            members.assertReceived(1, 3, 5);
        }
    }

    /** Everybody but one. */
    @ParameterizedTest
    @MethodSource("pairings")
    void blocked(DatagramPairing pairing) throws Exception {
        try (Members members = new Members(pairing)) {
            InetAddress source = members.sender.localAddress().getAddress();
            sync(members.receiver.joinGroup(members.group, members.network));
            members.send(1);
            members.assertReceived(1);
            ChannelFuture blocked = members.receiver
                    .block(members.group.getAddress(), members.network, source)
                    .await();
            assumeTrue(
                    !(blocked.cause() instanceof UnsupportedOperationException),
                    "nobody can be blocked on this system");
            sync(blocked);
            members.send(2);
            members.mark(3);
            members.assertReceived(1, 3);
        }
    }

    /** A sender that is in the group itself hears itself unless it does not want to. */
    @ParameterizedTest
    @MethodSource("pairings")
    void loopback(DatagramPairing pairing) throws Exception {
        try (Members members = new Members(pairing)) {
            sync(members.receiver.joinGroup(members.group, members.network));
            members.sender.config().setLoopbackModeDisabled(false);
            assertThat(members.sender.config().isLoopbackModeDisabled()).isFalse();
            assumeTrue(
                    pairing.peer().transport() != Transports.NIO || NioDatagrams.loop(members.sender.config()),
                    "NIO of this Netty takes the option the wrong way round");
            members.send(1);
            members.assertReceived(1);
            members.sender.config().setTimeToLive(3);
            assertThat(members.sender.config().getTimeToLive()).isEqualTo(3);
            members.sender.config().setLoopbackModeDisabled(true);
            assertThat(members.sender.config().isLoopbackModeDisabled()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void theInterfaceIsTold(DatagramPairing pairing) throws Exception {
        try (Members members = new Members(pairing)) {
            assertThat(members.sender.config().getNetworkInterface()).isEqualTo(members.network);
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void whoIsNotInAGroupCannotLeaveIt(DatagramPairing pairing) throws Exception {
        try (Members members = new Members(pairing)) {
            ChannelFuture left =
                    members.receiver.leaveGroup(members.group, members.network).await();
            // NIO finds nothing to do; a kernel says EADDRNOTAVAIL.
            assertThat(left.isDone()).isTrue();
            members.mark(1);
            members.assertReceived(1);
        }
    }

    /** A sender, and a receiver that is bound to every address, both of which use one interface. */
    private static final class Members implements AutoCloseable {

        final NetworkInterface network;
        final InetSocketAddress group;
        final DatagramChannel receiver;
        final DatagramChannel sender;
        private final PacketRecorder received = new PacketRecorder();
        private final InetAddress address;

        Members(DatagramPairing pairing) throws Exception {
            boolean version6 = pairing.subject().isInetOfVersion6();
            address = version6 ? linkLocal() : Link.ipv4Loopback();
            network = NetworkInterface.getByInetAddress(address);
            receiver = open(pairing.subject(), received, new InetSocketAddress(version6 ? "::" : "0.0.0.0", 0));
            sender = open(pairing.peer(), new PacketRecorder(), new InetSocketAddress(address, 0));
            group = new InetSocketAddress(
                    group(version6), receiver.localAddress().getPort());
        }

        /**
         * A group of this process. Systems that give a group's datagrams to every socket of the port, as Linux may, do so once
         * anybody on the machine is in the group.
         */
        private static String group(boolean version6) {
            long process = ProcessHandle.current().pid() & 0xffff;
            return version6
                    ? "ff01::4b51:" + Long.toHexString(process)
                    : "239.75." + (process >>> 8) + '.' + (process & 0xff);
        }

        private DatagramChannel open(DatagramSockets kind, PacketRecorder events, InetSocketAddress address)
                throws InterruptedException {
            return (DatagramChannel) sync(new Bootstrap()
                    .group(Transports.sharedGroup(kind.transport()))
                    .channelFactory(kind::newChannel)
                    .option(ChannelOption.IP_MULTICAST_IF, network)
                    .handler(events)
                    .bind(address));
        }

        private static InetAddress linkLocal() throws IOException {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(network.getInetAddresses())) {
                    if (address instanceof Inet6Address
                            && address.isLinkLocalAddress()
                            && network.isUp()
                            && network.supportsMulticast()) {
                        return address;
                    }
                }
            }
            assumeTrue(false, "no interface has IPv6 multicast");
            throw new AssertionError();
        }

        /** To the group. */
        void send(int value) throws InterruptedException {
            sync(sender.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(new byte[] {(byte) value}), group)));
        }

        /** To the receiver alone, which has then also been given what was sent to the group before, or never will be. */
        void mark(int value) throws InterruptedException {
            InetSocketAddress alone =
                    new InetSocketAddress(address, receiver.localAddress().getPort());
            sync(sender.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(new byte[] {(byte) value}), alone)));
        }

        void assertReceived(int... values) throws InterruptedException {
            List<PacketRecorder.Packet> packets = received.await(values.length);
            assertThat(packets).extracting(packet -> (int) packet.bytes()[0]).containsExactly(box(values));
        }

        private static Integer[] box(int[] values) {
            return IntStream.of(values).boxed().toArray(Integer[]::new);
        }

        @Override
        public void close() throws InterruptedException {
            sync(receiver.close());
            sync(sender.close());
            assertThat(received.exceptions()).isEmpty();
        }
    }
}
