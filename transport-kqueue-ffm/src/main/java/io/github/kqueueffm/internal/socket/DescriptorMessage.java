// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.nio.ByteBuffer;

/**
 * A message of one byte that carries descriptors (SCM_RIGHTS): the {@code struct msghdr}, its iovec, the byte, and the control
 * messages. One byte, as Netty's native transports send and take: what follows it in the stream stays there for the next
 * read, which may be one of bytes. Not thread-safe; a thread has one.
 *
 * <p>What was received is this object's to close until it is taken.
 */
public final class DescriptorMessage {

    /**
     * Room for control messages, bytes. A message that does not fit loses descriptors, on some systems without closing them. No
     * sender can fill this: Linux passes 253 descriptors at a time (SCM_MAX_FD), the BSDs as many as fit a cluster of 2048 bytes.
     */
    private static final int CONTROL_SIZE = 4096;

    /** Of everything in the memory: the strictest of any struct here. */
    private static final int ALIGNMENT = 16;

    private final Binding binding;
    private final MessageLayout layout;
    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private final int control;
    private final int dataOffset;
    private final int sendControlSize;
    private final int solSocket;
    private final int scmRights;
    private final int truncatedFlag;

    private final int[] descriptors = new int[CONTROL_SIZE / Integer.BYTES];
    private int count;
    private int taken;

    public DescriptorMessage(Binding binding) {
        this.binding = binding;
        Platform platform = binding.platform();
        StructLayouts structs = platform.structs();
        SocketConstants socket = platform.socket();
        layout = platform.message();
        solSocket = socket.SOL_SOCKET();
        scmRights = socket.SCM_RIGHTS();
        truncatedFlag = socket.MSG_CTRUNC();
        int iovec = roundUp(layout.msghdrSize(), ALIGNMENT);
        int payload = iovec + roundUp(structs.iovecSize(), ALIGNMENT);
        control = payload + ALIGNMENT;
        dataOffset = roundUp(layout.cmsghdrSize(), layout.cmsgAlignment());
        sendControlSize = roundUp(dataOffset + Integer.BYTES, layout.cmsgAlignment());
        memory = NativeMemory.allocate(binding.syscalls(), control + CONTROL_SIZE);
        buffer = memory.buffer();
        // Pointers and size_t have 8 bytes on every platform there is data for.
        buffer.putLong(iovec + structs.iovecBase(), memory.address() + payload);
        buffer.putLong(iovec + structs.iovecLength(), 1);
        buffer.putLong(layout.msghdrIov(), memory.address() + iovec);
        put(layout.msghdrIovCount(), layout.msghdrIovCountSize(), 1);
        buffer.putLong(layout.msghdrControl(), memory.address() + control);
    }

    /** The one of the calling thread, for sockets of {@code binding}. */
    public static DescriptorMessage ofThread(Binding binding) {
        return SocketSystem.of(binding).scratch().descriptors();
    }

    private static int roundUp(int size, int alignment) {
        return (size + alignment - 1) / alignment * alignment;
    }

    private void put(int at, int size, int value) {
        if (size == Long.BYTES) {
            buffer.putLong(at, value);
        } else {
            buffer.putInt(at, value);
        }
    }

    private int get(int at, int size) {
        // Lengths of this buffer's contents, so an int holds them.
        return size == Long.BYTES ? (int) buffer.getLong(at) : buffer.getInt(at);
    }

    /** Address of the {@code struct msghdr}; keep this object reachable while the kernel uses it. */
    long address() {
        return memory.address();
    }

    /** All of it, for tests: the msghdr is at its beginning. */
    ByteBuffer memory() {
        return buffer;
    }

    /** Offset of the control messages in {@link #memory}. */
    int control() {
        return control;
    }

    void prepareToSend(int fd) {
        put(layout.msghdrControlLength(), layout.msghdrControlLengthSize(), sendControlSize);
        put(control + layout.cmsghdrLength(), layout.cmsghdrLengthSize(), dataOffset + Integer.BYTES);
        buffer.putInt(control + layout.cmsghdrLevel(), solSocket);
        buffer.putInt(control + layout.cmsghdrType(), scmRights);
        buffer.putInt(control + dataOffset, fd);
    }

    void prepareToReceive() {
        put(layout.msghdrControlLength(), layout.msghdrControlLengthSize(), CONTROL_SIZE);
        buffer.putInt(layout.msghdrFlags(), 0);
        count = 0;
        taken = 0;
    }

    /** recvmsg(2) has filled the message: finds the descriptors in it. */
    void received() {
        int length = Math.min(get(layout.msghdrControlLength(), layout.msghdrControlLengthSize()), CONTROL_SIZE);
        int at = 0;
        while (length - at >= dataOffset) {
            int header = control + at;
            int size = get(header + layout.cmsghdrLength(), layout.cmsghdrLengthSize());
            if (size < dataOffset) {
                // Nothing that a kernel writes; going on would be without end.
                return;
            }
            if (buffer.getInt(header + layout.cmsghdrLevel()) == solSocket
                    && buffer.getInt(header + layout.cmsghdrType()) == scmRights) {
                collect(header + dataOffset, Math.min(size, length - at) - dataOffset);
            }
            if (size > length - at) {
                // Cut short, which leaves some kernels to tell the full length.
                return;
            }
            at += roundUp(size, layout.cmsgAlignment());
        }
    }

    private void collect(int at, int bytes) {
        for (int i = 0; i + Integer.BYTES <= bytes; i += Integer.BYTES) {
            descriptors[count++] = buffer.getInt(at + i);
        }
    }

    /** Number of descriptors that the message has brought. */
    public int count() {
        return count;
    }

    int descriptor(int index) {
        return descriptors[index];
    }

    /** Whether descriptors were lost: this process may have no more (EMFILE). */
    public boolean isTruncated() {
        return (buffer.getInt(layout.msghdrFlags()) & truncatedFlag) != 0;
    }

    /** Whether there are descriptors that were not taken. */
    public boolean hasMore() {
        return taken < count;
    }

    /** The next of the descriptors; from here on it is the caller's to close. */
    public NativeDescriptor take() {
        NativeDescriptor next = new NativeDescriptor(binding, descriptors[taken]);
        taken++;
        return next;
    }

    /** Closes the descriptors that were not taken. */
    public void closeRest() {
        while (hasMore()) {
            // Whatever close answers, the descriptor is gone, and nobody has seen it.
            binding.syscalls().close(descriptors[taken++]);
        }
    }
}
