// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import java.util.Set;

/** Is told what happens to a file. */
@FunctionalInterface
public interface KQueueFileListener extends KQueueHandleListener<KQueueFileWatch> {

    /**
     * Something has happened to the file since the last call. Event loop's thread.
     *
     * @param events what, of the events asked for; more than one at a time where they came together. Valid during this call only:
     *     copy it to keep it. Cannot be changed
     */
    void changed(KQueueFileWatch watch, Set<KQueueFileEvent> events);
}
