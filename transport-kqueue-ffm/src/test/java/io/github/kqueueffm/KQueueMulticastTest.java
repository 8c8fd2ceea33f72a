// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.internal.platform.Platform;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Groups on the running kernel, over an interface of this host. That something does not arrive is known when what was sent
 * after it, to the socket's own address, has.
 */
@Timeout(120)
class KQueueMulticastTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, KQueueIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (Channel channel : channels) {
            channel.close().sync();
        }
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private static final class Member extends SimpleChannelInboundHandler<DatagramPacket> {

        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            received.add(packet.content().toString(StandardCharsets.UTF_8));
        }

        String next() throws InterruptedException {
            return received.poll(30, TimeUnit.SECONDS);
        }
    }

    /** An interface that multicast goes over, and an address of it. */
    private record Where(NetworkInterface networkInterface, InetAddress address) {

        static Where of(SocketProtocolFamily family) throws Exception {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && each.supportsMulticast() && !each.isLoopback()) {
                    for (InetAddress address : Collections.list(each.getInetAddresses())) {
                        if (address instanceof Inet6Address == (family == SocketProtocolFamily.INET6)) {
                            return new Where(each, address);
                        }
                    }
                }
            }
            assumeTrue(false, "no interface with multicast and " + family);
            throw new AssertionError();
        }

        InetAddress group(int number) throws Exception {
            return address instanceof Inet6Address
                    ? Inet6Address.getByAddress(
                            null,
                            InetAddress.getByName("ff12::4b51:" + number).getAddress(),
                            networkInterface.getIndex())
                    : InetAddress.getByName("239.77.81." + number);
        }
    }

    private KQueueDatagramChannel open(SocketProtocolFamily family, Member member, int port, Where where)
            throws InterruptedException {
        KQueueDatagramChannel channel = (KQueueDatagramChannel) new Bootstrap()
                .group(group)
                .channelFactory(() -> new KQueueDatagramChannel(family))
                .handler(member)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.IP_MULTICAST_IF, where.networkInterface())
                .bind(port)
                .sync()
                .channel();
        channels.add(channel);
        return channel;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static void send(Channel from, InetAddress to, int port, String text) throws InterruptedException {
        from.writeAndFlush(new DatagramPacket(text(text), new InetSocketAddress(to, port)))
                .sync();
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void joinAndLeave(SocketProtocolFamily family) throws Exception {
        Where where = Where.of(family);
        Member member = new Member();
        KQueueDatagramChannel channel = open(family, member, 0, where);
        KQueueDatagramChannel sender = open(family, new Member(), 0, where);
        int port = channel.localAddress().getPort();
        InetAddress joined = where.group(1);

        channel.joinGroup(new InetSocketAddress(joined, port), where.networkInterface())
                .sync();
        send(sender, joined, port, "to the group");
        assertThat(member.next()).isEqualTo("to the group");

        channel.leaveGroup(new InetSocketAddress(joined, port), where.networkInterface())
                .sync();
        send(sender, joined, port, "to nobody");
        send(sender, where.address(), port, "to the socket");
        assertThat(member.next()).isEqualTo("to the socket");

        // Without an interface: that of IP_MULTICAST_IF.
        channel.joinGroup(joined).sync();
        send(sender, joined, port, "again");
        assertThat(member.next()).isEqualTo("again");
        channel.leaveGroup(joined).sync();
        assertThat(channel.leaveGroup(joined).await().cause())
                .as("not a member any more")
                .isInstanceOf(KQueueIoException.class);
    }

    /** NetBSD, OpenBSD and DragonFly have groups of any source only. */
    private static void assumeSources() {
        assumeTrue(
                Platform.has(Availability.binding().platform().multicast().MCAST_JOIN_SOURCE_GROUP()),
                "no groups with sources here");
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void oneSource(SocketProtocolFamily family) throws Exception {
        assumeSources();
        Where where = Where.of(family);
        Member member = new Member();
        KQueueDatagramChannel channel = open(family, member, 0, where);
        KQueueDatagramChannel sender = open(family, new Member(), 0, where);
        int port = channel.localAddress().getPort();
        InetAddress joined = where.group(2);
        InetAddress stranger = InetAddress.getByName(family == SocketProtocolFamily.INET ? "192.0.2.9" : "2001:db8::9");

        channel.joinGroup(joined, where.networkInterface(), stranger).sync();
        send(sender, joined, port, "from another");
        send(sender, where.address(), port, "to the socket");
        assertThat(member.next()).isEqualTo("to the socket");

        channel.joinGroup(joined, where.networkInterface(), where.address()).sync();
        send(sender, joined, port, "from the source");
        assertThat(member.next()).isEqualTo("from the source");

        channel.leaveGroup(joined, where.networkInterface(), where.address()).sync();
        send(sender, joined, port, "from one that was left");
        send(sender, where.address(), port, "to the socket");
        assertThat(member.next()).isEqualTo("to the socket");
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void blocked(SocketProtocolFamily family) throws Exception {
        assumeSources();
        Where where = Where.of(family);
        Member member = new Member();
        KQueueDatagramChannel channel = open(family, member, 0, where);
        KQueueDatagramChannel sender = open(family, new Member(), 0, where);
        int port = channel.localAddress().getPort();
        InetAddress joined = where.group(3);
        assertThat(channel.block(joined, where.networkInterface(), where.address())
                        .await()
                        .cause())
                .as("not a member")
                .isInstanceOf(KQueueIoException.class);

        channel.joinGroup(joined, where.networkInterface(), null).sync();
        send(sender, joined, port, "before");
        assertThat(member.next()).isEqualTo("before");
        channel.block(joined, where.address()).sync();
        send(sender, joined, port, "blocked");
        send(sender, where.address(), port, "to the socket");
        assertThat(member.next()).isEqualTo("to the socket");
    }

    @Test
    void anIpv4GroupOnASocketForBothVersions() throws Exception {
        Where where = Where.of(SocketProtocolFamily.INET);
        Member member = new Member();
        KQueueDatagramChannel channel = open(SocketProtocolFamily.INET6, member, 0, where);
        KQueueDatagramChannel sender = open(SocketProtocolFamily.INET6, new Member(), 0, where);
        int port = channel.localAddress().getPort();
        channel.joinGroup(where.group(4)).sync();
        send(sender, where.group(4), port, "mapped");
        assertThat(member.next()).isEqualTo("mapped");
        channel.leaveGroup(where.group(4)).sync();
        send(sender, where.group(4), port, "to nobody");
        send(sender, where.address(), port, "to the socket");
        assertThat(member.next()).isEqualTo("to the socket");
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void groupsOfOthersAreNotReceived(SocketProtocolFamily family) throws Exception {
        Where where = Where.of(family);
        Member member = new Member();
        KQueueDatagramChannel channel = open(family, member, 0, where);
        int port = channel.localAddress().getPort();
        Member other = new Member();
        KQueueDatagramChannel outsider = open(family, other, port, where);
        KQueueDatagramChannel sender = open(family, new Member(), 0, where);
        channel.joinGroup(where.group(5)).sync();
        outsider.joinGroup(where.group(6)).sync();
        send(sender, where.group(5), port, "to the group");
        send(sender, where.group(6), port, "to the other group");
        assertThat(member.next()).isEqualTo("to the group");
        assertThat(other.next()).isEqualTo("to the other group");
        assertThat(member.received).isEmpty();
        assertThat(other.received).isEmpty();
    }

    @Test
    void withoutLoopbackNothingComesBack() throws Exception {
        Where where = Where.of(SocketProtocolFamily.INET);
        Member member = new Member();
        KQueueDatagramChannel channel = open(SocketProtocolFamily.INET, member, 0, where);
        KQueueDatagramChannel sender = open(SocketProtocolFamily.INET, new Member(), 0, where);
        int port = channel.localAddress().getPort();
        channel.joinGroup(where.group(7)).sync();
        sender.config().setLoopbackModeDisabled(true);
        send(sender, where.group(7), port, "away");
        sender.config().setLoopbackModeDisabled(false);
        send(sender, where.group(7), port, "and back");
        assertThat(member.next()).isEqualTo("and back");
    }

    @Test
    void whatIsNoGroup() throws Exception {
        Where where = Where.of(SocketProtocolFamily.INET);
        KQueueDatagramChannel channel = open(SocketProtocolFamily.INET, new Member(), 0, where);
        assertThat(channel.joinGroup(where.address()).await().cause()).isInstanceOf(IllegalArgumentException.class);
        assertThat(channel.joinGroup(InetAddress.getByName("ff02::1")).await().cause())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.joinGroup(new InetSocketAddress(where.group(1), 1), null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> channel.block(where.group(1), null)).isInstanceOf(NullPointerException.class);
        channel.close().sync();
        assertThat(channel.joinGroup(where.group(1), where.networkInterface(), null)
                        .await()
                        .cause())
                .isInstanceOf(ClosedChannelException.class);
    }
}
