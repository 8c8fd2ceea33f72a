// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import org.jspecify.annotations.Nullable;

/** What the events of one registration in the epoll set lead to: the knotes of one descriptor. Loop thread only. */
abstract class EpollTarget {

    final int fd;

    /** The one behind in the {@link ReadyQueue}. */
    @Nullable
    EpollTarget next;

    boolean queued;

    EpollTarget(int fd) {
        this.fd = fd;
    }

    /** epoll told {@code mask} of this descriptor. Puts itself into the ready queue if a knote is to be reported. */
    abstract void fired(int mask);

    /** Whether {@link #deliver} has something to store. */
    abstract boolean isPending();

    /**
     * Stores the events of its knotes from entry {@code at} on, at most {@code room}.
     *
     * @return number stored
     */
    abstract int deliver(KEventList events, int at, int room);
}
