// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import java.io.IOException;

/**
 * Fired as a user event on a server channel that could not accept because descriptors or memory have run out (EMFILE,
 * ENFILE, ENOBUFS, ENOMEM). Accepting goes on by itself after a pause; until then connections wait in the kernel. An
 * application may use the time to close connections that do nothing.
 */
public final class AcceptPausedEvent {

    private final IOException cause;
    private final long pauseMillis;

    AcceptPausedEvent(IOException cause, long pauseMillis) {
        this.cause = cause;
        this.pauseMillis = pauseMillis;
    }

    /** What accept(2) answered. */
    public IOException cause() {
        return cause;
    }

    /** How long accepting rests, milliseconds. */
    public long pauseMillis() {
        return pauseMillis;
    }

    @Override
    public String toString() {
        return "AcceptPausedEvent(" + cause.getMessage() + ", " + pauseMillis + " ms)";
    }
}
