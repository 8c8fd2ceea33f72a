// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A connection over loopback, or through a UNIX domain socket, between a subject and its peer, both active when it is handed out. */
public final class Link implements AutoCloseable {

    private final Channel listener;
    private final DuplexChannel subject;
    private final DuplexChannel peer;

    private final Recorder subjectEvents;
    private final Recorder peerEvents;
    private final Builder builder;

    private Link(Builder builder, Channel listener, DuplexChannel subject, DuplexChannel peer) {
        this.builder = builder;
        this.listener = listener;
        this.subject = subject;
        this.peer = peer;
        subjectEvents = builder.subjectEvents;
        peerEvents = builder.peerEvents;
    }

    /** A connection with a plain {@link Recorder} at both ends. */
    public static Link open(Pairing pairing) throws Exception {
        return on(pairing).open();
    }

    /** A connection still to be configured. */
    public static Builder on(Pairing pairing) {
        return new Builder(pairing);
    }

    /** 127.0.0.1 and a port that the kernel picks. */
    public static InetSocketAddress loopback() {
        return new InetSocketAddress(ipv4Loopback(), 0);
    }

    /** 127.0.0.1, whatever the JVM prefers. */
    public static InetAddress ipv4Loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e); // four bytes are always an address
        }
    }

    /** Waits for {@code future} and throws its cause if it fails. */
    public static Channel sync(ChannelFuture future) throws InterruptedException {
        if (!future.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("not done within " + Recorder.TIMEOUT_SECONDS + " s: " + future);
        }
        return future.sync().channel();
    }

    public DuplexChannel subject() {
        return subject;
    }

    public DuplexChannel peer() {
        return peer;
    }

    /** The subject of a connection over loopback. */
    public SocketChannel tcpSubject() {
        return (SocketChannel) subject;
    }

    /** The peer of a connection over loopback. */
    public SocketChannel tcpPeer() {
        return (SocketChannel) peer;
    }

    /** What the subject's pipeline has seen. */
    public Recorder subjectEvents() {
        return subjectEvents;
    }

    /** What the peer's pipeline has seen. */
    public Recorder peerEvents() {
        return peerEvents;
    }

    /** One more connection to the same listener, with the same options. */
    public Further connectAgain() throws InterruptedException {
        return builder.connect(listener, new Recorder());
    }

    @Override
    public void close() throws InterruptedException {
        for (Channel channel : new Channel[] {peer, subject, listener}) {
            // A closed one may have a loop that has ended, and would refuse to be asked.
            if (channel.isOpen()) {
                sync(channel.close());
            }
        }
    }

    /** A further connection of the same two transports. */
    public static final class Further implements AutoCloseable {

        private final DuplexChannel accepted;
        private final DuplexChannel connected;

        private Further(DuplexChannel accepted, DuplexChannel connected) {
            this.accepted = accepted;
            this.connected = connected;
        }

        public DuplexChannel accepted() {
            return accepted;
        }

        @Override
        public void close() throws InterruptedException {
            sync(accepted.close());
            sync(connected.close());
        }
    }

    /** What to set before the connection is made. */
    public static final class Builder {

        private final Pairing pairing;
        private final Map<ChannelOption<?>, Object> subjectOptions = new LinkedHashMap<>();
        private final Map<ChannelOption<?>, Object> peerOptions = new LinkedHashMap<>();
        private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        private Recorder subjectEvents = new Recorder();
        private Recorder peerEvents = new Recorder();
        private EventLoopGroup subjectGroup;
        private SocketAddress bindAddress;

        private Builder(Pairing pairing) {
            this.pairing = pairing;
            this.subjectGroup = Transports.sharedGroup(pairing.subject());
            this.bindAddress = pairing.server().endpoints().fresh();
        }

        public <T> Builder subjectOption(ChannelOption<T> option, T value) {
            subjectOptions.put(option, value);
            return this;
        }

        public <T> Builder peerOption(ChannelOption<T> option, T value) {
            peerOptions.put(option, value);
            return this;
        }

        public Builder subjectEvents(Recorder recorder) {
            subjectEvents = recorder;
            return this;
        }

        public Builder peerEvents(Recorder recorder) {
            peerEvents = recorder;
            return this;
        }

        /** The loops of the subject, instead of the shared ones. */
        public Builder subjectGroup(EventLoopGroup group) {
            subjectGroup = group;
            return this;
        }

        public Builder bind(SocketAddress address) {
            bindAddress = address;
            return this;
        }

        public Link open() throws Exception {
            ServerBootstrap server = new ServerBootstrap()
                    .group(pairing.accepted() ? subjectGroup : Transports.sharedGroup(pairing.peer()))
                    .channel(pairing.server().serverChannel())
                    .childHandler(new Arrival(accepted, pairing.accepted() ? subjectEvents : peerEvents));
            set(pairing.accepted() ? subjectOptions : peerOptions, server::childOption);
            Channel listener = sync(server.bind(bindAddress));
            Further first = connect(listener, pairing.accepted() ? peerEvents : subjectEvents);
            return pairing.accepted()
                    ? new Link(this, listener, first.accepted, first.connected)
                    : new Link(this, listener, first.connected, first.accepted);
        }

        private Further connect(Channel listener, Recorder events) throws InterruptedException {
            Bootstrap client = new Bootstrap()
                    .group(pairing.accepted() ? Transports.sharedGroup(pairing.peer()) : subjectGroup)
                    .channel(pairing.client().socketChannel())
                    .handler(events);
            set(pairing.accepted() ? peerOptions : subjectOptions, client::option);
            SocketAddress address = pairing.client().endpoints().reachable(listener.localAddress());
            DuplexChannel connected = (DuplexChannel) sync(client.connect(address));
            DuplexChannel arrived = (DuplexChannel) accepted.poll(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (arrived == null) {
                throw new AssertionError("connected, but nothing was accepted: " + connected);
            }
            return new Further(arrived, connected);
        }

        @SuppressWarnings("unchecked")
        private static void set(Map<ChannelOption<?>, Object> options, Setter setter) {
            options.forEach((option, value) -> setter.set((ChannelOption<Object>) option, value));
        }

        private interface Setter {
            void set(ChannelOption<Object> option, Object value);
        }
    }

    /** Hands accepted channels out once they are active, the first with the recorder it was given. */
    private static final class Arrival extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<Channel> accepted;
        private final AtomicReference<Recorder> first;

        Arrival(BlockingQueue<Channel> accepted, Recorder recorder) {
            this.accepted = accepted;
            first = new AtomicReference<>(recorder);
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            Recorder recorder = first.getAndSet(null);
            ctx.pipeline().addLast(recorder == null ? new Recorder() : recorder);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) throws Exception {
            super.channelActive(ctx);
            accepted.add(ctx.channel());
        }
    }
}
