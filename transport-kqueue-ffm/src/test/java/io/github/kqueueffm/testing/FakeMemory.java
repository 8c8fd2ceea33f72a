// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Addresses that stand for direct buffers, and the way back. They lie above 2 GiB, so that an address cut to an int leads
 * nowhere, and with gaps between them, so that running over the end of one buffer does not end in the next.
 *
 * <p>Buffers are held weakly, as a kernel holds them: one that its owner dropped is gone, and using its address is an error.
 */
final class FakeMemory {

    private static final long BASE = 0x7f12_0000_0000L;
    private static final int GAP = 4096;

    private record Block(long address, int size, WeakReference<ByteBuffer> buffer) {}

    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private long next = BASE;

    /** A new address for a buffer; a buffer may have several. */
    synchronized long addressOf(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("not a direct buffer: " + direct);
        }
        long address = next;
        blocks.put(address, new Block(address, direct.capacity(), new WeakReference<>(direct)));
        next += (direct.capacity() + GAP + 15L) & ~15L;
        return address;
    }

    /** The bytes from {@code address} on, in native order. */
    synchronized ByteBuffer at(long address, long length) {
        Map.Entry<Long, Block> entry = blocks.floorEntry(address);
        if (entry == null) {
            throw new AssertionError("bad address 0x" + Long.toHexString(address));
        }
        Block block = entry.getValue();
        long offset = address - block.address();
        if (length < 0 || offset + length > block.size()) {
            throw new AssertionError("bytes " + offset + " to " + (offset + length) + " of a block of " + block.size());
        }
        ByteBuffer buffer = block.buffer().get();
        if (buffer == null) {
            throw new AssertionError("the memory at 0x" + Long.toHexString(address) + " was freed");
        }
        return buffer.slice((int) offset, (int) length).order(ByteOrder.nativeOrder());
    }
}
