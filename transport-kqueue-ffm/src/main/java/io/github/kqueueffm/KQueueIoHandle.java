// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.IoHandle;

/** Something with a kqueue ident that can be registered on an event loop of this transport. */
public interface KQueueIoHandle extends IoHandle {

    /**
     * What the filters of this handle are about: a descriptor for READ, WRITE and VNODE, a process id for PROC, a signal
     * number for SIGNAL, a number of the handle's choice for TIMER and USER. 0 is taken, and those from 2^30 on are given out
     * by the package {@code io.github.kqueueffm.handle}. A kqueue has one filter of a kind for each ident: two handles of an
     * event loop that add the same one take it from each other. Must not change while the handle is registered; called on the
     * event loop's thread.
     */
    int ident();
}
