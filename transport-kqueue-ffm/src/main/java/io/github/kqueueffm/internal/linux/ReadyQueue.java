// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import org.jspecify.annotations.Nullable;

/**
 * Targets with events to report, first come first served as the knotes of a kqueue are. What finds no room in one event
 * list stays for the next: an edge that epoll has told is not told again.
 */
final class ReadyQueue {

    private @Nullable EpollTarget head;
    private @Nullable EpollTarget tail;

    void add(EpollTarget target) {
        if (target.queued) {
            return;
        }
        target.queued = true;
        if (tail == null) {
            head = target;
        } else {
            tail.next = target;
        }
        tail = target;
    }

    /** Whether {@link #drain} has something to store. */
    boolean hasPending() {
        while (head != null && !head.isPending()) {
            // Disabled, deleted or read to exhaustion since it came here.
            removeFirst(head);
        }
        return head != null;
    }

    /**
     * Stores events until the queue is empty or there are {@code capacity} of them.
     *
     * @return number of events stored
     */
    int drain(KEventList events, int capacity) {
        int count = 0;
        while (head != null && count < capacity) {
            EpollTarget first = head;
            count += first.deliver(events, count, capacity - count);
            if (!first.isPending()) {
                removeFirst(first);
            }
        }
        return count;
    }

    private void removeFirst(EpollTarget first) {
        head = first.next;
        if (head == null) {
            tail = null;
        }
        first.next = null;
        first.queued = false;
    }
}
