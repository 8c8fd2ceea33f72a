// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.DatagramBuffers;
import io.github.kqueueffm.internal.channel.DatagramMessages;
import io.github.kqueueffm.internal.channel.DatagramWriter;
import io.github.kqueueffm.internal.channel.OutboundBuffers;
import io.github.kqueueffm.internal.channel.ReceiveHandle;
import io.github.kqueueffm.internal.engine.Knote;
import io.github.kqueueffm.internal.engine.LoopCounter;
import io.github.kqueueffm.internal.engine.Registration;
import io.github.kqueueffm.internal.socket.Buffers;
import io.github.kqueueffm.internal.socket.DatagramCalls;
import io.github.kqueueffm.internal.socket.LoopMemory;
import io.github.kqueueffm.internal.socket.MessageArray;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.EmptyByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A channel of datagrams. */
abstract class AbstractKQueueDatagramChannel extends AbstractKQueueChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);

    /** A batch grows by this when it was full, within one read. */
    private static final int GROWTH = 4;

    private final DatagramCalls calls;
    private final DatagramBuffers buffers;
    private final DatagramWriter writer;
    private final boolean availableIsExact;

    private volatile boolean connected;

    /** Where the socket was bound before it was connected; null if it was not. */
    private @Nullable SocketAddress bound;

    /** @param adopted whether the socket comes from elsewhere: it may be bound and connected already */
    AbstractKQueueDatagramChannel(NativeSocket socket, boolean adopted, DatagramMessages messages) {
        super(null, socket, adopted && hasNoError(socket));
        calls = new DatagramCalls(socket);
        buffers = new DatagramBuffers(socket.binding().syscalls());
        writer = new DatagramWriter(socket.binding(), calls, messages, this::failed);
        availableIsExact = socket.binding().platform().traits().datagramAvailableCountsAddress();
        connected = adopted && hasPeer(socket);
    }

    private static boolean hasPeer(NativeSocket socket) {
        try {
            return socket.remoteAddress() != null;
        } catch (IOException e) {
            throw new ChannelException("the descriptor " + socket.intValue() + " is not a usable socket", e);
        }
    }

    /** Whether DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION is set. */
    abstract boolean isActiveOnRegistration();

    /**
     * The message for a datagram that was received.
     *
     * @param content the payload, whose owner the message becomes
     * @param from holds the address of the sender
     * @param index of the datagram in {@code from}
     */
    abstract Object inbound(ByteBuf content, DatagramCalls calls, MessageArray from, int index);

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    /** Open, and bound or connected, or registered where DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION says that this is enough. */
    @Override
    public boolean isActive() {
        return active || isActiveOnRegistration() && isRegistered() && isOpen();
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    boolean canConnectAgain() {
        // The kernels let a datagram socket change its peer (connect(2)), and so do Netty's native transports.
        return true;
    }

    @Override
    boolean canRead() {
        // A datagram socket has no connect under way whose error a read could use up.
        return isOpen();
    }

    @Override
    void watchForEof(Registration knotes) {
        // Datagrams have no end.
    }

    @Override
    protected AbstractKQueueUnsafe newUnsafe() {
        return new DatagramUnsafe();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return connected ? super.remoteAddress0() : null;
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        bound = super.localAddress0();
        active = true;
    }

    @Override
    boolean doConnect(SocketAddress remoteAddress, @Nullable SocketAddress localAddress) throws Exception {
        boolean done = super.doConnect(remoteAddress, localAddress);
        connected = true;
        return done;
    }

    /** The channel stays bound, and active, as one of NIO does. */
    @Override
    protected void doDisconnect() throws Exception {
        if (!connected) {
            return;
        }
        SocketAddress before = socket.localAddress();
        calls.disconnect();
        connected = false;
        setAddresses(null, null);
        SocketAddress after = socket.localAddress();
        if (before != null && after == null) {
            // If the port is taken by now, this fails, and the next datagram gets the socket another one.
            socket.bind(addressAfterDisconnect(bound, before));
            after = socket.localAddress();
        }
        setAddresses(after, null);
    }

    /**
     * The address to bind to after a disconnect that has taken the socket's address away: Linux gives a port that it had chosen
     * itself back then (__udp_disconnect, SOCK_BINDPORT_LOCK), which nobody expects who has told the port to others.
     *
     * @param bound what the socket was bound to before it was connected, {@code null} if it was not
     * @param connected its address while it was connected
     */
    SocketAddress addressAfterDisconnect(@Nullable SocketAddress bound, SocketAddress connected) {
        return bound == null ? connected : bound;
    }

    @Override
    protected void doDeregister() {
        super.doDeregister();
        buffers.release();
    }

    @Override
    protected void doClose() throws Exception {
        connected = false;
        buffers.release();
        super.doClose();
    }

    /** Whether a datagram can be addressed so; throws if it is of the right kind and yet no use. */
    abstract boolean isRecipient(SocketAddress address);

    /** The message that is this channel's own, and the class of addresses that it has: named where another is refused. */
    abstract Class<?> packetType();

    abstract Class<?> addressType();

    @Override
    protected final Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return sendable((ByteBuf) message);
        }
        // One that is to be sent as many datagrams, which no system but Linux can do, and we do not.
        if (message instanceof AddressedEnvelope && !(message instanceof SegmentedDatagramPacket)) {
            AddressedEnvelope<?, ?> envelope = (AddressedEnvelope<?, ?>) message;
            SocketAddress recipient = envelope.recipient();
            if ((recipient == null || isRecipient(recipient)) && envelope.content() instanceof ByteBuf) {
                ByteBuf content = (ByteBuf) envelope.content();
                return needsCopy(content) ? copied(envelope, content) : envelope;
            }
        }
        throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(message)
                + " (expected: " + StringUtil.simpleClassName(packetType()) + ", "
                + StringUtil.simpleClassName(AddressedEnvelope.class) + '<'
                + StringUtil.simpleClassName(ByteBuf.class) + ", "
                + StringUtil.simpleClassName(addressType()) + ">, "
                + StringUtil.simpleClassName(ByteBuf.class) + ')');
    }

    private Object copied(AddressedEnvelope<?, ?> envelope, ByteBuf content) {
        SocketAddress recipient = envelope.recipient();
        ByteBuf copy = OutboundBuffers.toDirect(envelope, content, alloc());
        // A bare buffer is for the connected peer too, and an envelope would have to have some address.
        return recipient == null ? sendable(copy) : new DefaultAddressedEnvelope<>(copy, recipient);
    }

    /** {@code message} as the kernel can send it: itself, or a direct copy, and then it is released. */
    private ByteBuf sendable(ByteBuf message) {
        ByteBuf buffer = needsCopy(message) ? OutboundBuffers.toDirect(message, alloc()) : message;
        // A cancelled write leaves this constant in the outbound buffer: an empty datagram must not look like one.
        return buffer == Unpooled.EMPTY_BUFFER ? new EmptyByteBuf(alloc()) : buffer;
    }

    /** Whether a payload is in memory that the kernel cannot read, or in more parts than one call takes. */
    private boolean needsCopy(ByteBuf content) {
        return Buffers.needsCopy(content, socket.binding().platform().traits().iovMax());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        LoopMemory memory = loopMemory();
        if (memory == null) {
            // On its way from one event loop to another: the next one flushes when it finds the socket writable.
            armWrite();
            return;
        }
        written(writer.write(in, maxMessagesPerWrite(), connected, connected ? remoteAddress() : null, memory));
    }

    private final class DatagramUnsafe extends AbstractKQueueUnsafe {

        /** Datagrams that the last read found. */
        private int expected = 1;

        /** The last read ended with an error and found no datagram. */
        private boolean failedBefore;

        @Override
        void readReady(Knote reader) {
            Registration knotes = knotes();
            LoopMemory memory = loopMemory();
            if (knotes == null || memory == null || !knotes.isReading()) {
                return;
            }
            ChannelConfig config = config();
            ReceiveHandle handle = receiveHandle();
            handle.reset(config);
            ChannelPipeline pipeline = pipeline();
            Throwable failure = null;
            boolean left;
            try {
                left = readLoop(reader, handle, config, memory.received());
                failedBefore = false;
            } catch (Throwable t) {
                failed(t);
                failure = t;
                // A pending error is told by one call and then gone; what waits behind it has had its edge. But an
                // error that stays must not be asked for again and again: the next one, or the next datagram, is an
                // edge.
                left = !failedBefore;
                if (failedBefore) {
                    reader.exhausted();
                }
                failedBefore = true;
            }
            try {
                handle.readComplete();
                pipeline.fireChannelReadComplete();
                if (failure != null) {
                    pipeline.fireExceptionCaught(failure);
                }
            } finally {
                if (shouldStopReading(config)) {
                    stopReading();
                }
                if (left) {
                    readAgain();
                }
            }
        }

        /** An edge is told once: what the loop left must be asked for without the kernel's help. */
        private void readAgain() {
            Registration knotes = knotes();
            if (knotes != null && knotes.isReading()) {
                knotes.readAgain();
            }
        }

        /** @return whether there may be more */
        private boolean readLoop(Knote reader, ReceiveHandle handle, ChannelConfig config, MessageArray array)
                throws Exception {
            ByteBufAllocator allocator = config.getAllocator();
            // One more than is expected, so that a batch that is not filled tells that this was all. Where the amount
            // tells it, there is no need to.
            int wanted = availableIsExact ? Math.max(1, expected) : Math.max(2, expected + 1);
            int found = 0;
            boolean more;
            try {
                do {
                    int asked = Math.min(wanted, Math.min(allowed(config, found), array.capacity()));
                    int count = buffers.receive(calls, array, asked, handle, allocator);
                    if (count == -errno.EAGAIN()) {
                        count(LoopCounter.EAGAINS);
                        handle.lastBytesRead(-1);
                        reader.exhausted();
                        return false;
                    }
                    if (count < 0) {
                        throw calls.failure("recvmsg", -count, connected);
                    }
                    // The kernel may turn out to lack the call for many.
                    asked = Math.min(asked, array.capacity());
                    found += count;
                    more = account(reader, array, count, asked);
                    handle.moreData(more);
                    if (!more) {
                        count(LoopCounter.READS_SAVED);
                    }
                    deliver(array, count, handle);
                    buffers.keep(asked);
                    wanted = asked * GROWTH;
                } while (isOpen() && handle.continueReading());
                return more;
            } finally {
                expected = found;
                failedBefore &= found == 0;
                buffers.keep(isOpen() && knotes() != null ? found + 1 : 0);
            }
        }

        /** How many datagrams the handle is sure to let this read take now: none is taken that could not be handed on. */
        private int allowed(ChannelConfig config, int found) {
            RecvByteBufAllocator allocator = config.getRecvByteBufAllocator();
            if (config.isAutoRead() && allocator instanceof MaxMessagesRecvByteBufAllocator) {
                return Math.max(1, ((MaxMessagesRecvByteBufAllocator) allocator).maxMessagesPerRead() - found);
            }
            return 1;
        }

        /** @return whether there may be more than the {@code count} datagrams in {@code array} */
        private boolean account(Knote reader, MessageArray array, int count, int asked) {
            if (calls.isErrorPending()) {
                return true;
            }
            if (count < asked) {
                reader.exhausted();
                return false;
            }
            if (!availableIsExact) {
                // An empty datagram does not show in an amount of bytes: none left does not mean no datagrams left.
                return true;
            }
            for (int i = 0; i < count; i++) {
                reader.consumed(array.length(i) + array.nameLength(i));
            }
            return reader.available() != 0;
        }

        private void deliver(MessageArray array, int count, ReceiveHandle handle) {
            // A handler may close the channel, and with it the buffers.
            for (int i = 0; i < count && isOpen(); i++) {
                int length = array.length(i);
                handle.attemptedBytesRead(buffers.room(i));
                // 0 would be the end of a stream to the handle.
                handle.lastBytesRead(Math.max(1, length));
                handle.incMessagesRead(1);
                readPending = false;
                pipeline().fireChannelRead(inbound(buffers.take(i, length), calls, array, i));
            }
        }
    }
}
