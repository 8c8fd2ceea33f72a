// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

/** A target whose level-triggered knote is reported at each wait and has no descriptor in the epoll set that would say so. */
abstract class RepeatingTarget extends EpollTarget {

    boolean onRepeatingList;

    RepeatingTarget(int fd) {
        super(fd);
    }

    /** A new wait begins: puts itself into the ready queue if its condition still holds. */
    abstract void repeat();
}
