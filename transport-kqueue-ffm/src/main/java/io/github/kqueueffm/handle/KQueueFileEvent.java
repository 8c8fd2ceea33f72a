// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueNote;

/** What can happen to a file. {@link #isSupported()} tells what the system in use can say of it. */
public enum KQueueFileEvent {
    /**
     * It was removed: its last name is gone. Not told of a directory on Linux while that is watched; its parent's {@link #WRITE}
     * is.
     */
    DELETE(KQueueNote.DELETE),
    /** It was written. Of a directory: a name in it came, went or changed. */
    WRITE(KQueueNote.WRITE),
    /** It has grown. */
    EXTEND(KQueueNote.EXTEND),
    /** Its attributes have changed: permissions, owner, times. */
    ATTRIB(KQueueNote.ATTRIB),
    /** The number of its names has changed. */
    LINK(KQueueNote.LINK),
    /** It was renamed. The watch stays with the file. */
    RENAME(KQueueNote.RENAME),
    /**
     * Access to it was revoked (revoke(2)), or its file system was unmounted. Not told on Linux, where neither happens to a file
     * that is open.
     */
    REVOKE(KQueueNote.REVOKE),
    /** It was opened. FreeBSD and, from 10 on, NetBSD. */
    OPEN(KQueueNote.OPEN),
    /** A descriptor that could not write was closed. FreeBSD and, from 10 on, NetBSD. */
    CLOSE(KQueueNote.CLOSE),
    /** A descriptor that could write was closed. FreeBSD and, from 10 on, NetBSD. */
    CLOSE_WRITE(KQueueNote.CLOSE_WRITE),
    /** It was read. FreeBSD and, from 10 on, NetBSD. */
    READ(KQueueNote.READ),
    /**
     * It was cut. OpenBSD. Elsewhere that is told as {@link #WRITE} (Linux) or {@link #ATTRIB}, or not at all (NetBSD 7, as
     * observed).
     */
    TRUNCATE(KQueueNote.TRUNCATE);

    final KQueueNote note;

    KQueueFileEvent(KQueueNote note) {
        this.note = note;
    }

    /**
     * Whether the system in use tells of it.
     *
     * @throws UnsatisfiedLinkError when the transport is not available
     */
    public boolean isSupported() {
        return note.isSupported();
    }
}
