// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.github.kqueueffm.internal.socket.Buffers;
import io.github.kqueueffm.internal.socket.DatagramCalls;
import io.github.kqueueffm.internal.socket.MessageArray;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that a channel receives datagrams into. Those that stay empty wait for the next call: asking for one datagram
 * more than there are is how the end of the queue is found without a call that fails. Event loop's thread.
 */
public final class DatagramBuffers {

    private final Syscalls syscalls;

    /** Empty buffers in the first {@link #count} places. */
    private @Nullable ByteBuf[] buffers = new ByteBuf[2];

    /**
     * For buffers of an allocator of the application's own that the kernel cannot write to (heap memory, or several parts):
     * what stands in for them; null as long as there is no such thing.
     */
    private @Nullable ByteBuf @Nullable [] standIns;

    private int count;
    private @Nullable ByteBufAllocator allocator;

    public DatagramBuffers(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * Receives up to {@code wanted} datagrams; {@link #take} has them then.
     *
     * @return number of datagrams, at least 1, or {@code -errno}
     */
    public int receive(
            DatagramCalls calls, MessageArray array, int wanted, ReceiveHandle handle, ByteBufAllocator allocator) {
        prepare(wanted, handle, allocator);
        for (int i = 0; i < wanted; i++) {
            ByteBuf buffer = target(i);
            int length = buffer.writableBytes();
            array.receive(i, Buffers.address(buffer, buffer.writerIndex(), length, syscalls), length);
        }
        return calls.receive(array, wanted);
    }

    private void prepare(int wanted, ReceiveHandle handle, ByteBufAllocator newAllocator) {
        if (allocator != newAllocator) {
            release();
            allocator = newAllocator;
        }
        if (count > 0 && smallest() < handle.guess()) {
            // The handle has learned that datagrams are larger.
            release();
        }
        if (wanted > buffers.length) {
            buffers = Arrays.copyOf(buffers, Math.max(wanted, buffers.length * 2));
        }
        while (count < wanted) {
            ByteBuf buffer = handle.allocate(newAllocator);
            buffers[count++] = buffer;
            if (!Buffers.isOnePiece(buffer)) {
                standIn(count - 1, newAllocator.directBuffer(buffer.writableBytes(), buffer.writableBytes()));
            }
        }
    }

    private int smallest() {
        int smallest = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            smallest = Math.min(smallest, buffer(i).writableBytes());
        }
        return smallest;
    }

    private void standIn(int index, @Nullable ByteBuf direct) {
        @Nullable ByteBuf[] array = standIns;
        if (array == null || array.length <= index) {
            array = array == null ? new ByteBuf[buffers.length] : Arrays.copyOf(array, buffers.length);
            standIns = array;
        }
        array[index] = direct;
    }

    private @Nullable ByteBuf standIn(int index) {
        @Nullable ByteBuf[] array = standIns;
        return array == null || array.length <= index ? null : array[index];
    }

    private ByteBuf buffer(int index) {
        ByteBuf buffer = buffers[index];
        if (buffer == null) {
            throw new IllegalStateException("buffer " + index + " of " + count + " is gone");
        }
        return buffer;
    }

    private ByteBuf target(int index) {
        ByteBuf standIn = standIn(index);
        return standIn == null ? buffer(index) : standIn;
    }

    /** Bytes that a datagram could have had. */
    public int room(int index) {
        return buffer(index).writableBytes();
    }

    /** Hands over a buffer that has received {@code length} bytes. {@link #keep} must follow the last one of a call. */
    public ByteBuf take(int index, int length) {
        ByteBuf buffer = buffer(index);
        ByteBuf standIn = standIn(index);
        buffers[index] = null;
        if (standIn == null) {
            return buffer.writerIndex(buffer.writerIndex() + length);
        }
        standIn(index, null);
        buffer.writeBytes(standIn.writerIndex(length));
        standIn.release();
        return buffer;
    }

    /** Keeps up to {@code most} of the buffers that were not taken, for the next call. */
    public void keep(int most) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            ByteBuf buffer = buffers[i];
            if (buffer == null) {
                continue;
            }
            ByteBuf standIn = standIn(i);
            buffers[i] = null;
            if (standIn != null) {
                standIn(i, null);
            }
            if (kept == most) {
                buffer.release();
                ReferenceCountUtil.release(standIn);
            } else {
                if (standIn != null) {
                    standIn(kept, standIn);
                }
                buffers[kept++] = buffer;
            }
        }
        count = kept;
    }

    /** Lets go of all of them. */
    public void release() {
        keep(0);
    }
}
