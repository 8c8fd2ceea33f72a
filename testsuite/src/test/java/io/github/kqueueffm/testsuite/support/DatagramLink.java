// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import static io.github.kqueueffm.testsuite.support.Link.sync;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two bound datagram channels that can reach each other, and perhaps more of the peer's kind. */
public final class DatagramLink implements AutoCloseable {

    private final DatagramPairing pairing;
    private final List<Channel> channels = new ArrayList<>();
    private final PacketRecorder subjectEvents = new PacketRecorder();
    private final PacketRecorder peerEvents = new PacketRecorder();
    private final Channel subject;
    private final Channel peer;

    private DatagramLink(DatagramPairing pairing, Map<ChannelOption<?>, Object> subjectOptions)
            throws InterruptedException {
        this.pairing = pairing;
        subject = bind(pairing.subject(), subjectEvents, subjectOptions);
        peer = bind(pairing.peer(), peerEvents, Map.of());
    }

    public static DatagramLink open(DatagramPairing pairing) throws InterruptedException {
        return on(pairing).open();
    }

    /** A pair still to be configured. */
    public static Builder on(DatagramPairing pairing) {
        return new Builder(pairing);
    }

    /** A registered channel that is neither bound nor connected. */
    public static Channel register(DatagramSockets kind, PacketRecorder events) throws InterruptedException {
        return sync(bootstrap(kind, events, Map.of()).register());
    }

    private Channel bind(DatagramSockets kind, PacketRecorder events, Map<ChannelOption<?>, Object> options)
            throws InterruptedException {
        Channel channel = sync(bootstrap(kind, events, options).bind(kind.fresh()));
        channels.add(channel);
        return channel;
    }

    @SuppressWarnings("unchecked")
    private static Bootstrap bootstrap(
            DatagramSockets kind, PacketRecorder events, Map<ChannelOption<?>, Object> options) {
        Bootstrap bootstrap = new Bootstrap()
                .group(Transports.sharedGroup(kind.transport()))
                .channelFactory(kind::newChannel)
                .handler(events);
        options.forEach((option, value) -> bootstrap.option((ChannelOption<Object>) option, value));
        return bootstrap;
    }

    public Channel subject() {
        return subject;
    }

    public Channel peer() {
        return peer;
    }

    /** What the subject's pipeline has seen. */
    public PacketRecorder subjectEvents() {
        return subjectEvents;
    }

    /** What the peer's pipeline has seen. */
    public PacketRecorder peerEvents() {
        return peerEvents;
    }

    /** One more bound channel of the peer's kind. */
    public Channel stranger(PacketRecorder events) throws InterruptedException {
        return bind(pairing.peer(), events, Map.of());
    }

    /** Writes a datagram from the subject to the peer, without a flush. */
    public ChannelFuture write(ByteBuf content) {
        return subject.write(pairing.subject().packet(content, peer.localAddress()));
    }

    /** Sends a datagram from the subject to the peer. */
    public ChannelFuture send(byte[] content) {
        return subject.writeAndFlush(pairing.subject().packet(Unpooled.wrappedBuffer(content), peer.localAddress()));
    }

    /** Sends a datagram from the peer to the subject. */
    public ChannelFuture sendBack(byte[] content) {
        return sendFrom(peer, content);
    }

    /** Sends a datagram from a channel of the peer's kind to the subject. */
    public ChannelFuture sendFrom(Channel channel, byte[] content) {
        return channel.writeAndFlush(pairing.peer().packet(Unpooled.wrappedBuffer(content), subject.localAddress()));
    }

    @Override
    public void close() throws InterruptedException {
        for (Channel channel : channels) {
            sync(channel.close());
        }
    }

    /** What to set before the channels are bound. */
    public static final class Builder {

        private final DatagramPairing pairing;
        private final Map<ChannelOption<?>, Object> subjectOptions = new LinkedHashMap<>();

        private Builder(DatagramPairing pairing) {
            this.pairing = pairing;
        }

        public <T> Builder subjectOption(ChannelOption<T> option, T value) {
            subjectOptions.put(option, value);
            return this;
        }

        public DatagramLink open() throws InterruptedException {
            return new DatagramLink(pairing, subjectOptions);
        }
    }
}
