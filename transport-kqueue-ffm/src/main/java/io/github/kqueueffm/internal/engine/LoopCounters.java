// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import java.lang.invoke.VarHandle;

/**
 * Counts what one event loop does. Plain memory, written by the loop's thread alone: an atomic addition would cost more than
 * all of this. The loop makes a system call in each turn, so a reader is never behind by more than the turn under way; on a
 * 32-bit JVM, for which there is no platform record, a long could be read in halves (JLS 17.7).
 */
public final class LoopCounters {

    private static final LoopCounter[] ALL = LoopCounter.values();

    private final long[] counts = new long[ALL.length];
    private final LoopObserver observer;

    LoopCounters(LoopObserver observer) {
        this.observer = observer;
    }

    /** Loop's thread. */
    public void count(LoopCounter counter) {
        counts[counter.ordinal()]++;
    }

    /** Loop's thread. */
    void add(LoopCounter counter, long count) {
        counts[counter.ordinal()] += count;
    }

    /**
     * Counts a system call that has failed, and tells the observer. Loop's thread.
     *
     * @param call C name
     * @param ident descriptor or other ident, -1 for none
     * @param errno positive
     */
    public void failed(String call, int ident, int errno) {
        count(LoopCounter.ERRORS);
        observer.failed(call, ident, errno);
    }

    /** All counts, by the ordinals of {@link LoopCounter}. Any thread. */
    public long[] snapshot() {
        // A caller that waits for a count in a loop gets a new one each time.
        VarHandle.acquireFence();
        return counts.clone();
    }
}
