// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A block of native memory for structs that the kernel reads and writes, zeroed when made.
 *
 * <p>Java touches it through the bounds-checked {@link #buffer()} only, and it is freed when it becomes unreachable:
 * there is no way to read or write it after it was freed, which a {@code free()} of ours could not promise. Whoever
 * passes {@link #address()} to a system call keeps this object reachable until the call returns.
 */
public final class NativeMemory {

    private final ByteBuffer buffer;
    private final long address;

    private NativeMemory(ByteBuffer buffer, long address) {
        this.buffer = buffer;
        this.address = address;
    }

    /** @param size bytes, at least 1 */
    public static NativeMemory allocate(Syscalls syscalls, int size) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        return new NativeMemory(buffer, syscalls.address(buffer));
    }

    /** The memory in native byte order. Position and limit are not used: callers use absolute access only. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Address of the first byte. */
    public long address() {
        return address;
    }

    /** Size in bytes. */
    public int size() {
        return buffer.capacity();
    }
}
