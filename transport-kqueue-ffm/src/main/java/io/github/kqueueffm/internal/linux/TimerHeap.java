// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Timers that run, the next one to expire first: a binary heap. */
final class TimerHeap {

    /** {@link Timer#position} of one that is not here. */
    static final int NOWHERE = -1;

    private static final int INITIAL = 8;

    private @Nullable Timer[] timers = new @Nullable Timer[INITIAL];
    private int size;

    @Nullable
    Timer first() {
        return timers[0];
    }

    void add(Timer timer) {
        if (size == timers.length) {
            timers = Arrays.copyOf(timers, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            Timer above = get(parent);
            if (!before(timer, above)) {
                break;
            }
            place(above, at);
            at = parent;
        }
        place(timer, at);
    }

    /** Does nothing if it is not here. Its own deadline is not looked at: it may have another by now. */
    void remove(Timer timer) {
        if (timer.position != NOWHERE) {
            removeAt(timer.position);
            timer.position = NOWHERE;
        }
    }

    private void removeAt(int index) {
        Timer last = get(--size);
        timers[size] = null;
        if (index == size) {
            return;
        }
        int at = index;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(get(child + 1), get(child))) {
                child++;
            }
            if (!before(get(child), last)) {
                break;
            }
            place(get(child), at);
            at = child;
        }
        while (at > 0 && before(last, get((at - 1) / 2))) {
            place(get((at - 1) / 2), at);
            at = (at - 1) / 2;
        }
        place(last, at);
    }

    private void place(Timer timer, int at) {
        timers[at] = timer;
        timer.position = at;
    }

    private Timer get(int index) {
        Timer timer = timers[index];
        if (timer == null) {
            throw new IllegalStateException("hole at " + index + " of " + size);
        }
        return timer;
    }

    /** Differences, as {@link System#nanoTime} wants. */
    private static boolean before(Timer one, Timer other) {
        return one.deadline - other.deadline < 0;
    }
}
