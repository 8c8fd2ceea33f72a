// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides which calls of {@link #wakeup} reach the kernel: only the first one of each wait. A loop that is not waiting is
 * told through {@link #consume} instead, for nothing.
 *
 * <p>After {@link #close} no thread is inside the waker and none will enter it, so its descriptor numbers may go to
 * someone else.
 */
final class Wakeup {

    private static final int RUNNING = 0;
    private static final int WOKEN = 1;
    private static final int WAITING = 2;
    private static final int CLOSED = 3;

    private final AtomicInteger state = new AtomicInteger(RUNNING);
    private final AtomicInteger triggering = new AtomicInteger();
    private final Waker waker;

    Wakeup(Waker waker) {
        this.waker = waker;
    }

    Waker waker() {
        return waker;
    }

    /** Any thread, at any time. */
    void wakeup() {
        for (; ; ) {
            int now = state.get();
            if (now == RUNNING) {
                if (state.compareAndSet(RUNNING, WOKEN)) {
                    return;
                }
            } else if (now == WAITING) {
                // Announced before the state is left, so that close() either stops this or waits for it.
                triggering.incrementAndGet();
                try {
                    if (state.compareAndSet(WAITING, WOKEN)) {
                        trigger();
                        return;
                    }
                } finally {
                    triggering.decrementAndGet();
                }
            } else {
                return;
            }
        }
    }

    private void trigger() {
        try {
            waker.trigger();
        } catch (RuntimeException e) {
            // The loop waits on: the next wakeup must try again.
            state.compareAndSet(WOKEN, WAITING);
            throw e;
        }
    }

    /** Forgets a wakeup that came while the loop was running. The caller looks for work after this, not before. */
    void consume() {
        state.compareAndSet(WOKEN, RUNNING);
    }

    /** @return false when a wakeup came since {@link #consume}: do not wait */
    boolean startWaiting() {
        return state.compareAndSet(RUNNING, WAITING);
    }

    /** The wait is over, whatever ended it. */
    void stopWaiting() {
        if (!state.compareAndSet(WAITING, RUNNING)) {
            state.compareAndSet(WOKEN, RUNNING);
        }
    }

    /** Loop thread. Returns when no other thread uses the waker any more. */
    void close() {
        state.set(CLOSED);
        while (triggering.get() != 0) {
            // One system call that does not block; it is about to return.
            Thread.onSpinWait();
        }
    }
}
