// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/**
 * The engine's side of one filter of one descriptor: what the kernel has been told, what is on its way, and what the
 * kernel has last said. Loop thread only.
 */
public final class Knote {

    /** What the kernel holds for this knote, as far as changes sent so far tell. */
    enum Stage {
        /** No such knote. */
        ABSENT,
        /** Reports. */
        ENABLED,
        /** Reports end of file and errors only, see {@link FilterKind#EDGE}. */
        QUIET,
        /** Reports nothing. */
        DISABLED,
        /** Whatever the owner's own changes made of it. */
        RAW
    }

    final Registration registration;
    final int filter;
    final FilterKind kind;

    Stage sent = Stage.ABSENT;
    Stage wanted = Stage.ABSENT;

    /** Index of this knote's entry in the change list, -1 without one. */
    int pending = -1;

    /** The owner wants events: ACTIVE. Otherwise INACTIVE, or BLOCKED once the kernel has the knote. */
    boolean active;

    boolean ready;
    long available;
    boolean eof;
    int errno;

    Knote(Registration registration, int filter, FilterKind kind) {
        this.registration = registration;
        this.filter = filter;
        this.kind = kind;
    }

    /** Whether an event was seen that the owner has not used up. */
    public boolean ready() {
        return ready;
    }

    /**
     * Bytes to read, connections to accept or room to write as the kernel told and {@link #consumed} has left, or
     * {@link Kernel#UNKNOWN}.
     */
    public long available() {
        return available;
    }

    /** Whether the kernel reported end of file in this direction: no more will come than is available. */
    public boolean eof() {
        return eof;
    }

    /** The error that came with end of file, 0 without one. */
    public int errno() {
        return errno;
    }

    /** The owner has taken {@code count} bytes or connections: rules 2 and 3 of the engine rest on this count. */
    public void consumed(long count) {
        if (available >= 0) {
            // More than was announced may have come since, so this may pass zero. That arrival is an edge of its own.
            available = Math.max(0, available - count);
            if (available == 0 && !eof) {
                ready = false;
            }
        }
    }

    /** The descriptor answered EAGAIN, or less than was asked for. What comes from now on is a new edge. */
    public void exhausted() {
        if (!eof) {
            ready = false;
            registration.engine.kernel().exhausted(registration.ident(), filter);
        }
        available = 0;
    }

    void record(long data, boolean endOfFile, int error) {
        ready = true;
        available = data;
        if (endOfFile) {
            eof = true;
            if (error != 0) {
                errno = error;
            }
        }
    }
}
