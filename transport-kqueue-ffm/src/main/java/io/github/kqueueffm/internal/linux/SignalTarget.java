// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import java.util.concurrent.atomic.AtomicLong;

/** One EVFILT_SIGNAL knote. Loop thread, but for {@link #raised}. */
final class SignalTarget extends EpollTarget {

    private static final int NO_DESCRIPTOR = -1;

    final int number;
    final KnoteState knote;
    private final SignalFilter filter;

    /** Come, and not taken over by the loop's thread. */
    private final AtomicLong come = new AtomicLong();

    /** Come since the last report. */
    private long count;

    SignalTarget(SignalFilter filter, KqueueConstants constants, int number) {
        super(NO_DESCRIPTOR);
        this.filter = filter;
        this.number = number;
        knote = new KnoteState(constants, constants.EVFILT_SIGNAL());
    }

    /** The signal was delivered to this process. A thread of the JVM's, which holds {@link SignalHub}'s lock. */
    void raised() {
        come.incrementAndGet();
        filter.wake();
    }

    /** Takes over what has come. */
    void collect() {
        long more = come.getAndSet(0);
        if (more > 0) {
            count += more;
            knote.activate();
            queueIfPending();
        }
    }

    void enable() {
        knote.enable();
        // What has come stays so.
        knote.stale = false;
        queueIfPending();
    }

    private void queueIfPending() {
        if (isPending()) {
            filter.queue.add(this);
        }
    }

    @Override
    void fired(int mask) {
        throw new IllegalStateException("a signal is in no epoll set");
    }

    @Override
    boolean isPending() {
        return knote.isReportable();
    }

    @Override
    int deliver(KEventList events, int at, int room) {
        if (room == 0 || !isPending()) {
            return 0;
        }
        events.set(at, number, knote.filter, knote.flags(), 0, count, knote.udata);
        count = 0;
        knote.reported();
        if (!knote.added) {
            filter.remove(this);
        }
        return 1;
    }
}
