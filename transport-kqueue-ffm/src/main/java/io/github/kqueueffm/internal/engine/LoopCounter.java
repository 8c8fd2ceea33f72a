// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/** What {@link LoopCounters} count. */
public enum LoopCounter {
    /** Calls of kevent that bring events: one for each turn, and one more for each signal that interrupted it. */
    WAITS,
    /** Those of {@link #WAITS} that were told not to wait. */
    POLLS,
    /** Calls of kevent that only send changes: a full list, or what has to be sent at once. */
    FLUSHES,
    /** Changes sent to the kernel. */
    CHANGES,
    /** Changes asked for that were not sent: replaced or undone by a later one, or of a registration that has ended. */
    COALESCED,
    /** Entries that calls of kevent brought, the waker's and errors of changes included. */
    EVENTS,
    /** Reads not made because it was known that they would find nothing. */
    READS_SAVED,
    /** Accepts not made because it was known that nobody was waiting. */
    ACCEPTS_SAVED,
    /** Waits that another thread ended by a system call. */
    WAKEUPS,
    /** Reads, writes and accepts that answered EAGAIN. */
    EAGAINS,
    /** Changes that the kernel refused, and failed calls of kevent and of channels. */
    ERRORS,
    /** Times that accepting paused since descriptors or memory had run out. */
    ACCEPT_PAUSES
}
