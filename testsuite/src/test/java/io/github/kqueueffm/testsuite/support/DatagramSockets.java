// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.github.kqueueffm.KQueueDatagramChannel;
import io.github.kqueueffm.KQueueDomainDatagramChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.DomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** The sockets that datagrams go between: of which transport, and of which family. */
public enum DatagramSockets {
    KQUEUE_IPV4(Transports.KQUEUE, () -> new KQueueDatagramChannel(SocketProtocolFamily.INET), "127.0.0.1"),
    KQUEUE_IPV6(Transports.KQUEUE, () -> new KQueueDatagramChannel(SocketProtocolFamily.INET6), "::1"),
    NIO_IPV4(Transports.NIO, () -> new NioDatagramChannel(SocketProtocolFamily.INET), "127.0.0.1"),
    NIO_IPV6(Transports.NIO, () -> new NioDatagramChannel(SocketProtocolFamily.INET6), "::1"),
    /** Datagrams to paths. */
    KQUEUE_UNIX(Transports.KQUEUE, KQueueDomainDatagramChannel::new, "") {
        @Override
        public SocketAddress fresh() {
            return SocketPaths.next();
        }

        @Override
        public Object packet(ByteBuf content, SocketAddress recipient) {
            return new DomainDatagramPacket(content, (DomainSocketAddress) recipient);
        }

        @Override
        public boolean isConnected(Channel channel) {
            return ((DomainDatagramChannel) channel).isConnected();
        }
    };

    private final Transport transport;
    private final Supplier<Channel> factory;
    private final String loopback;

    DatagramSockets(Transport transport, Supplier<Channel> factory, String loopback) {
        this.transport = transport;
        this.factory = factory;
        this.loopback = loopback;
    }

    /** Whose loops run these. */
    public Transport transport() {
        return transport;
    }

    /** Whether this is UDP. */
    public boolean isInet() {
        return this != KQUEUE_UNIX;
    }

    /** Whether this is UDP over IPv6. */
    public boolean isInetOfVersion6() {
        return this == KQUEUE_IPV6 || this == NIO_IPV6;
    }

    /** Whether this machine has the family. */
    public boolean isUsable() {
        if (!isInet()) {
            return true;
        }
        try (DatagramSocket probe = new DatagramSocket(fresh())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** A channel that is not registered. */
    public Channel newChannel() {
        return factory.get();
    }

    /** An address to bind to. */
    public SocketAddress fresh() {
        try {
            return new InetSocketAddress(InetAddress.getByName(loopback), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a literal address is always one
        }
    }

    /** What carries {@code content} to {@code recipient}. */
    public Object packet(ByteBuf content, SocketAddress recipient) {
        return new DatagramPacket(content, (InetSocketAddress) recipient);
    }

    /** Whether {@code channel}, which is of this kind, is connected. */
    public boolean isConnected(Channel channel) {
        return ((DatagramChannel) channel).isConnected();
    }
}
