// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.AddressScratch;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketFile;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServerDomainSocketChannel} on kqueue. The file that bind makes is deleted when the channel is closed, unless something
 * other than a socket has its name by then; that of a socket that was taken over stays.
 */
public final class KQueueServerDomainSocketChannel extends AbstractKQueueServerChannel
        implements ServerDomainSocketChannel {

    private static final InternalLogger LOGGER =
            InternalLoggerFactory.getInstance(KQueueServerDomainSocketChannel.class);

    private final KQueueServerChannelConfig config;

    /** What bind has made a file for, until that is deleted. Event loop's thread. */
    private @Nullable DomainSocketAddress file;

    /** @throws ChannelException when the socket cannot be made */
    public KQueueServerDomainSocketChannel() {
        this(NativeSockets.newStream(SocketProtocolFamily.UNIX), false);
    }

    /**
     * Takes over a socket that is bound and listens. It is closed with this channel.
     *
     * @throws ChannelException when the descriptor is not a socket of the UNIX domain
     */
    public KQueueServerDomainSocketChannel(int fd) {
        this(NativeSockets.adoptUnix(fd), true);
    }

    private KQueueServerDomainSocketChannel(NativeSocket socket, boolean adopted) {
        super(socket, adopted && hasNoError(socket));
        config = new KQueueServerChannelConfig(this);
    }

    @Override
    public KQueueServerChannelConfig config() {
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
    protected @Nullable SocketAddress localAddress0() {
        return UnixAddresses.named(super.localAddress0());
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        file = (DomainSocketAddress) localAddress0();
        // TCP_FASTOPEN, which this channel's config has too, is of no meaning here and not set.
        socket.listen(config.getBacklog());
        active = true;
    }

    @Override
    protected void doClose() throws Exception {
        // Before the close: whoever finds the name gone may take it, and must not lose it to us then.
        deleteFile();
        super.doClose();
    }

    private void deleteFile() {
        DomainSocketAddress name = file;
        if (name == null) {
            return;
        }
        file = null;
        try {
            SocketFile.delete(socket.binding(), name.path());
        } catch (IOException e) {
            LOGGER.warn("{} cannot delete its socket file {}", this, name, e);
        }
    }

    @Override
    Channel newChildChannel(NativeSocket connection, AddressScratch peer) {
        return new KQueueDomainSocketChannel(this, connection, peer.decode());
    }
}
