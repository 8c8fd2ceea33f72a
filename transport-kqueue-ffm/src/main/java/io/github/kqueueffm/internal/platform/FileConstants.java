// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/** Constants of {@code <fcntl.h>}, {@code <sys/stat.h>}, {@code <sys/ioctl.h>} and {@code <poll.h>}. */
public record FileConstants(
        int F_GETFD,
        int F_SETFD,
        int FD_CLOEXEC,
        int F_GETFL,
        int F_SETFL,
        int O_NONBLOCK,
        int O_RDONLY,
        int O_CLOEXEC,
        int O_EVTONLY,
        int S_IFMT,
        int S_IFREG,
        int S_IFSOCK,
        int SEEK_CUR,
        int FIONREAD,
        int POLLIN,
        int POLLOUT,
        int POLLERR,
        int POLLHUP) {}
