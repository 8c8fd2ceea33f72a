// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.KeventLayout;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;

/**
 * An array of {@code struct kevent} in native memory, in the layout of the platform record. Not thread-safe. Indexes are
 * checked by the buffer beneath.
 */
public final class KEventList {

    private final KeventLayout layout;
    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private final int capacity;

    /** @param capacity number of entries, at least 1 */
    public KEventList(Syscalls syscalls, KeventLayout layout, int capacity) {
        this.layout = layout;
        this.capacity = capacity;
        memory = NativeMemory.allocate(syscalls, Math.multiplyExact(capacity, layout.size()));
        buffer = memory.buffer();
    }

    /** Number of entries that fit. */
    public int capacity() {
        return capacity;
    }

    /** Address of the first entry; keep this object reachable while the kernel uses it. */
    public long address() {
        return memory.address();
    }

    /** Writes entry {@code index}. Members that are not parameters (ext[]) are zero: nothing ever sets them. */
    public void set(int index, long ident, int filter, int flags, int fflags, long data, long udata) {
        int at = index * layout.size();
        buffer.putLong(at + layout.ident(), ident);
        putFilter(at, filter);
        putFlags(at, flags);
        buffer.putInt(at + layout.fflags(), fflags);
        buffer.putLong(at + layout.data(), data);
        buffer.putLong(at + layout.udata(), udata);
    }

    /** Copies entry {@code from} of {@code source}, a list of the same layout, to entry {@code to} of this one. */
    public void copy(KEventList source, int from, int to) {
        set(
                to,
                source.ident(from),
                source.filter(from),
                source.flags(from),
                source.fflags(from),
                source.data(from),
                source.udata(from));
    }

    public long ident(int index) {
        return buffer.getLong(index * layout.size() + layout.ident());
    }

    public int filter(int index) {
        int at = index * layout.size() + layout.filter();
        return layout.filterSize() == Short.BYTES ? buffer.getShort(at) : buffer.getInt(at);
    }

    public int flags(int index) {
        int at = index * layout.size() + layout.flags();
        return layout.flagsSize() == Short.BYTES ? buffer.getShort(at) & 0xffff : buffer.getInt(at);
    }

    public int fflags(int index) {
        return buffer.getInt(index * layout.size() + layout.fflags());
    }

    public long data(int index) {
        return buffer.getLong(index * layout.size() + layout.data());
    }

    public long udata(int index) {
        return buffer.getLong(index * layout.size() + layout.udata());
    }

    private void putFilter(int at, int filter) {
        if (layout.filterSize() == Short.BYTES) {
            buffer.putShort(at + layout.filter(), (short) filter);
        } else {
            buffer.putInt(at + layout.filter(), filter);
        }
    }

    private void putFlags(int at, int flags) {
        if (layout.flagsSize() == Short.BYTES) {
            buffer.putShort(at + layout.flags(), (short) flags);
        } else {
            buffer.putInt(at + layout.flags(), flags);
        }
    }
}
