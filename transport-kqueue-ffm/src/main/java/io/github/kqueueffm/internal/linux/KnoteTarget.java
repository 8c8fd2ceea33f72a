// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/** A target with one knote, whose condition is something that has happened and stays so until it is reported. */
abstract class KnoteTarget extends EpollTarget {

    /** In place of a descriptor, where none is in the epoll set. */
    static final int NO_DESCRIPTOR = -1;

    final KnoteState knote;
    private final KqueueConstants constants;
    private final ReadyQueue queue;

    KnoteTarget(ReadyQueue queue, KqueueConstants constants, int filter, int fd) {
        super(fd);
        this.queue = queue;
        this.constants = constants;
        knote = new KnoteState(constants, filter);
    }

    /** What EV_DISABLE and EV_ENABLE of a change ask for, in this order. */
    final void disableOrEnable(int flags) {
        if ((flags & constants.EV_DISABLE()) != 0) {
            knote.disabled = true;
        }
        if ((flags & constants.EV_ENABLE()) != 0) {
            knote.enable();
            tellAgain();
        }
    }

    /** It has happened. */
    final void activate() {
        knote.activate();
        queueIfPending();
    }

    /** What has happened is reported once more: there is nothing to look at again. */
    final void tellAgain() {
        knote.stale = false;
        queueIfPending();
    }

    private void queueIfPending() {
        if (isPending()) {
            queue.add(this);
        }
    }

    @Override
    void fired(int mask) {
        throw new IllegalStateException("not in the epoll set");
    }

    @Override
    final boolean isPending() {
        return knote.isReportable();
    }

    @Override
    final int deliver(KEventList events, int at, int room) {
        if (room == 0 || !isPending()) {
            return 0;
        }
        report(events, at);
        return 1;
    }

    /** Stores the event as entry {@code at}. */
    abstract void report(KEventList events, int at);
}
