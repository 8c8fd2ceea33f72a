// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.KQueueIoOps;
import io.github.kqueueffm.KQueueNote;
import io.netty.channel.EventLoopGroup;
import io.netty.util.internal.ObjectUtil;
import java.util.Set;

/**
 * Watches a process, one's own child or another (EVFILT_PROC; a pidfd on Linux), without taking its end away from
 * {@link Process}, which may be waited for as ever. An event loop watches a process once.
 *
 * <p>A process that is gone already fails {@link #registerFuture()} with {@code ESRCH}; so does, on some systems, one that has
 * ended and whose parent has not asked for it yet. Process numbers are used again: watch a child before it can be gone, or look at
 * it again ({@link ProcessHandle#info()}) when the watch is registered.
 *
 * <p>Linux tells only of the end, takes 5.3 with glibc 2.36 for that, and does not tell how a process has ended that is not a child
 * of this one or was waited for faster than it was told, before 6.15. OpenBSD is said to miss ends at times (libuv does without
 * its EVFILT_PROC for that, libuv/libuv#3506).
 */
public final class KQueueProcess extends KQueueHandle {

    /** As wait(2) packs it: alike on all systems with a kqueue, and on Linux. */
    private static final int SIGNAL_MASK = 0x7f;

    private static final int CORE_FLAG = 0x80;
    private static final int CODE_SHIFT = 8;
    private static final int CODE_MASK = 0xff;

    private static final int RUNNING = -2;
    private static final int UNKNOWN = -1;

    private final int pid;
    private final Set<KQueueProcessEvent> events;
    private final KQueueProcessListener listener;

    /** Whether the kernel is asked for the status: macOS tells it to parents and those who may send signals. */
    private boolean asksForStatus = KQueueNote.EXITSTATUS.isSupported();

    private volatile int status = RUNNING;

    private KQueueProcess(
            EventLoopGroup loops, int pid, Set<KQueueProcessEvent> events, KQueueProcessListener listener) {
        super(loops, KQueueFilter.PROC, pid);
        this.pid = pid;
        this.events = Set.copyOf(events);
        this.listener = ObjectUtil.checkNotNull(listener, "listener");
    }

    /**
     * Watches for the end of a process.
     *
     * @param pid as {@link Process#pid()} has it
     * @throws IllegalArgumentException when the event loop is not of this transport, or {@code pid} is no number of a process
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueProcess watch(EventLoopGroup loops, long pid, KQueueProcessListener listener) {
        return watch(loops, pid, Set.of(), listener);
    }

    /**
     * Watches for the end of a process and for what it does before. Where the system does not tell of that, as Linux does not,
     * {@link #registerFuture()} fails with an {@link UnsupportedOperationException}.
     *
     * @param pid as {@link Process#pid()} has it
     * @param events what to be told besides the end
     * @throws IllegalArgumentException when the event loop is not of this transport, or {@code pid} is no number of a process
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueProcess watch(
            EventLoopGroup loops, long pid, Set<KQueueProcessEvent> events, KQueueProcessListener listener) {
        int number = (int) pid;
        if (number <= 0 || number != pid) {
            throw new IllegalArgumentException(pid + " is no number of a process");
        }
        KQueueProcess process = new KQueueProcess(loops, number, events, listener);
        process.register();
        return process;
    }

    /** The number of the process. */
    public long pid() {
        return pid;
    }

    /** Whether its end was told. */
    public boolean isExited() {
        return status != RUNNING;
    }

    /** Whether its end was told, and the system has said how it ended. */
    public boolean isExitStatusKnown() {
        return status >= 0;
    }

    /** What it gave to exit(2), 0 to 255; -1 when a signal has ended it, when the system does not say, or while it runs. */
    public int exitCode() {
        int known = status;
        return known >= 0 && (known & SIGNAL_MASK) == 0 ? known >> CODE_SHIFT & CODE_MASK : -1;
    }

    /**
     * The number of the signal that has ended it; 0 when it ended by itself, when the system does not say, or while it runs.
     * Numbers of signals differ between systems.
     */
    public int exitSignal() {
        int known = status;
        return known >= 0 ? known & SIGNAL_MASK : 0;
    }

    /** Whether a signal has ended it and its memory was written to a core file. */
    public boolean isCoreDumped() {
        int known = status;
        return known >= 0 && (known & SIGNAL_MASK) != 0 && (known & CORE_FLAG) != 0;
    }

    @Override
    KQueueIoOps addition() {
        // Always the end: without it the kernel would drop the filter without a word when the process ends.
        int fflags = KQueueNote.EXIT.value();
        for (KQueueProcessEvent event : events) {
            fflags |= event.note.value();
        }
        return KQueueIoOps.newOps(
                KQueueFilter.PROC,
                KQueueIoOps.ADD | KQueueIoOps.ENABLE | KQueueIoOps.RECEIPT | KQueueIoOps.CLEAR,
                asksForStatus ? fflags | KQueueNote.EXITSTATUS.value() : fflags);
    }

    @Override
    String unsupported() {
        return events.isEmpty()
                ? super.unsupported()
                : "this system tells of the end of a process, and not of " + events;
    }

    @Override
    boolean isRepaired(KQueueIoException cause) {
        if (asksForStatus && cause.errnoName().equals("EACCES")) {
            // filt_procattach of macOS: its end may be known, but not how.
            asksForStatus = false;
            submit(addition());
            return true;
        }
        return false;
    }

    @Override
    void deliver(KQueueIoEvent event) {
        // In the order in which a process does them.
        if (KQueueNote.FORK.isIn(event.fflags())) {
            listener.forked(this);
        }
        if (isOpen() && KQueueNote.EXEC.isIn(event.fflags())) {
            listener.executed(this);
        }
        if (isOpen() && isLast(event)) {
            boolean told = event.data() >= 0 && (asksForStatus || !KQueueNote.EXITSTATUS.isSupported());
            status = told ? (int) event.data() & (CODE_MASK << CODE_SHIFT | CORE_FLAG | SIGNAL_MASK) : UNKNOWN;
            listener.exited(this);
        }
    }

    @Override
    boolean isLast(KQueueIoEvent event) {
        return KQueueNote.EXIT.isIn(event.fflags());
    }

    @Override
    void caught(Throwable cause) {
        listener.exceptionCaught(this, cause);
    }

    @Override
    public String toString() {
        return "KQueueProcess(" + pid + ')';
    }
}
