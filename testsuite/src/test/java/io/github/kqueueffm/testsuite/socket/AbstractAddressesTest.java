// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who a channel says it is, and who it says it talks to. */
abstract class AbstractAddressesTest implements Pairings {

    private static InetAddress ipv6Loopback() throws IOException {
        byte[] bytes = new byte[16];
        bytes[15] = 1;
        InetAddress address = InetAddress.getByAddress(bytes);
        boolean usable;
        try (ServerSocket probe = new ServerSocket(0, 1, address)) {
            usable = probe.isBound();
        } catch (IOException e) {
            usable = false;
        }
        assumeTrue(usable, "no IPv6 here");
        return address;
    }

    private static void assertMirrored(Link link, Class<? extends InetAddress> family) {
        for (SocketChannel channel : new SocketChannel[] {link.tcpSubject(), link.tcpPeer()}) {
            assertThat(channel.localAddress().getAddress()).isInstanceOf(family);
            assertThat(channel.localAddress().getAddress().isAnyLocalAddress()).isFalse();
            assertThat(channel.localAddress().getPort()).isPositive();
        }
        assertThat(link.tcpSubject().remoteAddress()).isEqualTo(link.tcpPeer().localAddress());
        assertThat(link.tcpPeer().remoteAddress()).isEqualTo(link.tcpSubject().localAddress());
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void ipv4(Pairing pairing) throws Exception {
        try (Link link = Link.open(pairing)) {
            assertMirrored(link, Inet4Address.class);
            assertThat(link.tcpSubject().localAddress().getAddress()).isEqualTo(Link.ipv4Loopback());
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void ipv6(Pairing pairing) throws Exception {
        InetAddress loopback = ipv6Loopback();
        try (Link link =
                Link.on(pairing).bind(new InetSocketAddress(loopback, 0)).open()) {
            assertMirrored(link, Inet6Address.class);
            assertThat(link.tcpSubject().localAddress().getAddress()).isEqualTo(loopback);
        }
    }

    /** The listener takes both families, and a connection by IPv4 has IPv4 addresses, mapped though they are inside. */
    @ParameterizedTest
    @MethodSource("pairings")
    void ipv4OnAListenerForEverything(Pairing pairing) throws Exception {
        try (Link link = Link.on(pairing).bind(new InetSocketAddress(0)).open()) {
            assertMirrored(link, Inet4Address.class);
            assertThat(link.tcpSubject().localAddress().getAddress()).isEqualTo(Link.ipv4Loopback());
            assertThat(link.tcpSubject().remoteAddress().getAddress()).isEqualTo(Link.ipv4Loopback());
        }
    }

    @Test
    void ipv6OnAListenerForEverything() throws Exception {
        InetAddress loopback = ipv6Loopback();
        Channel listener = listen(new InetSocketAddress(0));
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        SocketChannel channel = connect(new InetSocketAddress(loopback, port));
        assertThat(channel.localAddress().getAddress()).isEqualTo(loopback);
        assertThat(channel.remoteAddress()).isEqualTo(new InetSocketAddress(loopback, port));
        sync(channel.close());
        sync(listener.close());
    }

    /** A link-local address is nothing without its scope. */
    @Test
    void linkLocal() throws Exception {
        Inet6Address address = linkLocalAddress();
        Channel listener = listen(new InetSocketAddress(address, 0));
        assertThat(((InetSocketAddress) listener.localAddress()).getAddress()).isEqualTo(address);
        assertThat(((Inet6Address) ((InetSocketAddress) listener.localAddress()).getAddress()).getScopeId())
                .isEqualTo(address.getScopeId());
        SocketChannel channel = connect(listener.localAddress());
        assertThat(channel.remoteAddress()).isEqualTo(listener.localAddress());
        assertThat(((Inet6Address) channel.localAddress().getAddress()).getScopeId())
                .isEqualTo(address.getScopeId());
        sync(channel.close());
        sync(listener.close());
    }

    private static Inet6Address linkLocalAddress() throws IOException {
        for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(network.getInetAddresses())) {
                if (address instanceof Inet6Address && address.isLinkLocalAddress() && network.isUp()) {
                    return (Inet6Address) address;
                }
            }
        }
        assumeTrue(false, "no interface has a link-local address");
        throw new AssertionError();
    }

    @Test
    void listenersHaveALocalAddressOnly() throws Exception {
        Channel listener = listen(new InetSocketAddress(Link.ipv4Loopback(), 0));
        InetSocketAddress local = (InetSocketAddress) listener.localAddress();
        assertThat(local.getAddress()).isEqualTo(Link.ipv4Loopback());
        assertThat(local.getPort()).isPositive();
        assertThat(listener.remoteAddress()).isNull();
        sync(listener.close());
        assertThat(listener.localAddress()).isEqualTo(local);
    }

    @Test
    void aListenerForEverythingSaysSo() throws Exception {
        Channel listener = listen(new InetSocketAddress(0));
        InetSocketAddress local = (InetSocketAddress) listener.localAddress();
        assertThat(local.getAddress().isAnyLocalAddress()).isTrue();
        assertThat(local.getPort()).isPositive();
        sync(listener.close());
    }

    /** An accepted channel on a wildcard listener asks its socket, not its listener, for the address. */
    @ParameterizedTest
    @MethodSource("pairings")
    void areKeptAfterTheClose(Pairing pairing) throws Exception {
        SocketChannel subject;
        SocketAddress local;
        SocketAddress remote;
        try (Link link = Link.on(pairing).bind(new InetSocketAddress(0)).open()) {
            subject = link.tcpSubject();
            local = subject.localAddress();
            remote = subject.remoteAddress();
        }
        assertThat(local).isNotNull();
        assertThat(subject.localAddress()).isEqualTo(local);
        assertThat(subject.remoteAddress()).isEqualTo(remote);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void areThereInChannelActiveAndInactive(Pairing pairing) throws Exception {
        SocketAddress[] seen = new SocketAddress[4];
        Recorder looking = new Recorder() {
            @Override
            public void channelActive(io.netty.channel.ChannelHandlerContext ctx) throws Exception {
                seen[0] = ctx.channel().localAddress();
                seen[1] = ctx.channel().remoteAddress();
                super.channelActive(ctx);
            }

            @Override
            public void channelInactive(io.netty.channel.ChannelHandlerContext ctx) throws Exception {
                seen[2] = ctx.channel().localAddress();
                seen[3] = ctx.channel().remoteAddress();
                super.channelInactive(ctx);
            }
        };
        try (Link link = Link.on(pairing).subjectEvents(looking).open()) {
            sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1])));
            link.subjectEvents().awaitBytes(1);
            sync(link.peer().close());
            link.subjectEvents().await(Event.INACTIVE);
        }
        assertThat(seen).doesNotContainNull();
        assertThat(seen[2]).isEqualTo(seen[0]);
        assertThat(seen[3]).isEqualTo(seen[1]);
    }

    @Test
    void areUnknownBeforeAnythingIsBoundOrConnected() throws Exception {
        Channel channel = sync(new Bootstrap()
                .group(Transports.sharedGroup(transport()))
                .channel(transport().socketChannel())
                .handler(new Recorder())
                .register());
        assertThat(channel.remoteAddress()).isNull();
        sync(channel.close());
    }

    private Channel listen(SocketAddress address) throws InterruptedException {
        return sync(new ServerBootstrap()
                .group(Transports.sharedGroup(transport()))
                .channel(transport().serverChannel())
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(address));
    }

    private SocketChannel connect(SocketAddress address) throws InterruptedException {
        return (SocketChannel) sync(new Bootstrap()
                .group(Transports.sharedGroup(transport()))
                .channel(transport().socketChannel())
                .handler(new Recorder())
                .connect(address));
    }
}
