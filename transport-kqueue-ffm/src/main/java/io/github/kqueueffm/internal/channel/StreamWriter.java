// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.Buffers;
import io.github.kqueueffm.internal.socket.IovecArray;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes a channel's outbound buffer to its socket. Event loop's thread. */
public final class StreamWriter {

    private static final int FULL = RegionWriter.FULL;

    private final NativeSocket socket;
    private final Errno errno;
    private final GatherBudget budget;
    private final RegionWriter regions;

    /**
     * @param allocator of the buffers that file regions are copied through
     * @param ownRegions of the file regions that are this transport's
     */
    public StreamWriter(NativeSocket socket, GatherBudget budget, ByteBufAllocator allocator, RegionAccess ownRegions) {
        this.socket = socket;
        this.budget = budget;
        regions = new RegionWriter(socket, allocator, ownRegions);
        errno = socket.binding().platform().errno();
    }

    /**
     * Writes until nothing is left, the socket is full, or {@code calls} calls were made.
     *
     * @param iovecs the event loop's array, null while the channel is on no event loop: then one buffer is written a call
     */
    public WriteOutcome write(ChannelOutboundBuffer in, int calls, @Nullable IovecArray iovecs) throws Exception {
        int left = calls;
        do {
            int messages = in.size();
            if (messages == 0) {
                return WriteOutcome.DONE;
            }
            int made = messages > 1 && iovecs != null && in.current() instanceof ByteBuf
                    ? writeMany(in, iovecs)
                    : writeOne(in, iovecs);
            if (made == FULL) {
                return WriteOutcome.SOCKET_FULL;
            }
            if (made == RegionWriter.STALLED) {
                // The socket has no edge to tell, so the region is asked again in a later turn.
                return WriteOutcome.SPUN_OUT;
            }
            left -= made;
            // Not left when the buffer is empty: listeners of what was written may have flushed more.
        } while (left > 0);
        return WriteOutcome.SPUN_OUT;
    }

    /** @return calls made, FULL or STALLED */
    private int writeOne(ChannelOutboundBuffer in, @Nullable IovecArray iovecs) throws Exception {
        Object message = in.current();
        if (message instanceof ByteBuf) {
            ByteBuf buffer = (ByteBuf) message;
            if (!buffer.isReadable()) {
                in.remove();
                return 0;
            }
            if (buffer.nioBufferCount() > 1 && !buffer.hasMemoryAddress() && iovecs != null) {
                return writeMany(in, iovecs);
            }
            return written(in, retryInterrupted(buffer));
        }
        if (message instanceof FileDescriptor) {
            return DescriptorSender.send(socket, in, (FileDescriptor) message);
        }
        return regions.write(in, (FileRegion) message);
    }

    private long retryInterrupted(ByteBuf buffer) {
        int length = buffer.readableBytes();
        long address = Buffers.address(
                buffer, buffer.readerIndex(), length, socket.binding().syscalls());
        int count;
        do {
            count = socket.write(address, length);
            // A signal came first (write(2), EINTR).
        } while (count == -errno.EINTR());
        return count;
    }

    private int writeMany(ChannelOutboundBuffer in, IovecArray iovecs) throws Exception {
        try {
            iovecs.fill(in, budget.maxBytesPerGatheringWrite());
            if (iovecs.count() == 0) {
                // Nothing but empty buffers.
                in.removeBytes(0);
                return 0;
            }
            long offered = iovecs.byteCount();
            long count;
            do {
                count = socket.writev(iovecs.address(), iovecs.count());
                // A signal came first (writev(2), EINTR).
            } while (count == -errno.EINTR());
            if (count > 0) {
                budget.gathered(offered, count);
            }
            return written(in, count);
        } finally {
            iovecs.clear();
        }
    }

    private int written(ChannelOutboundBuffer in, long count) throws IOException {
        if (count == -errno.EAGAIN()) {
            return FULL;
        }
        if (count < 0) {
            throw SocketErrors.exception(socket.binding(), "write", (int) -count);
        }
        in.removeBytes(count);
        return 1;
    }

    /** Closes what is open for a message that is partly written: it will not be written to its end. */
    public void stop() {
        regions.stop();
    }
}
