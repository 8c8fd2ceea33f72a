// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueNote;

/**
 * What EVFILT_TIMER of a system understands besides milliseconds, which need no NOTE_ anywhere.
 *
 * @param micros NOTE_USECONDS, {@link #NONE} without it
 * @param nanos NOTE_NSECONDS, {@link #NONE} without it
 * @param absolute NOTE_ABSTIME, {@link #NONE} without it
 */
record TimerUnits(int micros, int nanos, int absolute) {

    /** Milliseconds have no number, or 0. */
    static final int NONE = 0;

    static TimerUnits ofThisSystem() {
        return new TimerUnits(value(KQueueNote.USECONDS), value(KQueueNote.NSECONDS), value(KQueueNote.ABSTIME));
    }

    private static int value(KQueueNote note) {
        return note.isSupported() ? note.value() : NONE;
    }
}
