// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

/** Is told that a user event was triggered. */
@FunctionalInterface
public interface KQueueUserEventListener extends KQueueHandleListener<KQueueUserEvent> {

    /**
     * The event was triggered since the last call, once or more often. Event loop's thread.
     *
     * @param flags its 24 flags, with all changes that were made before the trigger and perhaps with later ones; they stay as they
     *     are
     */
    void triggered(KQueueUserEvent event, int flags);
}
