// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import org.jspecify.annotations.Nullable;

/** Registrations to be told of their READ filter without a new event: first in, first out, each at most once. */
final class ReadyList {

    private @Nullable Registration[] ring = new Registration[64];
    private int head;
    private int size;

    /** Entries that are still wanted. */
    private int live;

    /** Whether nobody waits to be told. */
    boolean isEmpty() {
        return live == 0;
    }

    /** Number of entries, those that {@link #forget} has left included. */
    int size() {
        return size;
    }

    void add(Registration registration) {
        if (registration.queued) {
            return;
        }
        if (size == ring.length) {
            Registration[] grown = new Registration[size * 2];
            for (int i = 0; i < size; i++) {
                grown[i] = ring[(head + i) & (size - 1)];
            }
            ring = grown;
            head = 0;
        }
        ring[(head + size++) & (ring.length - 1)] = registration;
        registration.queued = true;
        live++;
    }

    /** The registration has ended. Its entry stays, and counts for nothing: a loop with only such ones may wait. */
    void forget(Registration registration) {
        if (registration.queued) {
            registration.queued = false;
            live--;
        }
    }

    /** The next entry, {@code null} if there is none or it was forgotten. */
    @Nullable
    Registration poll() {
        if (size == 0) {
            return null;
        }
        Registration registration = ring[head];
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        if (registration == null || !registration.queued) {
            return null;
        }
        registration.queued = false;
        live--;
        return registration;
    }
}
