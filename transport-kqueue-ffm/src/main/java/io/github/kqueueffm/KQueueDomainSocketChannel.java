// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.GatherBudget;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.StreamMessage;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DomainSocketChannel} on kqueue. Addresses are {@link DomainSocketAddress}es; {@link java.net.UnixDomainSocketAddress}
 * is taken too. A socket that was never bound has the empty path as its address once it is connected.
 *
 * <p>A {@link FileDescriptor} of any kind is a message that can be written: it is passed to the peer with one byte of data, and
 * stays the writer's to close. In {@link DomainSocketReadMode#FILE_DESCRIPTORS} the descriptors that a peer passes are read as
 * messages of type {@link FileDescriptor}, which are close-on-exec and otherwise as the peer had them (non-blocking or not). The
 * handler that gets one closes it; one that reaches the end of the pipeline stays open. Bytes that come without a descriptor are
 * dropped in this mode, and descriptors that come with bytes are closed by the kernel in the other.
 */
public final class KQueueDomainSocketChannel extends AbstractKQueueStreamChannel implements DomainSocketChannel {

    private final KQueueDomainSocketChannelConfig config;

    /** What this channel itself was bound to. */
    private volatile @Nullable SocketAddress bound;

    /** Event loop's thread. */
    private boolean stoppedShort;

    /** @throws ChannelException when the socket cannot be made */
    public KQueueDomainSocketChannel() {
        this(NativeSockets.newStream(SocketProtocolFamily.UNIX), false);
    }

    /**
     * Takes over a socket that is connected. It is closed with this channel.
     *
     * @throws ChannelException when the descriptor is not a socket of the UNIX domain
     */
    public KQueueDomainSocketChannel(int fd) {
        this(NativeSockets.adoptUnix(fd), true);
    }

    private KQueueDomainSocketChannel(NativeSocket socket, boolean adopted) {
        super(null, socket, adopted && hasNoError(socket));
        config = new KQueueDomainSocketChannelConfig(this);
    }

    KQueueDomainSocketChannel(
            KQueueServerDomainSocketChannel parent, NativeSocket socket, @Nullable SocketAddress peer) {
        super(parent, socket, true);
        setAddresses(null, UnixAddresses.ofPeer(peer));
        config = new KQueueDomainSocketChannelConfig(this);
    }

    @Override
    public KQueueDomainSocketChannelConfig config() {
        return config;
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
    protected void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        bound = super.localAddress0();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        if (bound != null) {
            return bound;
        }
        if (parent() != null) {
            // A connection has the name of the listener that accepted it.
            SocketAddress listens = parent().localAddress();
            if (listens != null) {
                return listens;
            }
        }
        SocketAddress known = UnixAddresses.named(super.localAddress0());
        // Nobody binds a socket that is connected, so without a name it has none after the close too.
        return known == null && remoteAddress0() != null ? UnixAddresses.UNNAMED : known;
    }

    @Override
    boolean isAllowHalfClosure(ChannelConfig ignored) {
        return config.isAllowHalfClosure();
    }

    @Override
    int receive(long address, int length) {
        StreamMessage message = StreamMessage.ofThread(socket.binding());
        int result = socket.receive(message, address, length);
        stoppedShort = message.hadDescriptors();
        return result;
    }

    @Override
    boolean mayHaveStoppedShort() {
        return stoppedShort;
    }

    @Override
    boolean readsDescriptors() {
        return config.getReadMode() == DomainSocketReadMode.FILE_DESCRIPTORS;
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        return message instanceof FileDescriptor ? message : super.filterOutboundMessage(message);
    }

    /**
     * Who is at the other end. Any thread; makes a system call.
     *
     * @throws java.nio.channels.ClosedChannelException if this channel is closed
     * @throws java.nio.channels.NotYetConnectedException if it is not connected; Linux answers with nobody's ids instead
     * @throws IOException if the system refuses to answer
     */
    public PeerCredentials peerCredentials() throws IOException {
        return new PeerCredentials(socket.peerCredentials());
    }

    @Override
    GatherBudget gatherBudget() {
        return config.gatherBudget();
    }
}
