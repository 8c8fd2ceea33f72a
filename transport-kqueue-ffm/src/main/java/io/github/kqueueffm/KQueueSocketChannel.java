// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.GatherBudget;
import io.github.kqueueffm.internal.socket.Buffers;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.RawAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A {@link SocketChannel} on kqueue. */
public final class KQueueSocketChannel extends AbstractKQueueStreamChannel implements SocketChannel {

    private final KQueueSocketChannelConfig config;

    /** The peer as accept(2) gave it, decoded when asked for; null for a channel that was not accepted. */
    private final @Nullable RawAddress acceptedFrom;

    /** Bytes of the first message that went with the connect. */
    private int sentEarly;

    private boolean flushAfterConnect;

    /**
     * A socket that connects to IPv4 and IPv6, or to IPv4 alone where the system has no IPv6 or
     * {@code java.net.preferIPv4Stack} is set.
     *
     * @throws ChannelException when the socket cannot be made
     */
    public KQueueSocketChannel() {
        this(NativeSockets.newStream(null), false);
    }

    /**
     * A socket of one protocol family.
     *
     * @throws ChannelException when the socket cannot be made
     */
    public KQueueSocketChannel(SocketProtocolFamily family) {
        this(NativeSockets.newStream(family), false);
    }

    /**
     * Takes over a socket that is connected. It is closed with this channel.
     *
     * @throws ChannelException when the descriptor is not a socket
     */
    public KQueueSocketChannel(int fd) {
        this(NativeSockets.adopt(fd), true);
    }

    KQueueSocketChannel(NativeSocket socket, boolean adopted) {
        super(null, socket, adopted && hasNoError(socket));
        acceptedFrom = null;
        config = new KQueueSocketChannelConfig(this);
        if (!adopted) {
            config.startAsClient();
        }
    }

    KQueueSocketChannel(KQueueServerSocketChannel parent, NativeSocket socket, @Nullable RawAddress acceptedFrom) {
        super(parent, socket, true);
        this.acceptedFrom = acceptedFrom;
        config = new KQueueSocketChannelConfig(this);
        config.startAsAccepted(parent.config());
    }

    @Override
    public KQueueSocketChannelConfig config() {
        return config;
    }

    /**
     * What the kernel tells of this connection now: round-trip time, windows, losses. One system call. Any thread.
     *
     * @throws UnsupportedOperationException if the platform tells nothing (DragonFly)
     * @throws ChannelException if the channel is closed
     */
    public KQueueTcpInfo tcpInfo() {
        return tcpInfo(new KQueueTcpInfo());
    }

    /**
     * The same, put into {@code info} in place of what is there.
     *
     * @return {@code info}
     * @throws UnsupportedOperationException if the platform tells nothing (DragonFly)
     * @throws ChannelException if the channel is closed
     */
    public KQueueTcpInfo tcpInfo(KQueueTcpInfo info) {
        try {
            info.read(socket);
            return info;
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    public @Nullable ServerSocketChannel parent() {
        return (ServerSocketChannel) super.parent();
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return (InetSocketAddress) super.remoteAddress();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        ServerSocketChannel listener = parent();
        InetSocketAddress listens = listener == null ? null : listener.localAddress();
        if (listens != null && !listens.getAddress().isAnyLocalAddress()) {
            // A connection to a listener that is bound to one address has that address.
            return listens;
        }
        return super.localAddress0();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        RawAddress raw = acceptedFrom;
        return raw == null ? super.remoteAddress0() : raw.toInetSocketAddress();
    }

    @Override
    boolean isAllowHalfClosure(ChannelConfig ignored) {
        return config.isAllowHalfClosure();
    }

    @Override
    boolean connectSocket(SocketAddress remoteAddress) throws IOException {
        // What a connect that failed has taken is lost with it.
        sentEarly = 0;
        if (config.isTcpFastOpenConnect() && socket.hasFastOpen()) {
            int taken = connectWithData(remoteAddress);
            if (taken >= 0) {
                sentEarly = taken;
                return false;
            }
        }
        return super.connectSocket(remoteAddress);
    }

    /** @return how much of what was written before the connect has gone with it; -1 if this was no connect */
    private int connectWithData(SocketAddress remoteAddress) throws IOException {
        ChannelOutboundBuffer outbound = unsafe().outboundBuffer();
        if (outbound == null) {
            return -1;
        }
        // Writing before the connect is how the application asks for this; it cannot flush yet.
        outbound.addFlush();
        flushAfterConnect = true;
        Object first = outbound.current();
        if (!(first instanceof ByteBuf) || !((ByteBuf) first).isReadable() || !Buffers.isOnePiece((ByteBuf) first)) {
            return -1;
        }
        ByteBuf buffer = (ByteBuf) first;
        int size = buffer.readableBytes();
        long address = Buffers.address(
                buffer, buffer.readerIndex(), size, socket.binding().syscalls());
        return socket.connectWithData(remoteAddress, address, size);
    }

    @Override
    void afterConnect() {
        if (flushAfterConnect) {
            flushAfterConnect = false;
            ((AbstractKQueueUnsafe) unsafe()).flush0();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        int early = sentEarly;
        if (early > 0) {
            // Not before the connect is done: if it fails, so do these writes.
            sentEarly = 0;
            in.removeBytes(early);
        }
        super.doWrite(in);
    }

    @Override
    GatherBudget gatherBudget() {
        return new GatherBudget() {
            @Override
            public long maxBytesPerGatheringWrite() throws IOException {
                return config.maxBytesPerGatheringWrite();
            }

            @Override
            public void gathered(long attempted, long written) {
                config.adjustMaxBytesPerGatheringWrite(attempted, written);
            }
        };
    }
}
