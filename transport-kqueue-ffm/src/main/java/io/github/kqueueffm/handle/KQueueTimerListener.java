// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

/** Is told when a timer has expired. */
@FunctionalInterface
public interface KQueueTimerListener extends KQueueHandleListener<KQueueTimer> {

    /**
     * The timer has expired. Event loop's thread.
     *
     * @param expirations how many times since the last call, 1 or more: those of a periodic timer are counted while the event loop
     *     is busy
     */
    void expired(KQueueTimer timer, long expirations);
}
