// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * Sends a full change list without waiting, and keeps what comes back until the events that are being handed out are done
 * with: errors of changes, and events, which an edge tells only once. First in, first out.
 */
final class EarlyEvents {

    private static final int INITIAL_ENTRIES = 64;

    private final Syscalls syscalls;
    private final Platform platform;
    private final Kernel kernel;
    private final LoopCounters counters;

    /** What flushes brought: entries from {@link #next} to {@link #count}. */
    private @Nullable KEventList kept;

    private int count;
    private int next;

    /** Where the kernel stores what one flush brings. */
    private @Nullable KEventList received;

    EarlyEvents(Syscalls syscalls, Platform platform, Kernel kernel, LoopCounters counters) {
        this.syscalls = syscalls;
        this.platform = platform;
        this.kernel = kernel;
        this.counters = counters;
    }

    /** Number of entries kept. */
    int size() {
        return count - next;
    }

    /** The list that {@link #takeIndex} is about; a {@link #flush} may put another in its place. */
    KEventList list() {
        KEventList list = kept;
        if (list == null) {
            throw new IllegalStateException("nothing was flushed");
        }
        return list;
    }

    /** Index of the oldest entry in {@link #list}, which is taken out by this. Only while {@link #size} is not 0. */
    int takeIndex() {
        return next++;
    }

    /**
     * Sends all changes. With less room for events than changes, a bad change would end the list where it stands; with room,
     * the call may bring events as well.
     */
    void flush(ChangeList changes) {
        int sent = changes.size();
        KEventList list = room(sent);
        KEventList target = target(sent);
        counters.count(LoopCounter.FLUSHES);
        counters.add(LoopCounter.CHANGES, sent);
        int result = kernel.kevent(changes.entries(), sent, target, sent, 0);
        if (result == -platform.errno().EINTR()) {
            // Applied (kqueue(2)); what there is to report comes with the next wait.
            result = 0;
        }
        if (result < 0) {
            counters.failed("kevent", -1, -result);
            throw new KernelException("kevent", -result);
        }
        changes.taken();
        counters.add(LoopCounter.EVENTS, result);
        for (int i = 0; i < result; i++) {
            list.copy(target, i, count++);
        }
    }

    private KEventList target(int wanted) {
        KEventList list = received;
        if (list == null || list.capacity() < wanted) {
            list = new KEventList(syscalls, platform.kevent(), Math.max(wanted, INITIAL_ENTRIES));
            received = list;
        }
        return list;
    }

    private KEventList room(int wanted) {
        KEventList list = kept;
        if (list != null && list.capacity() >= count + wanted) {
            return list;
        }
        int left = size();
        KEventList roomy = list;
        if (roomy == null || roomy.capacity() < left + wanted) {
            roomy = new KEventList(syscalls, platform.kevent(), Math.max(left + wanted, INITIAL_ENTRIES));
        }
        for (int i = 0; list != null && i < left; i++) {
            roomy.copy(list, next + i, i);
        }
        kept = roomy;
        next = 0;
        count = left;
        return roomy;
    }
}
