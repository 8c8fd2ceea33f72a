// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/** Ends a wait of the engine from another thread. {@link Wakeup} decides when that is needed. */
interface Waker {

    /** Any thread, also several at once; the descriptors are open for the duration of the call. */
    void trigger();

    /** The waker's event was received. Loop thread. */
    void received();

    /** Closes what the waker opened; the kqueue is still open. Loop thread. */
    void close();

    /** {@code "user"} or {@code "pipe"}. */
    String name();
}
