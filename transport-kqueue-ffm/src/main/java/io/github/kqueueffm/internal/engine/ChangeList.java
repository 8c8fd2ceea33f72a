// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.KeventLayout;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The changes that go to the kernel with the next wait, at most one for each knote: a later one takes the place of an
 * earlier one. The order of entries means nothing, as no two are of the same knote, so removing one moves the last into
 * its place.
 */
final class ChangeList {

    private final Syscalls syscalls;
    private final KeventLayout layout;
    private final int limit;
    private final LoopCounters counters;
    private KEventList entries;
    private @Nullable Knote[] owners;
    private int size;

    /** @param limit most entries the list grows to */
    ChangeList(Syscalls syscalls, KeventLayout layout, int capacity, int limit, LoopCounters counters) {
        this.syscalls = syscalls;
        this.layout = layout;
        this.limit = limit;
        this.counters = counters;
        entries = new KEventList(syscalls, layout, capacity);
        owners = new Knote[capacity];
    }

    int size() {
        return size;
    }

    KEventList entries() {
        return entries;
    }

    /** Whether a further knote's change has no room and the list may grow no more. */
    boolean isFull() {
        return size == limit;
    }

    int flags(Knote knote) {
        return entries.flags(knote.pending);
    }

    int fflags(Knote knote) {
        return entries.fflags(knote.pending);
    }

    void put(Knote knote, int flags, int fflags, long data) {
        if (knote.pending < 0) {
            if (size == entries.capacity()) {
                grow();
            }
            knote.pending = size;
            owners[size++] = knote;
        } else {
            counters.count(LoopCounter.COALESCED);
        }
        Registration registration = knote.registration;
        entries.set(knote.pending, registration.ident(), knote.filter, flags, fflags, data, registration.udata());
    }

    void remove(Knote knote) {
        int hole = knote.pending;
        if (hole < 0) {
            return;
        }
        knote.pending = -1;
        counters.count(LoopCounter.COALESCED);
        int last = --size;
        Knote moved = owners[last];
        owners[last] = null;
        if (last != hole && moved != null) {
            entries.copy(entries, last, hole);
            owners[hole] = moved;
            moved.pending = hole;
        }
    }

    /** The kernel has taken all entries. */
    void taken() {
        for (int i = 0; i < size; i++) {
            Knote knote = owners[i];
            if (knote != null) {
                knote.sent = knote.wanted;
                knote.pending = -1;
            }
            owners[i] = null;
        }
        size = 0;
    }

    private void grow() {
        int capacity = Math.min(limit, entries.capacity() * 2);
        KEventList grown = new KEventList(syscalls, layout, capacity);
        for (int i = 0; i < size; i++) {
            grown.copy(entries, i, i);
        }
        entries = grown;
        owners = Arrays.copyOf(owners, capacity);
    }
}
