// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/** Constants of {@code <sys/event.h>}; on Linux those of our kqueue over epoll (libkqueue's numbers). */
public record KqueueConstants(
        int EVFILT_READ,
        int EVFILT_WRITE,
        int EVFILT_VNODE,
        int EVFILT_PROC,
        int EVFILT_SIGNAL,
        int EVFILT_TIMER,
        int EVFILT_USER,
        int EV_ADD,
        int EV_DELETE,
        int EV_ENABLE,
        int EV_DISABLE,
        int EV_ONESHOT,
        int EV_CLEAR,
        int EV_RECEIPT,
        int EV_DISPATCH,
        int EV_EOF,
        int EV_ERROR,
        int NOTE_TRIGGER,
        int NOTE_LOWAT) {}
