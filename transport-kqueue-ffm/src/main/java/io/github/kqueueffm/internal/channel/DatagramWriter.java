// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.Buffers;
import io.github.kqueueffm.internal.socket.DatagramCalls;
import io.github.kqueueffm.internal.socket.IovecArray;
import io.github.kqueueffm.internal.socket.LoopMemory;
import io.github.kqueueffm.internal.socket.MessageArray;
import io.github.kqueueffm.internal.sys.Binding;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundBuffer.MessageProcessor;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a channel's outbound buffer, a batch of datagrams a call. A datagram that cannot be sent fails its own promise, and
 * the next ones go on: they may be for other peers (netty/netty#2665). Event loop's thread.
 */
public final class DatagramWriter implements MessageProcessor {

    private final Binding binding;
    private final DatagramCalls calls;
    private final DatagramMessages messages;
    private final Consumer<Throwable> failures;
    private final Errno errno;

    /**
     * The messages of the batch. Also needed after the call: the outbound buffer keeps cancelled messages, of which it tells
     * nothing, between the others.
     */
    private @Nullable Object[] batch = new Object[1];

    private int size;
    private int limit;
    private boolean connected;
    private @Nullable SocketAddress peer;
    private boolean usesIovecs;

    /** Why the first message, which is in {@link #batch} and not counted, cannot be sent at all. */
    private @Nullable Exception refusal;

    private @Nullable LoopMemory memory;

    /** @param failures hears of each datagram that could not be sent */
    public DatagramWriter(
            Binding binding, DatagramCalls calls, DatagramMessages messages, Consumer<Throwable> failures) {
        this.binding = binding;
        this.calls = calls;
        this.messages = messages;
        this.failures = failures;
        errno = binding.platform().errno();
    }

    /**
     * Sends until nothing is left, the socket is full, or {@code most} messages are gone.
     *
     * @param connected whether there is a peer for messages without a recipient
     * @param peer its address, {@code null} if there is none or it has none
     */
    public WriteOutcome write(
            ChannelOutboundBuffer in, int most, boolean connected, @Nullable SocketAddress peer, LoopMemory memory)
            throws Exception {
        this.connected = connected;
        this.peer = peer;
        int left = most;
        while (left > 0) {
            if (in.isEmpty()) {
                return WriteOutcome.DONE;
            }
            int gone = writeBatch(in, left, memory);
            if (gone < 0) {
                return WriteOutcome.SOCKET_FULL;
            }
            left -= gone;
        }
        return in.isEmpty() ? WriteOutcome.DONE : WriteOutcome.SPUN_OUT;
    }

    /** @return number of messages that are gone, sent or failed; -1 when the socket is full */
    private int writeBatch(ChannelOutboundBuffer in, int most, LoopMemory memory) throws Exception {
        try {
            int sent = gatherAndSend(in, most, memory);
            if (size == 0) {
                return refusal == null ? removeCancelled(in) : fail(in, refusal);
            }
            // A message that is refused, if there is one, comes first in the next batch.
            if (sent > 0) {
                return removeSent(in, sent);
            }
            if (sent == -errno.EAGAIN()) {
                return -1;
            }
            // ENOBUFS is no reason to wait: with it the BSDs say that an interface's queue is full, or that of a
            // receiver on this host, of which no filter tells the end (sendto(2), ip(4)). As with NIO and Netty's own
            // transports the datagram is lost, and its promise says so.
            return fail(in, calls.failure("sendmsg", -sent, connected));
        } finally {
            Arrays.fill(batch, 0, Math.max(size, 1), null);
            refusal = null;
        }
    }

    /** After this the arrays of the event loop are free: whoever hears of a promise may write to another channel. */
    private int gatherAndSend(ChannelOutboundBuffer in, int most, LoopMemory memory) throws Exception {
        size = 0;
        usesIovecs = false;
        this.memory = memory;
        MessageArray array = memory.sent();
        limit = Math.min(most, array.capacity());
        try {
            in.forEachFlushedMessage(this);
            return size == 0 ? 0 : calls.send(array, size);
        } finally {
            if (usesIovecs) {
                memory.iovecs().clear();
            }
            this.memory = null;
        }
    }

    /** Adds a message to the batch; not for anybody else to call. */
    @Override
    public boolean processMessage(Object message) {
        LoopMemory current = memory;
        if (size == limit || current == null) {
            return false;
        }
        if (size == batch.length) {
            batch = Arrays.copyOf(batch, size * 2);
        }
        try {
            int nameLength = encodeRecipient(message, current.sent());
            if (nameLength < 0) {
                return refuse(message, calls.failure("sendmsg", -nameLength, connected));
            }
            if (!add(messages.content(message), nameLength, current)) {
                return size == 0 && refuse(message, calls.failure("sendmsg", errno.EMSGSIZE(), connected));
            }
        } catch (RuntimeException e) {
            // Not an address that this socket can send to, no recipient at all, or a buffer that was released.
            return refuse(message, e);
        }
        batch[size++] = message;
        return true;
    }

    private boolean refuse(Object message, Exception cause) {
        if (size == 0) {
            batch[0] = message;
            refusal = cause;
        }
        return false;
    }

    private int encodeRecipient(Object message, MessageArray array) {
        SocketAddress recipient = messages.recipient(message);
        if (recipient == null) {
            if (!connected) {
                throw new NotYetConnectedException();
            }
            return 0;
        }
        // To a connected socket of the BSDs any address is one too many, its peer's too (EISCONN).
        return recipient.equals(peer) ? 0 : calls.name(recipient, array, size);
    }

    private boolean add(ByteBuf content, int nameLength, LoopMemory current) {
        int length = content.readableBytes();
        int index = content.readerIndex();
        if (Buffers.isOnePiece(content)) {
            long address = Buffers.address(content, index, length, binding.syscalls());
            current.sent().send(size, nameLength, address, length);
            return true;
        }
        IovecArray iovecs = current.iovecs();
        if (!usesIovecs) {
            usesIovecs = true;
            iovecs.clear();
        }
        int first = iovecs.count();
        if (!iovecs.add(content, index, length)) {
            // No room left beside the others; alone it fits, as messages of more parts were copied into one.
            return false;
        }
        int parts = iovecs.count() - first;
        if (parts == 0) {
            // An empty datagram. macOS refuses a message without any part (sendmsg(2), EMSGSIZE).
            current.sent().send(size, nameLength, 0, 0);
        } else {
            current.sent().sendParts(size, nameLength, iovecs.address(first), parts);
        }
        return true;
    }

    /** @return {@code sent} */
    private int removeSent(ChannelOutboundBuffer in, int sent) {
        for (int i = 0; i < sent; i++) {
            Object message = batch[i];
            skipCancelled(in, message);
            // Null once a listener has closed the channel: then all are gone from the outbound buffer.
            if (in.current() == message) {
                in.remove();
            }
        }
        return sent;
    }

    /** @return 1 */
    private int fail(ChannelOutboundBuffer in, Exception cause) {
        failures.accept(cause);
        skipCancelled(in, batch[0]);
        in.remove(cause);
        return 1;
    }

    /** Removes the cancelled messages before {@code message}. */
    private static void skipCancelled(ChannelOutboundBuffer in, @Nullable Object message) {
        Object current = in.current();
        while (current != null && current != message) {
            in.remove();
            current = in.current();
        }
    }

    /** Nothing else is left. */
    private static int removeCancelled(ChannelOutboundBuffer in) {
        int removed = 0;
        while (!in.isEmpty()) {
            in.remove();
            removed++;
        }
        return removed;
    }
}
