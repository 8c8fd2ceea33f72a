// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.KeventLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes arrays of {@code struct kevent}; its own code, so that a mistake in the engine's does not cancel out. */
final class KeventCodec {

    private final FakeMemory memory;
    private final KeventLayout layout;

    KeventCodec(FakeMemory memory, KeventLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    List<Kevent> read(long address, int count) {
        List<Kevent> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = memory.at(address + (long) i * layout.size(), layout.size());
            entries.add(new Kevent(
                    entry.getLong(layout.ident()),
                    (int) integer(entry, layout.filter(), layout.filterSize()),
                    (int) unsigned(integer(entry, layout.flags(), layout.flagsSize()), layout.flagsSize()),
                    entry.getInt(layout.fflags()),
                    entry.getLong(layout.data()),
                    entry.getLong(layout.udata())));
        }
        return entries;
    }

    void write(long address, int index, Kevent value) {
        ByteBuffer entry = memory.at(address + (long) index * layout.size(), layout.size());
        for (int i = 0; i < layout.size(); i++) {
            entry.put(i, (byte) 0);
        }
        entry.putLong(layout.ident(), value.ident());
        integer(entry, layout.filter(), layout.filterSize(), value.filter());
        integer(entry, layout.flags(), layout.flagsSize(), value.flags());
        entry.putInt(layout.fflags(), value.fflags());
        entry.putLong(layout.data(), value.data());
        entry.putLong(layout.udata(), value.udata());
    }

    /** The whole array must be memory that the caller owns, filled or not. */
    void checkWritable(long address, int count) {
        memory.at(address, (long) count * layout.size());
    }

    private static long integer(ByteBuffer entry, int at, int size) {
        return size == Short.BYTES ? entry.getShort(at) : entry.getInt(at);
    }

    private static long unsigned(long value, int size) {
        return size == Short.BYTES ? value & 0xffff : value & 0xffff_ffffL;
    }

    private static void integer(ByteBuffer entry, int at, int size, int value) {
        if (size == Short.BYTES) {
            entry.putShort(at, (short) value);
        } else {
            entry.putInt(at, value);
        }
    }
}
