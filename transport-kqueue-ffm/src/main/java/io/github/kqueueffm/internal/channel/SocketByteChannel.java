// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.socket.Buffers;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** A socket as the target of {@link io.netty.channel.FileRegion#transferTo}. Event loop's thread. */
final class SocketByteChannel implements WritableByteChannel {

    private final NativeSocket socket;
    private final Errno errno;
    private boolean full;

    SocketByteChannel(NativeSocket socket) {
        this.socket = socket;
        errno = socket.binding().platform().errno();
    }

    /** Forgets what {@link #wasFull} tells. */
    void start() {
        full = false;
    }

    /** Whether the socket took less than it was given since {@link #start}. */
    boolean wasFull() {
        return full;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int offered = source.remaining();
        if (offered == 0) {
            return 0;
        }
        int count = source.isDirect() ? writeDirect(source) : writeHeap(source);
        if (count == -errno.EAGAIN()) {
            full = true;
            return 0;
        }
        if (count < 0) {
            throw SocketErrors.exception(socket.binding(), "write", -count);
        }
        full = count < offered;
        source.position(source.position() + count);
        return count;
    }

    private int writeDirect(ByteBuffer source) {
        try {
            long address = socket.binding().syscalls().address(source) + source.position();
            return write(address, source.remaining());
        } finally {
            Reference.reachabilityFence(source);
        }
    }

    private int writeHeap(ByteBuffer source) {
        ByteBuf copy = threadLocalOrPooled(source.remaining());
        try {
            copy.writeBytes(source.duplicate());
            int length = copy.readableBytes();
            long address = Buffers.address(
                    copy, copy.readerIndex(), length, socket.binding().syscalls());
            return write(address, length);
        } finally {
            copy.release();
        }
    }

    private int write(long address, int length) {
        int count;
        do {
            count = socket.write(address, length);
            // A signal came first (write(2), EINTR).
        } while (count == -errno.EINTR());
        return count;
    }

    private static ByteBuf threadLocalOrPooled(int size) {
        @Nullable ByteBuf local = ByteBufUtil.threadLocalDirectBuffer();
        return local != null ? local : PooledByteBufAllocator.DEFAULT.directBuffer(size);
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
