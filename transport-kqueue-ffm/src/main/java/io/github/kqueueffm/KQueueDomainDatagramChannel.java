// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.DatagramCalls;
import io.github.kqueueffm.internal.socket.MessageArray;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DomainDatagramChannel} on kqueue. It takes {@link DomainDatagramPacket}, any {@link AddressedEnvelope} of a {@link
 * ByteBuf} and a {@link DomainSocketAddress} or {@link UnixDomainSocketAddress}, and, connected, a bare {@link ByteBuf}; empty
 * ones too. It gives {@link DomainDatagramPacket}s; the sender has an empty path if it was not bound.
 *
 * <p>When a receiver has no room, Linux lets the sender wait: the channel is not writable until there is. On macOS and the BSDs
 * the datagram's promise fails with ENOBUFS. The file that bind makes stays after the close, as with Netty's own transports; a
 * bind takes over one that a dead socket has left.
 */
public final class KQueueDomainDatagramChannel extends AbstractKQueueDatagramChannel implements DomainDatagramChannel {

    /** How often a receiver that had no room is tried again, milliseconds. */
    private static final long RETRY_MILLIS = 10;

    private final KQueueDomainDatagramChannelConfig config;
    private final Runnable retry = this::retry;

    /** {@link #retry} is scheduled. Event loop's thread. */
    private boolean retries;

    /** @throws ChannelException when the socket cannot be made */
    public KQueueDomainDatagramChannel() {
        this(NativeSockets.newDatagram(SocketProtocolFamily.UNIX), false);
    }

    /**
     * Takes over a socket for datagrams, bound or not, connected or not. It is closed with this channel.
     *
     * @throws ChannelException when the descriptor is not a socket of the UNIX domain
     */
    public KQueueDomainDatagramChannel(int fd) {
        this(NativeSockets.adoptUnix(fd), true);
    }

    private KQueueDomainDatagramChannel(NativeSocket socket, boolean adopted) {
        super(socket, adopted, EnvelopeMessages.INSTANCE);
        config = new KQueueDomainDatagramChannelConfig(this);
    }

    @Override
    public KQueueDomainDatagramChannelConfig config() {
        return config;
    }

    @Override
    boolean isActiveOnRegistration() {
        return config.isActiveOnRegistration();
    }

    @Override
    public @Nullable DomainSocketAddress localAddress() {
        return (DomainSocketAddress) super.localAddress();
    }

    @Override
    public @Nullable DomainSocketAddress remoteAddress() {
        return (DomainSocketAddress) super.remoteAddress();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return UnixAddresses.named(super.localAddress0());
    }

    /**
     * Who is at the other end. Any thread; makes a system call. Linux knows that of a socket pair only and answers with nobody's
     * ids otherwise; on the BSDs no socket for datagrams has an answer.
     *
     * @throws java.nio.channels.ClosedChannelException if this channel is closed
     * @throws java.nio.channels.NotYetConnectedException if the system does not know
     * @throws IOException if the system refuses to answer
     */
    public PeerCredentials peerCredentials() throws IOException {
        return new PeerCredentials(socket.peerCredentials());
    }

    @Override
    Object inbound(ByteBuf content, DatagramCalls calls, MessageArray from, int index) {
        DomainSocketAddress sender = (DomainSocketAddress) UnixAddresses.ofPeer(calls.sender(from, index));
        return new DomainDatagramPacket(content, localAddress(), sender);
    }

    @Override
    boolean isRecipient(SocketAddress address) {
        return address instanceof DomainSocketAddress || address instanceof UnixDomainSocketAddress;
    }

    @Override
    Class<?> packetType() {
        return DomainDatagramPacket.class;
    }

    @Override
    Class<?> addressType() {
        return DomainSocketAddress.class;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        super.doWrite(in);
        if (isWriteArmed() && !retries) {
            // The WRITE filter tells when this socket's own buffer drains, or its connected peer's. Of another receiver
            // Linux does not tell when it has room again (unix_dgram_poll), unless it takes a datagram of ours.
            retries = true;
            Future<?> unused = eventLoop().schedule(retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void retry() {
        retries = false;
        ((AbstractKQueueUnsafe) unsafe()).flush0();
    }

    @Override
    boolean isFlushInVain() {
        return false;
    }
}
