// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import java.util.concurrent.atomic.AtomicLong;

/** One EVFILT_SIGNAL knote. Loop thread, but for {@link #raised}. */
final class SignalTarget extends KnoteTarget {

    final int number;
    private final SignalFilter filter;

    /** Come, and not taken over by the loop's thread. */
    private final AtomicLong come = new AtomicLong();

    /** Come since the last report. */
    private long count;

    SignalTarget(SignalFilter filter, KqueueConstants constants, int number) {
        super(filter.queue, constants, constants.EVFILT_SIGNAL(), NO_DESCRIPTOR);
        this.filter = filter;
        this.number = number;
    }

    /** The signal was delivered to this process. A thread of the JVM's, which holds {@link SignalHub}'s lock. */
    void raised() {
        come.incrementAndGet();
        // Cannot fail: the kqueue is open as long as this is subscribed.
        filter.wake.ring();
    }

    /** Takes over what has come. */
    void collect() {
        long more = come.getAndSet(0);
        if (more > 0) {
            count += more;
            activate();
        }
    }

    @Override
    void report(KEventList events, int at) {
        events.set(at, number, knote.filter, knote.flags(), 0, count, knote.udata);
        count = 0;
        knote.reported();
        if (!knote.added) {
            filter.remove(this);
        }
    }
}
