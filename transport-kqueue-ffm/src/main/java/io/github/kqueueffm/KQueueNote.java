// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;

/**
 * The filters' own flags of kqueue(2), {@code NOTE_} and the name here in {@code <sys/event.h>}. Some systems have more of them
 * than others, and numbers of their own for them, which is why they are names here. Each belongs to one filter.
 *
 * <p>Methods may be called from any thread. They are about the system in use, and throw {@link UnsatisfiedLinkError} when the
 * transport is not available.
 */
public enum KQueueNote {
    /** READ, WRITE: {@code data} is the number of bytes from which on there is an event. */
    LOWAT,

    /** VNODE: the file was removed. */
    DELETE,
    /** VNODE: the file was written. Of a directory: a name came or went. */
    WRITE,
    /** VNODE: the file has grown. */
    EXTEND,
    /** VNODE: its attributes have changed. */
    ATTRIB,
    /** VNODE: the number of its links has changed. */
    LINK,
    /** VNODE: it was renamed. */
    RENAME,
    /** VNODE: access to it was revoked, or its file system unmounted. */
    REVOKE,
    /** VNODE: it was opened. FreeBSD 11, NetBSD 10. */
    OPEN,
    /** VNODE: a descriptor for reading was closed. FreeBSD 11, NetBSD 10. */
    CLOSE,
    /** VNODE: a descriptor for writing was closed. FreeBSD 11, NetBSD 10. */
    CLOSE_WRITE,
    /** VNODE: it was read. FreeBSD 11, NetBSD 10. */
    READ,
    /** VNODE: it was truncated. OpenBSD; elsewhere that is {@link #WRITE}, or {@link #ATTRIB}, or nothing (NetBSD). */
    TRUNCATE,

    /** PROC: the process has ended. */
    EXIT,
    /** PROC: it has forked. */
    FORK,
    /** PROC: it has executed another program. */
    EXEC,
    /** PROC, with {@link #EXIT}: macOS, which tells the status only to those who ask for it. */
    EXITSTATUS,

    /** TIMER: {@code data} is in seconds. Without a unit it is in milliseconds on every system. */
    SECONDS,
    /** TIMER: {@code data} is in microseconds. Not on DragonFly; before NetBSD 10 ignored, as are the other units. */
    USECONDS,
    /** TIMER: {@code data} is in nanoseconds. */
    NSECONDS,
    /** TIMER: {@code data} is a point in time, counted from 1970. */
    ABSTIME,

    /** USER: the 24 flags become what they have in common with those of the change. */
    FFAND,
    /** USER: those of the change are added to the 24 flags. */
    FFOR,
    /** USER: those of the change take the place of the 24 flags. */
    FFCOPY,
    /** USER: which bits are flags. */
    FFLAGSMASK,
    /** USER: fires the event. */
    TRIGGER;

    /** Whether the system in use has it. Where it has not, asking for it could mean something else. */
    public boolean isSupported() {
        return Platform.has(number(Availability.binding().platform()));
    }

    /**
     * The number, or bits, of this in the {@code fflags} of the system in use.
     *
     * @throws UnsupportedOperationException when it has no such thing
     */
    public int value() {
        Platform platform = Availability.binding().platform();
        int number = number(platform);
        if (!Platform.has(number)) {
            throw new UnsupportedOperationException(platform.os() + " has no NOTE_" + name());
        }
        return number;
    }

    /** Whether {@code fflags} have all bits of this; false where there is no such thing. Not for units of timers. */
    public boolean isIn(int fflags) {
        int number = number(Availability.binding().platform());
        return Platform.has(number) && (fflags & number) == number;
    }

    int number(Platform platform) {
        NoteConstants notes = platform.notes();
        KqueueConstants kqueue = platform.kqueue();
        switch (this) {
            case LOWAT:
                return kqueue.NOTE_LOWAT();
            case DELETE:
                return notes.NOTE_DELETE();
            case WRITE:
                return notes.NOTE_WRITE();
            case EXTEND:
                return notes.NOTE_EXTEND();
            case ATTRIB:
                return notes.NOTE_ATTRIB();
            case LINK:
                return notes.NOTE_LINK();
            case RENAME:
                return notes.NOTE_RENAME();
            case REVOKE:
                return notes.NOTE_REVOKE();
            case OPEN:
                return notes.NOTE_OPEN();
            case CLOSE:
                return notes.NOTE_CLOSE();
            case CLOSE_WRITE:
                return notes.NOTE_CLOSE_WRITE();
            case READ:
                return notes.NOTE_READ();
            case TRUNCATE:
                return notes.NOTE_TRUNCATE();
            case EXIT:
                return notes.NOTE_EXIT();
            case FORK:
                return notes.NOTE_FORK();
            case EXEC:
                return notes.NOTE_EXEC();
            case EXITSTATUS:
                return notes.NOTE_EXITSTATUS();
            case SECONDS:
                return notes.NOTE_SECONDS();
            case USECONDS:
                return notes.NOTE_USECONDS();
            case NSECONDS:
                return notes.NOTE_NSECONDS();
            case ABSTIME:
                return notes.NOTE_ABSTIME();
            case FFAND:
                return notes.NOTE_FFAND();
            case FFOR:
                return notes.NOTE_FFOR();
            case FFCOPY:
                return notes.NOTE_FFCOPY();
            case FFLAGSMASK:
                return notes.NOTE_FFLAGSMASK();
            case TRIGGER:
                return kqueue.NOTE_TRIGGER();
        }
        throw new AssertionError(this);
    }
}
