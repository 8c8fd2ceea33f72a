// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.nio.ByteBuffer;

/**
 * The {@code struct mmsghdr} array of a recvmmsg(2) or sendmmsg(2), each entry with a {@code struct iovec} and room for an
 * address of its own. Not thread-safe; an event loop has one for each direction.
 */
public final class MessageArray {

    private final MessageLayout layout;
    private final StructLayouts structs;
    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private final int entrySize;
    private final int header;
    private final int iovecs;
    private final int names;
    private final int nameSize;

    private int capacity;

    /** What recvmsg(2) returned, which has no {@code msg_len} to put it into; -1 after a recvmmsg(2). */
    private int single = -1;

    /**
     * An array for one of the two calls.
     *
     * @param call RECVMMSG or SENDMMSG: where the platform does not have it, the array has one entry
     * @param capacity number of entries where it does
     */
    MessageArray(Binding binding, CFunction call, int capacity) {
        Platform platform = binding.platform();
        layout = platform.message();
        structs = platform.structs();
        boolean many = Platform.has(layout.mmsghdrSize()) && binding.syscalls().has(call);
        this.capacity = many ? capacity : 1;
        // Multiples of 8 all of them, as they begin with a pointer; a sockaddr_storage is made to be aligned so.
        entrySize = many ? layout.mmsghdrSize() : layout.msghdrSize();
        header = many ? layout.mmsghdrHeader() : 0;
        nameSize = platform.sockaddr().storageSize();
        iovecs = this.capacity * entrySize;
        names = iovecs + this.capacity * structs.iovecSize();
        memory = NativeMemory.allocate(binding.syscalls(), names + this.capacity * nameSize);
        buffer = memory.buffer();
    }

    /** Number of entries that one call may have. */
    public int capacity() {
        return capacity;
    }

    /** The kernel lacks the call that the C library has: from here on there is one entry. */
    void useSingly() {
        capacity = 1;
    }

    /** Address of the first struct mmsghdr; keep this object reachable while the kernel uses it. */
    long address() {
        return memory.address();
    }

    /** Address of the {@code struct msghdr} of the first entry. */
    long headerAddress() {
        return memory.address() + header;
    }

    /**
     * Lets an entry receive a datagram, and the address of its sender.
     *
     * @param address of the memory for it
     * @param length bytes
     */
    public void receive(int index, long address, int length) {
        message(index, nameSize, ownIovec(index, address, length), 1);
    }

    /**
     * Lets an entry send a datagram that is in one piece.
     *
     * @param nameLength length of the address at {@link #name}, 0 to send to the peer that the socket is connected to
     */
    public void send(int index, int nameLength, long address, int length) {
        message(index, nameLength, ownIovec(index, address, length), 1);
    }

    /**
     * Lets an entry send a datagram that is in parts.
     *
     * @param iovecs address of {@code count} structs iovec, which stay as they are until the call
     */
    public void sendParts(int index, int nameLength, long iovecs, int count) {
        message(index, nameLength, iovecs, count);
    }

    private long ownIovec(int index, long address, int length) {
        int at = iovecs + index * structs.iovecSize();
        // Pointers and size_t have 8 bytes on every platform there is data for.
        buffer.putLong(at + structs.iovecBase(), address);
        buffer.putLong(at + structs.iovecLength(), length);
        return memory.address() + at;
    }

    private void message(int index, int nameLength, long iovec, int iovecCount) {
        int at = index * entrySize + header;
        buffer.putLong(at + layout.msghdrName(), nameLength == 0 ? 0 : memory.address() + name(index));
        buffer.putInt(at + layout.msghdrNameLength(), nameLength);
        buffer.putLong(at + layout.msghdrIov(), iovec);
        if (layout.msghdrIovCountSize() == Long.BYTES) {
            buffer.putLong(at + layout.msghdrIovCount(), iovecCount);
        } else {
            buffer.putInt(at + layout.msghdrIovCount(), iovecCount);
        }
        // Control and flags are never written: zero from the start, and without room for control messages the kernel
        // writes their length as zero (recvmsg(2)). It does set the flags, and ignores them on the way in.
    }

    /** recvmsg(2) has filled the first entry with {@code length} bytes. */
    void received(int length) {
        single = length;
    }

    /** recvmmsg(2) has filled entries. */
    void receivedMany() {
        single = -1;
    }

    /** Bytes of the datagram that an entry has received, as far as they fitted. */
    public int length(int index) {
        return single >= 0 ? single : buffer.getInt(index * entrySize + layout.mmsghdrLength());
    }

    /** The memory that the addresses are in. */
    public ByteBuffer memory() {
        return buffer;
    }

    /** Offset of an entry's address in {@link #memory}. */
    public int name(int index) {
        return names + index * nameSize;
    }

    /** Length of the address that an entry has received, as the kernel tells it; 0 for none. */
    public int nameLength(int index) {
        return buffer.getInt(index * entrySize + header + layout.msghdrNameLength());
    }
}
