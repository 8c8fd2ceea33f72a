// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/** Constants of Linux's {@code <sys/epoll.h>} and {@code <sys/eventfd.h>}; all {@link Platform#ABSENT} elsewhere. */
public record EpollConstants(
        int EPOLL_CLOEXEC,
        int EPOLL_CTL_ADD,
        int EPOLL_CTL_DEL,
        int EPOLL_CTL_MOD,
        int EPOLLIN,
        int EPOLLOUT,
        int EPOLLERR,
        int EPOLLHUP,
        int EPOLLRDHUP,
        int EPOLLET,
        int EFD_CLOEXEC,
        int EFD_NONBLOCK) {}
