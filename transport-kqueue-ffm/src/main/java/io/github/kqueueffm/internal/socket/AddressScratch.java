// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Room for one socket address and its socklen_t, to be filled by the kernel or for it. Not thread-safe. An event loop has
 * one for its accepts.
 */
public final class AddressScratch {

    private final SocketAddressCodec codec;
    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private final int capacity;

    public AddressScratch(Binding binding) {
        Platform platform = binding.platform();
        codec = new SocketAddressCodec(platform);
        capacity = platform.sockaddr().storageSize();
        memory = NativeMemory.allocate(binding.syscalls(), capacity + Integer.BYTES);
        buffer = memory.buffer();
    }

    /** Address of the sockaddr; keep this object reachable while the kernel uses it. */
    public long address() {
        return memory.address();
    }

    /** Address of the socklen_t, 4 bytes on every platform. */
    public long lengthAddress() {
        return memory.address() + capacity;
    }

    /** Tells the kernel how much room there is. Before every call that fills the address. */
    public void reset() {
        buffer.putInt(capacity, capacity);
    }

    /** Bytes that the kernel says it wrote. */
    public int length() {
        return buffer.getInt(capacity);
    }

    /** The memory of the sockaddr. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** The address that the kernel wrote, {@code null} if it wrote none that this transport knows. */
    public @Nullable SocketAddress decode() {
        return codec.decode(buffer, 0, length());
    }

    /** The Internet address that the kernel wrote, {@code null} if it wrote none. */
    public @Nullable RawAddress raw() {
        return codec.decodeRaw(buffer, 0, length());
    }
}
