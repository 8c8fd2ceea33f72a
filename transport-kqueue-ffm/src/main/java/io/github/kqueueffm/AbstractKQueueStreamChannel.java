// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.DescriptorReceiver;
import io.github.kqueueffm.internal.channel.GatherBudget;
import io.github.kqueueffm.internal.channel.OutboundBuffers;
import io.github.kqueueffm.internal.channel.ReceiveHandle;
import io.github.kqueueffm.internal.channel.Shutdown;
import io.github.kqueueffm.internal.channel.StreamWriter;
import io.github.kqueueffm.internal.channel.WriteOutcome;
import io.github.kqueueffm.internal.engine.Knote;
import io.github.kqueueffm.internal.engine.LoopCounter;
import io.github.kqueueffm.internal.engine.Registration;
import io.github.kqueueffm.internal.socket.Buffers;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/** A channel of bytes in both directions. */
public abstract class AbstractKQueueStreamChannel extends AbstractKQueueChannel implements DuplexChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private @Nullable StreamWriter writer;

    AbstractKQueueStreamChannel(@Nullable Channel parent, NativeSocket socket, boolean active) {
        super(parent, socket, active);
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected AbstractKQueueUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    /** How much to offer to one gathering write. */
    abstract GatherBudget gatherBudget();

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        StreamWriter current = writer;
        if (current == null) {
            current = new StreamWriter(socket, gatherBudget(), alloc(), KQueueFileRegion.ACCESS);
            writer = current;
        }
        WriteOutcome outcome;
        try {
            outcome = current.write(in, config().getWriteSpinCount(), iovecs());
        } catch (Exception e) {
            failed(e);
            throw e;
        }
        written(outcome);
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            ByteBuf buffer = (ByteBuf) message;
            return Buffers.needsCopy(
                            buffer, socket.binding().platform().traits().iovMax())
                    ? OutboundBuffers.toDirect(buffer, alloc())
                    : buffer;
        }
        if (message instanceof FileRegion) {
            return message;
        }
        throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(message)
                + " (expected: " + StringUtil.simpleClassName(ByteBuf.class) + ", "
                + StringUtil.simpleClassName(FileRegion.class) + ')');
    }

    /**
     * One call that reads bytes.
     *
     * @return bytes read, 0 at end of file, or {@code -errno}
     */
    int receive(long address, int length) {
        return socket.read(address, length);
    }

    /** Whether the last {@link #receive} may have left bytes although it did not fill its buffer. */
    boolean mayHaveStoppedShort() {
        return false;
    }

    /** Whether the next read takes descriptors rather than bytes. */
    boolean readsDescriptors() {
        return false;
    }

    @Override
    protected final void doShutdownOutput() throws Exception {
        stopWriter();
        socket.shutdown(false, true);
    }

    @Override
    protected void doClose() throws Exception {
        stopWriter();
        super.doClose();
    }

    private void stopWriter() {
        StreamWriter current = writer;
        if (current != null) {
            current.stop();
        }
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public boolean isShutdown() {
        return socket.isShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return Shutdown.on(eventLoop(), promise, () -> {
            try {
                socket.shutdown(true, false);
                promise.setSuccess();
            } catch (Throwable t) {
                promise.setFailure(t);
            }
        });
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        return Shutdown.on(eventLoop(), promise, () -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return Shutdown.both(this, promise);
    }

    private final class StreamUnsafe extends AbstractKQueueUnsafe {

        private @Nullable DescriptorReceiver descriptorReceiver;

        @Override
        void readReady(Knote reader) {
            ChannelConfig config = config();
            if (shouldBreakRead(config)) {
                stopReading();
                return;
            }
            ReceiveHandle handle = receiveHandle();
            handle.reset(config);
            ChannelPipeline pipeline = pipeline();
            try {
                boolean ended = readLoop(reader, handle, config, pipeline);
                handle.readComplete();
                pipeline.fireChannelReadComplete();
                if (ended) {
                    inputClosed();
                }
            } catch (Throwable t) {
                readFailed(t, handle, pipeline);
            } finally {
                if (shouldStopReading(config)) {
                    stopReading();
                }
                readAgainIfLeft(reader);
            }
        }

        /** @return whether the end of the input was reached */
        private boolean readLoop(Knote reader, ReceiveHandle handle, ChannelConfig config, ChannelPipeline pipeline)
                throws IOException {
            ByteBufAllocator allocator = config.getAllocator();
            do {
                if (reader.eof() && reader.available() == 0) {
                    // The kernel has said that nothing is left: no read to hear it again.
                    count(LoopCounter.READS_SAVED);
                    return endOfInput(reader);
                }
                int count = readsDescriptors()
                        ? readDescriptors(reader, handle, pipeline)
                        : readBytes(reader, handle, allocator, pipeline);
                if (count < 0) {
                    count(LoopCounter.EAGAINS);
                    reader.exhausted();
                    return false;
                }
                if (count == 0) {
                    return endOfInput(reader);
                }
                // What channelRead did may have closed the input, or the socket, whose number may be another's by now.
                if (shouldBreakRead(config)) {
                    return false;
                }
                // At the end of the input all of it is read, auto-read or not: as much as the receive buffer holds.
            } while (reader.eof() || handle.continueReading());
            return false;
        }

        /** An event that came with an errno is the error's last trace, if somebody has asked for SO_ERROR meanwhile. */
        private boolean endOfInput(Knote reader) throws IOException {
            readPending = false;
            if (reader.errno() != 0) {
                throw SocketErrors.exception(socket.binding(), "read", reader.errno());
            }
            return true;
        }

        /** @return bytes read and handed on, 0 at end of file, -1 when there is nothing to read now */
        private int readBytes(Knote reader, ReceiveHandle handle, ByteBufAllocator allocator, ChannelPipeline pipeline)
                throws IOException {
            ByteBuf buffer = reader.available() < 0 ? handle.allocateWithSpare(allocator) : handle.allocate(allocator);
            int count;
            try {
                count = read(buffer, handle);
            } catch (Throwable t) {
                buffer.release();
                throw t;
            }
            if (count <= 0) {
                buffer.release();
                handle.lastBytesRead(count);
                return count;
            }
            reader.consumed(count);
            handle.lastBytesRead(count);
            told(handle, reader, hasMore(reader, count, handle.attemptedBytesRead()));
            handle.incMessagesRead(1);
            readPending = false;
            pipeline.fireChannelRead(buffer);
            return count;
        }

        /** The same for descriptors; a call that brings none counts as a message too, as it takes as long. */
        private int readDescriptors(Knote reader, ReceiveHandle handle, ChannelPipeline pipeline) throws IOException {
            DescriptorReceiver receiver = descriptorReceiver();
            handle.attemptedBytesRead(1);
            int count = receiver.receive();
            handle.lastBytesRead(count);
            if (count > 0) {
                reader.consumed(count);
                told(handle, reader, reader.available() != 0);
                handle.incMessagesRead(Math.max(1, receiver.count()));
                readPending = false;
                receiver.deliver(pipeline);
            }
            return count;
        }

        private DescriptorReceiver descriptorReceiver() {
            DescriptorReceiver receiver = descriptorReceiver;
            if (receiver == null) {
                receiver = new DescriptorReceiver(socket);
                descriptorReceiver = receiver;
            }
            return receiver;
        }

        /** @return bytes read, 0 at end of file, -1 when there is nothing to read now */
        private int read(ByteBuf buffer, ReceiveHandle handle) throws IOException {
            handle.attemptedBytesRead(buffer.writableBytes());
            return Buffers.isOnePiece(buffer) ? readInto(buffer) : readThroughCopy(buffer);
        }

        /** An allocator of the application's own may give what the kernel cannot write to: heap memory, or several parts. */
        private int readThroughCopy(ByteBuf buffer) throws IOException {
            int length = buffer.writableBytes();
            ByteBuf direct = alloc().directBuffer(length, length);
            try {
                int count = readInto(direct);
                if (count > 0) {
                    buffer.writeBytes(direct);
                }
                return count;
            } finally {
                direct.release();
            }
        }

        private int readInto(ByteBuf buffer) throws IOException {
            int length = buffer.writableBytes();
            long address = Buffers.address(
                    buffer, buffer.writerIndex(), length, socket.binding().syscalls());
            int count;
            do {
                count = receive(address, length);
                // A signal came first (read(2), EINTR).
            } while (count == -errno.EINTR());
            if (count == -errno.EAGAIN()) {
                return -1;
            }
            if (count < 0) {
                throw SocketErrors.exception(socket.binding(), "read", -count);
            }
            buffer.writerIndex(buffer.writerIndex() + count);
            return count;
        }

        private void told(ReceiveHandle handle, Knote reader, boolean more) {
            if (!more && !reader.eof()) {
                // The read that would answer EAGAIN.
                count(LoopCounter.READS_SAVED);
            }
            handle.moreData(more);
        }

        private boolean hasMore(Knote reader, int count, int attempted) {
            if (reader.available() >= 0) {
                return reader.available() > 0;
            }
            if (count < attempted && !mayHaveStoppedShort()) {
                // Where the kernel did not say how much there is, a buffer not filled tells that there is no more.
                reader.exhausted();
                return false;
            }
            return true;
        }

        /** An edge is told once: what the loop left must be asked for without the kernel's help. */
        private void readAgainIfLeft(Knote reader) {
            Registration knotes = knotes();
            if (knotes == null || !reader.ready() || shouldBreakRead(config())) {
                return;
            }
            if (knotes.isReading() || reader.eof()) {
                knotes.readAgain();
            }
        }

        private void readFailed(Throwable cause, ReceiveHandle handle, ChannelPipeline pipeline) {
            failed(cause);
            readPending = false;
            handle.readComplete();
            pipeline.fireChannelReadComplete();
            pipeline.fireExceptionCaught(cause);
            // Out of memory: the data stays unread, and trying again at once would fail again (netty/netty#10434).
            if (cause instanceof IOException || cause instanceof OutOfMemoryError) {
                inputClosed();
            }
        }

        /** End of file or an error: closes the channel, or just its input where half-closure is allowed. */
        private void inputClosed() {
            ChannelPipeline pipeline = pipeline();
            if (!socket.isInputShutdown()) {
                if (!isAllowHalfClosure(config())) {
                    closeNow();
                    return;
                }
                try {
                    socket.shutdown(true, false);
                } catch (IOException e) {
                    // The connection is gone altogether (ENOTCONN and EINVAL of shutdown(2) after a reset).
                    pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                    closeNow();
                    return;
                } catch (NotYetConnectedException e) {
                    // The same, told by its other name; the output may still have something to flush and to fail with.
                }
                if (shouldStopReading(config())) {
                    stopReading();
                }
                pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
            if (!inputEnded) {
                inputEnded = true;
                pipeline.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            }
        }
    }
}
