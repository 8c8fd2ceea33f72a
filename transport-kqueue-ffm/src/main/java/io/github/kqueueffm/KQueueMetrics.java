// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.LoopCounter;
import io.github.kqueueffm.internal.engine.LoopCounters;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What event loops of this transport have done since they were made, at one moment. Immutable. Counting is always on; it makes
 * no system call, allocates nothing and uses no atomic instruction.
 *
 * <pre>{@code
 * KQueueMetrics before = KQueueMetrics.of(group);
 * ...
 * KQueueMetrics since = KQueueMetrics.of(group).minus(before);
 * long turns = since.waits();
 * }</pre>
 *
 * <p>A count may be behind by what the event loop does at the moment, and counts of one snapshot by different amounts. They
 * are exact when the event loop waits, and when the snapshot is taken on its thread between two events.
 */
public final class KQueueMetrics {

    private static final LoopCounter[] COUNTERS = LoopCounter.values();

    private final long[] counts;

    private KQueueMetrics(long[] counts) {
        this.counts = counts;
    }

    static KQueueMetrics of(LoopCounters counters) {
        return new KQueueMetrics(counters.snapshot());
    }

    /**
     * The sum over the event loops of a group, or what one event loop has done, as an event loop is a group of itself. Executors
     * that do not run on this transport count as having done nothing. Any thread, also after the group was shut down.
     */
    public static KQueueMetrics of(EventExecutorGroup group) {
        KQueueMetrics sum = new KQueueMetrics(new long[COUNTERS.length]);
        for (EventExecutor executor : group) {
            KQueueIoHandler handler = EventLoopHandlers.of(executor);
            if (handler != null) {
                sum = sum.plus(handler.metrics());
            }
        }
        return sum;
    }

    private long get(LoopCounter counter) {
        return counts[counter.ordinal()];
    }

    /**
     * System calls that waited for events, {@code kevent} or on Linux {@code epoll_pwait2}: one for each turn of an event loop,
     * {@link #polls} included.
     */
    public long waits() {
        return get(LoopCounter.WAITS);
    }

    /** Those of {@link #waits} that could not wait, since there was other work. */
    public long polls() {
        return get(LoopCounter.POLLS);
    }

    /** System calls that only sent changes, as the list of them was full or one could not be put off. 0 on Linux. */
    public long flushes() {
        return get(LoopCounter.FLUSHES);
    }

    /** Changes sent with these calls: filters added, enabled, disabled, deleted. */
    public long changes() {
        return get(LoopCounter.CHANGES);
    }

    /** Changes that were not sent, as a later one replaced or undid them, or their channel was closed. */
    public long coalescedChanges() {
        return get(LoopCounter.COALESCED);
    }

    /** Events and errors of changes that these calls have brought, wakeups included. */
    public long events() {
        return get(LoopCounter.EVENTS);
    }

    /**
     * Reads that were not made, as the kernel had told that there was nothing left, or that the peer has closed. What is counted
     * is the last read of reading until EAGAIN or end of file.
     */
    public long savedReads() {
        return get(LoopCounter.READS_SAVED);
    }

    /** The same for accepts: those that would have answered EAGAIN after the last connection. */
    public long savedAccepts() {
        return get(LoopCounter.ACCEPTS_SAVED);
    }

    /** Waits that another thread ended by a system call, to run a task. */
    public long wakeups() {
        return get(LoopCounter.WAKEUPS);
    }

    /** Reads, writes and accepts of channels that answered EAGAIN: nothing there, or no room. */
    public long eagains() {
        return get(LoopCounter.EAGAINS);
    }

    /**
     * Failed system calls: reads, writes, accepts and connects of channels with an error that was told to the channel, changes
     * that the kernel refused, failed waits. Connections that were gone before they could be accepted are none.
     */
    public long errors() {
        return get(LoopCounter.ERRORS);
    }

    /** Times that a server channel stopped accepting, see {@link AcceptPausedEvent}. */
    public long acceptPauses() {
        return get(LoopCounter.ACCEPT_PAUSES);
    }

    /** Both together. */
    public KQueueMetrics plus(KQueueMetrics other) {
        long[] sum = new long[COUNTERS.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = counts[i] + other.counts[i];
        }
        return new KQueueMetrics(sum);
    }

    /** What was done since an earlier snapshot of the same event loops. */
    public KQueueMetrics minus(KQueueMetrics earlier) {
        long[] difference = new long[COUNTERS.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = counts[i] - earlier.counts[i];
        }
        return new KQueueMetrics(difference);
    }

    /**
     * All counts by name, in a fixed order: {@code netty.kqueue.waits}, {@code netty.kqueue.changes.coalesced}, ... The names are
     * those of the methods in the way that Micrometer names its meters for Netty ({@code netty.eventexecutor.workers}), and
     * will not change.
     */
    public Map<String, Long> toMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        for (LoopCounter counter : COUNTERS) {
            map.put(name(counter), get(counter));
        }
        return Collections.unmodifiableMap(map);
    }

    private static String name(LoopCounter counter) {
        switch (counter) {
            case WAITS:
                return "netty.kqueue.waits";
            case POLLS:
                return "netty.kqueue.polls";
            case FLUSHES:
                return "netty.kqueue.flushes";
            case CHANGES:
                return "netty.kqueue.changes";
            case COALESCED:
                return "netty.kqueue.changes.coalesced";
            case EVENTS:
                return "netty.kqueue.events";
            case READS_SAVED:
                return "netty.kqueue.reads.saved";
            case ACCEPTS_SAVED:
                return "netty.kqueue.accepts.saved";
            case WAKEUPS:
                return "netty.kqueue.wakeups";
            case EAGAINS:
                return "netty.kqueue.eagains";
            case ERRORS:
                return "netty.kqueue.errors";
            case ACCEPT_PAUSES:
                return "netty.kqueue.accept.pauses";
        }
        throw new AssertionError(counter);
    }

    /** {@code waits 12, polls 3, ...}; a form for people, which may change. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Long> count : toMap().entrySet()) {
            text.append(text.length() == 0 ? "" : ", ")
                    .append(
                            count.getKey(),
                            "netty.kqueue.".length(),
                            count.getKey().length())
                    .append(' ')
                    .append(count.getValue());
        }
        return text.toString();
    }
}
