// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

/** Is told that a signal has come. */
@FunctionalInterface
public interface KQueueSignalListener extends KQueueHandleListener<KQueueSignal> {

    /**
     * The signal was sent to this process. Event loop's thread.
     *
     * @param count how often since the last call, 1 or more. A signal that is sent again while it is still pending counts on
     *     the BSDs, and does not on Linux
     */
    void received(KQueueSignal signal, long count);
}
