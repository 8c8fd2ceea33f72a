// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the registration of an event from its {@code udata}: the slot in the low half, the slot's generation in the high
 * half. A slot that is used again has another generation, so an event of its former owner finds nothing. Generation 0 is
 * never given out: udata 0 is the waker's.
 */
final class SlotTable {

    private @Nullable Registration[] slots = new Registration[64];
    private int[] generations = new int[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;
    private int count;

    int count() {
        return count;
    }

    /** Number of slots ever used: registrations are at {@link #at} of 0 to this, exclusive, with gaps. */
    int extent() {
        return used;
    }

    @Nullable
    Registration at(int slot) {
        return slots[slot];
    }

    /** Reserves a slot and returns the udata for it; {@link #put} fills it. */
    long reserve() {
        int slot;
        if (freeCount > 0) {
            slot = free[--freeCount];
        } else {
            if (used == slots.length) {
                int capacity = used * 2;
                slots = Arrays.copyOf(slots, capacity);
                generations = Arrays.copyOf(generations, capacity);
                free = Arrays.copyOf(free, capacity);
            }
            slot = used++;
        }
        int generation = generations[slot] + 1;
        if (generation == 0) {
            generation = 1;
        }
        generations[slot] = generation;
        return (long) generation << 32 | slot;
    }

    void put(Registration registration) {
        slots[(int) registration.udata()] = registration;
        count++;
    }

    @Nullable
    Registration find(long udata) {
        int slot = (int) udata;
        if (slot < 0 || slot >= used || generations[slot] != (int) (udata >>> 32)) {
            return null;
        }
        return slots[slot];
    }

    void remove(Registration registration) {
        int slot = (int) registration.udata();
        slots[slot] = null;
        free[freeCount++] = slot;
        count--;
    }
}
