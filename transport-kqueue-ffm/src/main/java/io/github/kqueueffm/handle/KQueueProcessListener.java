// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

/** Is told of the end of a process, and of what it does before. */
@FunctionalInterface
public interface KQueueProcessListener extends KQueueHandleListener<KQueueProcess> {

    /**
     * The process has ended, and the handle closes after this call; it tells how, {@link KQueueProcess#exitCode()}. Event loop's
     * thread.
     */
    void exited(KQueueProcess process);

    /** The process has made a child, or several since the last call. Event loop's thread. */
    default void forked(KQueueProcess process) {}

    /** The process has started another program. Event loop's thread. */
    default void executed(KQueueProcess process) {}
}
