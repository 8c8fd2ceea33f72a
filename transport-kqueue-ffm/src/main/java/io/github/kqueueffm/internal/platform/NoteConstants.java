// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * The {@code fflags} of {@code <sys/event.h>} for what is not a socket: user events, files, processes and timers. The units of
 * timers are bits on some systems and an enumeration on others: compare, after taking NOTE_ABSTIME away.
 *
 * @param NOTE_EXITSTATUS macOS tells how a process has ended only if it is asked; the others always do
 */
public record NoteConstants(
        int NOTE_FFNOP,
        int NOTE_FFAND,
        int NOTE_FFOR,
        int NOTE_FFCOPY,
        int NOTE_FFCTRLMASK,
        int NOTE_FFLAGSMASK,
        int NOTE_DELETE,
        int NOTE_WRITE,
        int NOTE_EXTEND,
        int NOTE_ATTRIB,
        int NOTE_LINK,
        int NOTE_RENAME,
        int NOTE_REVOKE,
        int NOTE_EXIT,
        int NOTE_FORK,
        int NOTE_EXEC,
        int NOTE_SECONDS,
        int NOTE_MSECONDS,
        int NOTE_USECONDS,
        int NOTE_NSECONDS,
        int NOTE_ABSTIME,
        int NOTE_OPEN,
        int NOTE_CLOSE,
        int NOTE_CLOSE_WRITE,
        int NOTE_READ,
        int NOTE_TRUNCATE,
        int NOTE_EXITSTATUS) {}
