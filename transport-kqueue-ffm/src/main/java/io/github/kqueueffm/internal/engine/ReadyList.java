// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import org.jspecify.annotations.Nullable;

/** Registrations to be told of their READ filter without a new event: first in, first out, each at most once. */
final class ReadyList {

    private @Nullable Registration[] ring = new Registration[64];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

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
    }

    @Nullable
    Registration poll() {
        if (size == 0) {
            return null;
        }
        Registration registration = ring[head];
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        if (registration != null) {
            registration.queued = false;
        }
        return registration;
    }
}
