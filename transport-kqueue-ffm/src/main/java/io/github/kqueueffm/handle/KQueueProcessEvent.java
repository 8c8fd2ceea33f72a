// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueNote;

/** What a process can do besides ending. */
public enum KQueueProcessEvent {
    /** It has made a child. Not on Linux. */
    FORK(KQueueNote.FORK),
    /** It has started another program in its place. Not on Linux. */
    EXEC(KQueueNote.EXEC);

    final KQueueNote note;

    KQueueProcessEvent(KQueueNote note) {
        this.note = note;
    }
}
