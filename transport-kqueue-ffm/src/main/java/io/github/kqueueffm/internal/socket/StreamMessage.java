// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.nio.ByteBuffer;

/**
 * The {@code struct msghdr} of a read of bytes that has no room for control messages. Linux ends a read behind bytes that came
 * with descriptors, though more may wait (unix_stream_read_generic): unlike read(2), recvmsg(2) tells of that. Not thread-safe; a
 * thread has one.
 */
public final class StreamMessage {

    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private final int flags;
    private final int base;
    private final int length;
    private final int truncatedFlag;

    StreamMessage(Binding binding) {
        Platform platform = binding.platform();
        MessageLayout layout = platform.message();
        StructLayouts structs = platform.structs();
        // Pointers and size_t have 8 bytes on every platform there is data for.
        int iovec = (layout.msghdrSize() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        memory = NativeMemory.allocate(binding.syscalls(), iovec + structs.iovecSize());
        buffer = memory.buffer();
        flags = layout.msghdrFlags();
        base = iovec + structs.iovecBase();
        length = iovec + structs.iovecLength();
        truncatedFlag = platform.socket().MSG_CTRUNC();
        buffer.putLong(layout.msghdrIov(), memory.address() + iovec);
        if (layout.msghdrIovCountSize() == Long.BYTES) {
            buffer.putLong(layout.msghdrIovCount(), 1);
        } else {
            buffer.putInt(layout.msghdrIovCount(), 1);
        }
        // Name and control stay zero: without room for them the kernel leaves their lengths at zero (recvmsg(2)).
    }

    /** The one of the calling thread, for sockets of {@code binding}. */
    public static StreamMessage ofThread(Binding binding) {
        return SocketSystem.of(binding).scratch().stream();
    }

    /** Address of the {@code struct msghdr}; keep this object reachable while the kernel uses it. */
    long address() {
        return memory.address();
    }

    /** All of it, for tests. */
    ByteBuffer memory() {
        return buffer;
    }

    void prepare(long address, int bytes) {
        buffer.putLong(base, address);
        buffer.putLong(length, bytes);
        buffer.putInt(flags, 0);
    }

    /** Whether the bytes came with descriptors, which the kernel has closed: more bytes may wait, however few these were. */
    public boolean hadDescriptors() {
        return (buffer.getInt(flags) & truncatedFlag) != 0;
    }
}
