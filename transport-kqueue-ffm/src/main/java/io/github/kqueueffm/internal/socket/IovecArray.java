// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.platform.Traits;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundBuffer.MessageProcessor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The {@code struct iovec} array of a writev(2), filled from the messages of a channel. Not thread-safe; an event loop has
 * one.
 *
 * <p>Call {@link #clear} before filling it, and again after the call: it lets go of what must stay reachable in between.
 */
public final class IovecArray implements MessageProcessor {

    private final Syscalls syscalls;
    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private final int entrySize;
    private final int base;
    private final int length;
    private final int capacity;
    private final long limit;

    /**
     * The NIO buffers whose addresses are in the array. Most are views of a message, which the channel holds anyway; but a
     * foreign ByteBuf may make one just for the asking, and its memory lives only as long as it is reachable.
     */
    private final @Nullable ByteBuffer[] views;

    private int count;
    private int viewCount;
    private long byteCount;
    private long maxBytes;

    /** As many entries, and as many bytes, as the platform takes in one call. */
    public IovecArray(Binding binding) {
        this(binding, binding.platform().traits().iovMax());
    }

    /** @param capacity number of entries, at most what the platform takes */
    IovecArray(Binding binding, int capacity) {
        Platform platform = binding.platform();
        StructLayouts structs = platform.structs();
        Traits traits = platform.traits();
        this.syscalls = binding.syscalls();
        this.capacity = capacity;
        this.limit = traits.maxIoBytes();
        this.maxBytes = limit;
        entrySize = structs.iovecSize();
        base = structs.iovecBase();
        length = structs.iovecLength();
        memory = NativeMemory.allocate(syscalls, Math.multiplyExact(capacity, entrySize));
        buffer = memory.buffer();
        views = new ByteBuffer[capacity];
    }

    /** Empties the array and lifts the limit of {@link #maxBytes(long)}. */
    public void clear() {
        if (viewCount > 0) {
            Arrays.fill(views, 0, viewCount, null);
            viewCount = 0;
        }
        count = 0;
        byteCount = 0;
        maxBytes = limit;
    }

    /**
     * Limits the bytes to gather. The first entry may exceed the limit: a message larger than it still has to go.
     *
     * @param bytes at least 1; the platform's own limit applies as well
     */
    public void maxBytes(long bytes) {
        maxBytes = Math.min(bytes, limit);
    }

    /**
     * Adds the flushed ByteBufs at the head of {@code outbound}, as many as fit, up to the first message of another kind.
     *
     * @param maxBytes see {@link #maxBytes(long)}
     */
    public void fill(ChannelOutboundBuffer outbound, long maxBytes) throws Exception {
        clear();
        maxBytes(maxBytes);
        outbound.forEachFlushedMessage(this);
    }

    @Override
    public boolean processMessage(Object msg) {
        if (!(msg instanceof ByteBuf buf)) {
            return false;
        }
        return add(buf, buf.readerIndex(), buf.readableBytes());
    }

    /**
     * Adds a stretch of a buffer that is direct in all its parts ({@link Buffers#needsCopy}).
     *
     * @return whether all of it was added; if not, a part of it may have been, from its start
     */
    public boolean add(ByteBuf buf, int index, int bytes) {
        if (bytes == 0) {
            return true;
        }
        if (count == capacity) {
            return false;
        }
        if (buf.hasMemoryAddress()) {
            return add(buf.memoryAddress() + index, bytes);
        }
        if (buf.nioBufferCount() == 1) {
            return add(Buffers.nioBuffer(buf, index, bytes));
        }
        // CompositeByteBuf.nioBuffers() would allocate an array and a view for each component.
        return buf instanceof CompositeByteBuf composite
                ? addComponents(composite, index, bytes)
                : addAll(buf.nioBuffers(index, bytes));
    }

    private boolean addComponents(CompositeByteBuf composite, int index, int bytes) {
        int end = index + bytes;
        int at = index;
        for (int i = composite.toComponentIndex(index); at < end; i++) {
            int start = composite.toByteIndex(i);
            ByteBuf component = composite.internalComponent(i);
            int stop = Math.min(end, start + component.capacity());
            if (stop > at && !add(component, at - start, stop - at)) {
                return false;
            }
            at = Math.max(at, stop);
        }
        return true;
    }

    private boolean addAll(ByteBuffer[] parts) {
        for (ByteBuffer part : parts) {
            if (part.hasRemaining() && !add(part)) {
                return false;
            }
        }
        return true;
    }

    private boolean add(ByteBuffer view) {
        if (!add(Buffers.address(view, syscalls), view.remaining())) {
            return false;
        }
        views[viewCount++] = view;
        return true;
    }

    /**
     * Adds an entry.
     *
     * @return whether it was added
     */
    public boolean add(long address, int bytes) {
        if (count == capacity || count > 0 && byteCount + bytes > maxBytes) {
            return false;
        }
        int at = count * entrySize;
        // Pointers and size_t have 8 bytes on every platform there is data for. One entry is never cut: an int fits
        // the limit of every platform but Linux, which stops at it by itself.
        buffer.putLong(at + base, address);
        buffer.putLong(at + length, bytes);
        count++;
        byteCount += bytes;
        return true;
    }

    /** Address of the first entry; keep this object reachable while the kernel uses it. */
    public long address() {
        return memory.address();
    }

    /** Address of an entry. */
    public long address(int index) {
        return memory.address() + (long) index * entrySize;
    }

    /** Number of entries. */
    public int count() {
        return count;
    }

    /** Bytes of all entries. */
    public long byteCount() {
        return byteCount;
    }
}
