// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.DatagramCalls;
import io.github.kqueueffm.internal.socket.MessageArray;
import io.github.kqueueffm.internal.socket.MulticastGroups;
import io.github.kqueueffm.internal.socket.MulticastGroups.Change;
import io.github.kqueueffm.internal.socket.MulticastOptions;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.internal.ObjectUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DatagramChannel} on kqueue.
 *
 * <p>It takes {@link DatagramPacket}, any {@link AddressedEnvelope} of a {@link ByteBuf} and an {@link InetSocketAddress}, and,
 * connected, a bare {@link ByteBuf}; empty ones too, each is a datagram of its own. It gives {@link DatagramPacket}s. A
 * datagram that is larger than the buffer it is read into (2048 bytes unless RECVBUF_ALLOCATOR says otherwise) is cut.
 *
 * <p>A datagram that cannot be sent fails its promise and nothing else. As with NIO, a disconnected channel stays bound to its
 * port and active.
 *
 * <p>Groups can be joined, left and blocked from any thread, on a channel that is bound; without a network interface, and
 * without {@link io.netty.channel.ChannelOption#IP_MULTICAST_IF}, the one that has the local address is meant, or the
 * system's choice where the channel is bound to the wildcard. On Linux the channel receives what is sent to groups of its own
 * only, as with NIO. NetBSD, OpenBSD and DragonFly have no groups with sources, and nothing to block: futures fail with an
 * {@link UnsupportedOperationException} there.
 */
public final class KQueueDatagramChannel extends AbstractKQueueDatagramChannel implements DatagramChannel {

    private final KQueueDatagramChannelConfig config;
    private final MulticastOptions multicast;
    private final MulticastGroups groups;

    /**
     * A socket for IPv4 and IPv6, or for IPv4 alone where the system has no IPv6 or {@code java.net.preferIPv4Stack} is set.
     *
     * @throws ChannelException when the socket cannot be made
     */
    public KQueueDatagramChannel() {
        this(NativeSockets.newDatagram(null), false);
    }

    /**
     * A socket of one protocol family.
     *
     * @param family INET or INET6
     * @throws ChannelException when the socket cannot be made
     */
    public KQueueDatagramChannel(SocketProtocolFamily family) {
        this(NativeSockets.newDatagram(internet(family)), false);
    }

    /**
     * A socket of one protocol family.
     *
     * @throws ChannelException when the socket cannot be made
     * @deprecated use {@link #KQueueDatagramChannel(SocketProtocolFamily)}
     */
    @Deprecated
    public KQueueDatagramChannel(InternetProtocolFamily family) {
        this(family.toSocketProtocolFamily());
    }

    /**
     * Takes over a UDP socket, bound or not, connected or not. It is closed with this channel.
     *
     * @throws ChannelException when the descriptor is not a socket
     */
    public KQueueDatagramChannel(int fd) {
        this(NativeSockets.adopt(fd), true);
    }

    KQueueDatagramChannel(NativeSocket socket, boolean adopted) {
        super(socket, adopted, EnvelopeMessages.INSTANCE);
        multicast = new MulticastOptions(socket);
        groups = new MulticastGroups(socket, multicast);
        config = new KQueueDatagramChannelConfig(this, multicast);
    }

    private static SocketProtocolFamily internet(SocketProtocolFamily family) {
        if (family == SocketProtocolFamily.UNIX) {
            throw new IllegalArgumentException("UNIX is not a family of UDP (expected: INET or INET6)");
        }
        return family;
    }

    @Override
    public KQueueDatagramChannelConfig config() {
        return config;
    }

    @Override
    boolean isActiveOnRegistration() {
        return config.isActiveOnRegistration();
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
        InetAddress to = ((InetSocketAddress) address).getAddress();
        if (to.isAnyLocalAddress() || to.isMulticastAddress()) {
            multicast.receiveOwnGroupsOnly();
        }
    }

    /** As with NIO the port stays, also one that the connect has chosen; and the address is the wildcard then. */
    @Override
    SocketAddress addressAfterDisconnect(@Nullable SocketAddress bound, SocketAddress connected) {
        return bound == null ? new InetSocketAddress(((InetSocketAddress) connected).getPort()) : bound;
    }

    @Override
    Object inbound(ByteBuf content, DatagramCalls calls, MessageArray from, int index) {
        return new DatagramPacket(content, localAddress(), (InetSocketAddress) calls.sender(from, index));
    }

    @Override
    boolean isRecipient(SocketAddress address) {
        checkResolved(address);
        return address instanceof InetSocketAddress;
    }

    @Override
    Class<?> packetType() {
        return DatagramPacket.class;
    }

    @Override
    Class<?> addressType() {
        return InetSocketAddress.class;
    }

    @Override
    public ChannelFuture joinGroup(InetAddress multicastAddress) {
        return joinGroup(multicastAddress, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(InetAddress multicastAddress, ChannelPromise promise) {
        return changeOnDefault(Change.JOIN, multicastAddress, null, promise);
    }

    @Override
    public ChannelFuture joinGroup(InetSocketAddress multicastAddress, NetworkInterface networkInterface) {
        return joinGroup(multicastAddress, networkInterface, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(
            InetSocketAddress multicastAddress, NetworkInterface networkInterface, ChannelPromise promise) {
        return joinGroup(multicastAddress.getAddress(), networkInterface, null, promise);
    }

    @Override
    public ChannelFuture joinGroup(
            InetAddress multicastAddress, NetworkInterface networkInterface, @Nullable InetAddress source) {
        return joinGroup(multicastAddress, networkInterface, source, newPromise());
    }

    @Override
    public ChannelFuture joinGroup(
            InetAddress multicastAddress,
            NetworkInterface networkInterface,
            @Nullable InetAddress source,
            ChannelPromise promise) {
        ObjectUtil.checkNotNull(networkInterface, "networkInterface");
        return change(Change.JOIN, multicastAddress, networkInterface, source, promise);
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress multicastAddress) {
        return leaveGroup(multicastAddress, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(InetAddress multicastAddress, ChannelPromise promise) {
        return changeOnDefault(Change.LEAVE, multicastAddress, null, promise);
    }

    @Override
    public ChannelFuture leaveGroup(InetSocketAddress multicastAddress, NetworkInterface networkInterface) {
        return leaveGroup(multicastAddress, networkInterface, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(
            InetSocketAddress multicastAddress, NetworkInterface networkInterface, ChannelPromise promise) {
        return leaveGroup(multicastAddress.getAddress(), networkInterface, null, promise);
    }

    @Override
    public ChannelFuture leaveGroup(
            InetAddress multicastAddress, NetworkInterface networkInterface, @Nullable InetAddress source) {
        return leaveGroup(multicastAddress, networkInterface, source, newPromise());
    }

    @Override
    public ChannelFuture leaveGroup(
            InetAddress multicastAddress,
            NetworkInterface networkInterface,
            @Nullable InetAddress source,
            ChannelPromise promise) {
        ObjectUtil.checkNotNull(networkInterface, "networkInterface");
        return change(Change.LEAVE, multicastAddress, networkInterface, source, promise);
    }

    @Override
    public ChannelFuture block(
            InetAddress multicastAddress, NetworkInterface networkInterface, InetAddress sourceToBlock) {
        return block(multicastAddress, networkInterface, sourceToBlock, newPromise());
    }

    @Override
    public ChannelFuture block(
            InetAddress multicastAddress,
            NetworkInterface networkInterface,
            InetAddress sourceToBlock,
            ChannelPromise promise) {
        ObjectUtil.checkNotNull(networkInterface, "networkInterface");
        ObjectUtil.checkNotNull(sourceToBlock, "sourceToBlock");
        return change(Change.BLOCK, multicastAddress, networkInterface, sourceToBlock, promise);
    }

    @Override
    public ChannelFuture block(InetAddress multicastAddress, InetAddress sourceToBlock) {
        return block(multicastAddress, sourceToBlock, newPromise());
    }

    @Override
    public ChannelFuture block(InetAddress multicastAddress, InetAddress sourceToBlock, ChannelPromise promise) {
        ObjectUtil.checkNotNull(sourceToBlock, "sourceToBlock");
        return changeOnDefault(Change.BLOCK, multicastAddress, sourceToBlock, promise);
    }

    private ChannelFuture changeOnDefault(
            Change change, InetAddress group, @Nullable InetAddress source, ChannelPromise promise) {
        NetworkInterface networkInterface;
        try {
            networkInterface = defaultInterface();
        } catch (IOException | ChannelException e) {
            return promise.setFailure(e);
        }
        return change(change, group, networkInterface, source, promise);
    }

    /** Where a group is looked for when nobody says where; null to leave it to the system. */
    private @Nullable NetworkInterface defaultInterface() throws IOException {
        NetworkInterface chosen = config.getNetworkInterface();
        if (chosen != null) {
            return chosen;
        }
        InetSocketAddress local = localAddress();
        return local == null || local.getAddress().isAnyLocalAddress()
                ? null
                : NetworkInterface.getByInetAddress(local.getAddress());
    }

    private ChannelFuture change(
            Change change,
            InetAddress group,
            @Nullable NetworkInterface networkInterface,
            @Nullable InetAddress source,
            ChannelPromise promise) {
        ObjectUtil.checkNotNull(group, "multicastAddress");
        if (isRegistered() && !eventLoop().inEventLoop()) {
            // After a bind, say, that is on its way there.
            eventLoop().execute(() -> changeNow(change, group, networkInterface, source, promise));
        } else {
            changeNow(change, group, networkInterface, source, promise);
        }
        return promise;
    }

    private void changeNow(
            Change change,
            InetAddress group,
            @Nullable NetworkInterface networkInterface,
            @Nullable InetAddress source,
            ChannelPromise promise) {
        try {
            groups.change(change, group, networkInterface, source);
        } catch (Throwable t) {
            promise.setFailure(t);
            return;
        }
        promise.setSuccess();
    }
}
