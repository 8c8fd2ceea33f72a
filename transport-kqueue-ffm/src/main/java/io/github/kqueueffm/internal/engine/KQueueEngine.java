// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The kqueue engine of one event loop: gathers changes, sends them with the wait, and hands events to their
 * registrations. Everything but {@link #wakeup} belongs to the loop's thread.
 */
public final class KQueueEngine {

    /** {@code deadline} of {@link #turn} for a wait without limit. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** {@code deadline} of {@link #turn} for no wait at all. */
    public static final long NOW = Long.MIN_VALUE;

    private static final int INITIAL_ENTRIES = 256;

    private final Syscalls syscalls;
    private final Platform platform;
    private final KqueueConstants constants;
    private final Kernel kernel;
    private final Wakeup wakeup;
    private final int maxEntries;
    private final LoopObserver observer;
    private final LoopCounters counters;
    private final SlotTable slots = new SlotTable();
    private final ReadyList readyList = new ReadyList();
    private final ChangeList changeList;
    private final EarlyEvents early;
    private final Changes changes;
    private final Dispatcher dispatcher;

    private KEventList events;
    private int eventCount;
    private int eventNext;

    /** The list was full at the last wait, so there may be more: it grows. */
    private boolean eventsFilled;

    private boolean destroyed;

    /** An engine that nobody observes. */
    public KQueueEngine(
            Syscalls syscalls, Platform platform, Kernel kernel, int maxEntries, @Nullable String preferredWaker) {
        this(syscalls, platform, kernel, maxEntries, preferredWaker, LoopObserver.NONE);
    }

    /**
     * @param kernel owned by this engine from here on
     * @param maxEntries most events taken in one turn and most changes gathered before they are sent early, at least 1
     * @param preferredWaker {@code "user"}, {@code "pipe"} or null to find out by trying
     */
    public KQueueEngine(
            Syscalls syscalls,
            Platform platform,
            Kernel kernel,
            int maxEntries,
            @Nullable String preferredWaker,
            LoopObserver observer) {
        this.syscalls = syscalls;
        this.platform = platform;
        this.kernel = kernel;
        this.maxEntries = maxEntries;
        this.observer = observer;
        counters = new LoopCounters(observer);
        constants = platform.kqueue();
        int entries = Math.min(INITIAL_ENTRIES, maxEntries);
        changeList = new ChangeList(syscalls, platform.kevent(), entries, maxEntries, counters);
        early = new EarlyEvents(syscalls, platform, kernel, counters);
        changes = new Changes(constants, changeList, early, counters);
        events = new KEventList(syscalls, platform.kevent(), entries);
        try {
            wakeup = new Wakeup(WakerFactory.open(syscalls, platform, kernel, preferredWaker));
        } catch (RuntimeException e) {
            kernel.close();
            throw e;
        }
        dispatcher = new Dispatcher(platform, slots, changes, wakeup.waker(), counters);
    }

    /** What this engine and the channels on it have done. */
    public LoopCounters counters() {
        return counters;
    }

    /** {@code "user"} or {@code "pipe"}. */
    public String waker() {
        return wakeup.waker().name();
    }

    /** {@code "kqueue"} or {@code "epoll"}. */
    public String backend() {
        return kernel.backend();
    }

    /** Number of open registrations. */
    public int registrations() {
        return slots.count();
    }

    /** Slots to look through with {@link #registrationAt}. */
    public int slotExtent() {
        return slots.extent();
    }

    /** The registration in a slot, null in a free one. */
    public @Nullable Registration registrationAt(int slot) {
        return slots.at(slot);
    }

    KqueueConstants constants() {
        return constants;
    }

    Kernel kernel() {
        return kernel;
    }

    /**
     * Makes a registration. The kernel hears of it with its first filter.
     *
     * @param readKind EDGE or LEVEL
     */
    public Registration register(int ident, FilterKind readKind, EventTarget target) {
        if (destroyed) {
            throw new IllegalStateException("the kqueue of this event loop is closed");
        }
        Registration registration = new Registration(this, target, ident, slots.reserve(), readKind);
        slots.put(registration);
        return registration;
    }

    /** Ends a wait of {@link #turn}, or keeps the next one from waiting. Any thread, also after {@link #destroy}. */
    public void wakeup() {
        wakeup.wakeup();
    }

    /**
     * To be called before the caller looks whether there is other work: a {@link #wakeup} from here on keeps the next
     * {@link #turn} from waiting.
     */
    public void prepareTurn() {
        wakeup.consume();
    }

    /** Whether the next turn has something to do without asking the kernel. */
    public boolean hasReady() {
        return !readyList.isEmpty() || eventNext < eventCount || early.size() > 0;
    }

    /**
     * One turn: sends the changes, waits, then hands out what came and what was left over.
     *
     * <p>An exception of a target leaves the events behind it for the next turn, which does not wait.
     *
     * @param deadline {@link System#nanoTime} to wait until, {@link #NO_DEADLINE} or {@link #NOW}
     * @return number of events handed out
     * @throws KernelException when the kqueue itself fails; the changes are kept
     */
    public int turn(long deadline) {
        if (!collect(deadline)) {
            return 0;
        }
        return handOut();
    }

    /**
     * The first half of {@link #turn}: sends the changes and waits.
     *
     * @return whether there is something to hand out
     */
    public boolean collect(long deadline) {
        if (eventNext < eventCount) {
            return true;
        }
        // Events of an early flush do not take the place of this call, or a loop that flushes before each turn would
        // never make it.
        boolean ready = hasReady();
        observer.turnEnds();
        boolean waiting = deadline != NOW && !ready && wakeup.startWaiting();
        try {
            eventNext = 0;
            eventCount = 0;
            eventCount = poll(waiting ? deadline : NOW);
        } finally {
            if (waiting) {
                wakeup.stopWaiting();
            }
            observer.turnBegins();
        }
        return ready || eventCount > 0;
    }

    private int poll(long deadline) {
        // As many events as changes at least: with less room the kernel could not report a bad change, and would stop
        // at it and forget the rest.
        int wanted = Math.max(changeList.size(), eventCapacityWanted());
        if (events.capacity() < wanted) {
            events = new KEventList(syscalls, platform.kevent(), wanted);
        }
        long timeout = remaining(deadline);
        countWait(timeout);
        // Now, so that the counts of an event loop that waits are those of what it has done.
        counters.add(LoopCounter.CHANGES, changeList.size());
        int count = kernel.kevent(changeList.entries(), changeList.size(), events, events.capacity(), timeout);
        while (count == -platform.errno().EINTR()) {
            // The changes were applied (kqueue(2), EINTR). Waiting goes on for the time that is left.
            changeList.taken();
            timeout = remaining(deadline);
            countWait(timeout);
            count = kernel.kevent(changeList.entries(), 0, events, events.capacity(), timeout);
        }
        if (count < 0) {
            counters.failed("kevent", -1, -count);
            throw new KernelException("kevent", -count);
        }
        changeList.taken();
        counters.add(LoopCounter.EVENTS, count);
        eventsFilled = count == events.capacity();
        return count;
    }

    private void countWait(long timeout) {
        counters.count(LoopCounter.WAITS);
        if (timeout == 0) {
            counters.count(LoopCounter.POLLS);
        }
    }

    private int eventCapacityWanted() {
        return eventsFilled ? Math.min(maxEntries, events.capacity() * 2) : events.capacity();
    }

    private static long remaining(long deadline) {
        if (deadline == NOW) {
            return 0;
        }
        if (deadline == NO_DEADLINE) {
            return Kernel.FOREVER;
        }
        return Math.max(0, deadline - System.nanoTime());
    }

    /** The second half of {@link #turn}. */
    public int handOut() {
        int handled = 0;
        int left = readyList.size();
        if (eventNext == 0) {
            // Older than this batch: they came with a flush before it.
            handled += handOutEarly();
        }
        while (eventNext < eventCount) {
            handled += dispatcher.dispatch(events, eventNext++);
        }
        handled += handOutEarly();
        // Only those that were there before the events: a registration that schedules itself again waits for its turn.
        while (left-- > 0) {
            Registration registration = readyList.poll();
            if (registration != null && registration.isOpen() && Dispatcher.wantsRead(registration.reader())) {
                handled++;
                registration.target().readReady(registration);
            }
        }
        observer.handedOut(handled);
        return handled;
    }

    private int handOutEarly() {
        int handled = 0;
        // Only those that are there now: what their handlers add waits.
        for (int left = early.size(); left > 0; left--) {
            int index = early.takeIndex();
            handled += dispatcher.dispatch(early.list(), index);
        }
        return handled;
    }

    /** Queues what it takes to bring a knote of the engine's own making to {@code stage}. */
    void change(Knote knote, Knote.Stage stage) {
        changes.change(knote, stage);
    }

    /**
     * Queues a change of the owner's own making, for filters that the engine does not manage. READ and WRITE may be
     * managed like this too, as long as the registration does not use the engine's own.
     */
    public void submit(Registration registration, int filter, int flags, int fflags, long data) {
        changes.submit(registration, filter, flags, fflags, data);
    }

    void schedule(Registration registration) {
        readyList.add(registration);
    }

    void release(Registration registration) {
        changes.drop(registration);
        readyList.forget(registration);
        slots.remove(registration);
    }

    /** Deletes what the kernel has of a registration whose ident stays open, at once. */
    void deleteKnotes(Registration registration) {
        changes.deleteKnotes(registration);
    }

    /** All open registrations, in no order; for closing them. */
    public Registration[] snapshot() {
        Registration[] found = new Registration[slots.count()];
        int count = 0;
        for (int i = 0; i < slots.extent(); i++) {
            Registration registration = slots.at(i);
            if (registration != null) {
                found[count++] = registration;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Closes the kqueue and the waker. Registrations still open end without being told. Idempotent. */
    public void destroy() {
        if (destroyed) {
            return;
        }
        destroyed = true;
        wakeup.close();
        for (Registration registration : snapshot()) {
            registration.close();
        }
        wakeup.waker().close();
        kernel.close();
    }
}
