// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.AddressScratch;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A {@link ServerSocketChannel} on kqueue. */
public final class KQueueServerSocketChannel extends AbstractKQueueServerChannel implements ServerSocketChannel {

    private final KQueueServerSocketChannelConfig config;

    /**
     * A listening socket for both IPv4 and IPv6, or for IPv4 alone where the system has no IPv6 or
     * {@code java.net.preferIPv4Stack} is set.
     *
     * @throws ChannelException when the socket cannot be made
     */
    public KQueueServerSocketChannel() {
        this(NativeSockets.newStream(null), false);
    }

    /**
     * A listening socket for one protocol family.
     *
     * @throws ChannelException when the socket cannot be made
     */
    public KQueueServerSocketChannel(SocketProtocolFamily family) {
        this(NativeSockets.newStream(family), false);
    }

    /**
     * Takes over a socket that is bound and listens. It is closed with this channel.
     *
     * @throws ChannelException when the descriptor is not a socket
     */
    public KQueueServerSocketChannel(int fd) {
        this(NativeSockets.adopt(fd), true);
    }

    KQueueServerSocketChannel(NativeSocket socket, boolean adopted) {
        super(socket, adopted && hasNoError(socket));
        config = new KQueueServerSocketChannelConfig(this);
    }

    @Override
    public KQueueServerSocketChannelConfig config() {
        return config;
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
    protected void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        config.prepareForAccept();
        socket.listen(config.getBacklog());
        config.afterListen();
        active = true;
    }

    @Override
    Channel newChildChannel(NativeSocket connection, AddressScratch peer) {
        return new KQueueSocketChannel(this, connection, peer.raw());
    }
}
