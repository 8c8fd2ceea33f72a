// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/** Constants of Linux's {@code <sys/inotify.h>}; all {@link Platform#ABSENT} elsewhere. */
public record InotifyConstants(
        int IN_CLOEXEC,
        int IN_NONBLOCK,
        int IN_MASK_ADD,
        int IN_MODIFY,
        int IN_ATTRIB,
        int IN_MOVED_FROM,
        int IN_MOVED_TO,
        int IN_CREATE,
        int IN_DELETE,
        int IN_DELETE_SELF,
        int IN_MOVE_SELF,
        int IN_UNMOUNT,
        int IN_Q_OVERFLOW,
        int IN_IGNORED,
        int IN_ISDIR) {}
