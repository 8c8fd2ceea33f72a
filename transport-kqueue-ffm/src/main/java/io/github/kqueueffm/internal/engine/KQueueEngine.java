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

    /** More than any receive buffer can hold: a filter with this low-water mark tells of end of file and errors only. */
    private static final int QUIET_MARK = Integer.MAX_VALUE;

    private static final int INITIAL_ENTRIES = 256;

    private final Syscalls syscalls;
    private final Platform platform;
    private final KqueueConstants constants;
    private final Kernel kernel;
    private final Wakeup wakeup;
    private final int maxEntries;
    private final SlotTable slots = new SlotTable();
    private final ReadyList readyList = new ReadyList();
    private final ChangeList changes;

    private KEventList events;
    private int eventCount;
    private int eventNext;

    /** Events that early flushes brought, of which those up to {@link #earlyNext} are handed out. */
    private @Nullable KEventList early;

    private int earlyCount;
    private int earlyNext;

    private boolean destroyed;

    /**
     * @param kernel owned by this engine from here on
     * @param maxEntries most events taken in one turn and most changes gathered before they are sent early, at least 1
     * @param preferredWaker {@code "user"}, {@code "pipe"} or null to find out by trying
     */
    public KQueueEngine(
            Syscalls syscalls, Platform platform, Kernel kernel, int maxEntries, @Nullable String preferredWaker) {
        this.syscalls = syscalls;
        this.platform = platform;
        this.kernel = kernel;
        this.maxEntries = maxEntries;
        constants = platform.kqueue();
        int entries = Math.min(INITIAL_ENTRIES, maxEntries);
        changes = new ChangeList(syscalls, platform.kevent(), entries, maxEntries);
        events = new KEventList(syscalls, platform.kevent(), entries);
        try {
            wakeup = new Wakeup(WakerFactory.open(syscalls, platform, kernel, preferredWaker));
        } catch (RuntimeException e) {
            kernel.close();
            throw e;
        }
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
        return !readyList.isEmpty() || eventNext < eventCount || earlyNext < earlyCount;
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
        boolean waiting = deadline != NOW && !ready && wakeup.startWaiting();
        try {
            eventNext = 0;
            eventCount = 0;
            eventCount = poll(waiting ? deadline : NOW);
        } finally {
            if (waiting) {
                wakeup.stopWaiting();
            }
        }
        return ready || eventCount > 0;
    }

    private int poll(long deadline) {
        // As many events as changes at least: with less room the kernel could not report a bad change, and would stop
        // at it and forget the rest.
        int wanted = Math.max(changes.size(), eventCapacityWanted());
        if (events.capacity() < wanted) {
            events = new KEventList(syscalls, platform.kevent(), wanted);
        }
        long timeout = remaining(deadline);
        int count = kernel.kevent(changes.entries(), changes.size(), events, events.capacity(), timeout);
        while (count == -platform.errno().EINTR()) {
            // The changes were applied (kqueue(2), EINTR). Waiting goes on for the time that is left.
            changes.taken();
            count = kernel.kevent(changes.entries(), 0, events, events.capacity(), remaining(deadline));
        }
        if (count < 0) {
            throw new KernelException("kevent", -count);
        }
        changes.taken();
        lastCountFilled = count == events.capacity();
        return count;
    }

    /** The list was full at the last wait, so there may be more: it grows. */
    private boolean lastCountFilled;

    private int eventCapacityWanted() {
        return lastCountFilled ? Math.min(maxEntries, events.capacity() * 2) : events.capacity();
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
            handled += handOut(events, eventNext++);
        }
        handled += handOutEarly();
        // Only those that were there before the events: a registration that schedules itself again waits for its turn.
        while (left-- > 0) {
            Registration registration = readyList.poll();
            if (registration != null && registration.isOpen() && wantsRead(registration.reader())) {
                handled++;
                registration.target().readReady(registration);
            }
        }
        return handled;
    }

    private static boolean wantsRead(Knote reader) {
        // A listener has no end to be told of while it is blocked; level-triggered, it would be told without end.
        return reader.ready && (reader.active || reader.eof && reader.kind == FilterKind.EDGE);
    }

    private int handOutEarly() {
        int handled = 0;
        KEventList list = early;
        // Only those that are there now: what their handlers add waits. The list may be replaced meanwhile.
        for (int left = earlyCount - earlyNext; list != null && left > 0; left--) {
            handled += handOut(list, earlyNext++);
            list = early;
        }
        return handled;
    }

    private int handOut(KEventList list, int index) {
        long udata = list.udata(index);
        int flags = list.flags(index);
        if (udata == UserWaker.UDATA) {
            if ((flags & constants.EV_ERROR()) == 0) {
                wakeup.waker().received();
            }
            return 0;
        }
        Registration registration = slots.find(udata);
        if (registration == null) {
            // Of a registration that has ended since: its descriptor number may be someone else's by now.
            return 0;
        }
        int filter = list.filter(index);
        long data = list.data(index);
        if ((flags & constants.EV_ERROR()) != 0) {
            // Some kernels leave EV_ERROR in the flags of a receipt, whose data is 0.
            if (data != 0) {
                handOutError(registration, filter, (int) data);
            }
            return 1;
        }
        int fflags = list.fflags(index);
        if (registration.findRaw(filter) != null) {
            registration.target().event(registration, filter, flags, fflags, data);
            return 1;
        }
        boolean eof = (flags & constants.EV_EOF()) != 0;
        if (filter == constants.EVFILT_READ()) {
            handOutRead(registration, data, eof, fflags);
        } else if (filter == constants.EVFILT_WRITE()) {
            Knote writer = registration.writer();
            // EV_DISPATCH: the kernel has disabled it.
            writer.sent = Knote.Stage.DISABLED;
            writer.wanted = Knote.Stage.DISABLED;
            writer.active = false;
            writer.record(data, eof, eof ? fflags : 0);
            registration.target().writeReady(registration);
        }
        return 1;
    }

    private void handOutRead(Registration registration, long data, boolean eof, int fflags) {
        Knote reader = registration.reader();
        reader.record(data, eof, eof ? fflags : 0);
        if (wantsRead(reader)) {
            registration.target().readReady(registration);
        } else if (reader.wanted == Knote.Stage.ENABLED) {
            // Blocked, and the kernel does not know: it would wake the loop for every further arrival.
            change(reader, reader.kind == FilterKind.LEVEL ? Knote.Stage.DISABLED : Knote.Stage.QUIET);
        }
    }

    private void handOutError(Registration registration, int filter, int errno) {
        Knote knote = registration.findRaw(filter);
        if (knote == null) {
            knote = filter == constants.EVFILT_READ() ? registration.reader() : registration.writer();
            knote.active = false;
        }
        boolean removal = knote.sent == Knote.Stage.ABSENT;
        knote.sent = Knote.Stage.ABSENT;
        if (knote.pending < 0) {
            // Otherwise the owner has changed it since: what is on its way is not what was refused.
            knote.wanted = Knote.Stage.ABSENT;
        }
        // kqueue(2): ENOENT, the knote went by itself, as EV_ONESHOT does when it fires; EBADF, it went with its
        // descriptor. Either way it is as the removal wanted it.
        if (removal
                && (errno == platform.errno().ENOENT()
                        || errno == platform.errno().EBADF())) {
            return;
        }
        registration.target().refused(registration, filter, errno);
    }

    /** Queues what it takes to bring a knote of the engine's own making to {@code stage}; nothing if it is there already. */
    void change(Knote knote, Knote.Stage stage) {
        knote.wanted = stage;
        if (knote.sent == stage) {
            changes.remove(knote);
            return;
        }
        makeRoom(knote);
        // Each change tells all there is to tell, so that it may take the place of one that was not sent.
        int flags = constants.EV_ADD() | kindFlags(knote.kind);
        flags |= stage == Knote.Stage.DISABLED ? constants.EV_DISABLE() : constants.EV_ENABLE();
        boolean quiet = stage == Knote.Stage.QUIET;
        changes.put(knote, flags, quiet ? constants.NOTE_LOWAT() : 0, quiet ? QUIET_MARK : 0);
    }

    private int kindFlags(FilterKind kind) {
        switch (kind) {
            case EDGE:
                return constants.EV_CLEAR();
            case ONE_SHOT:
                return constants.EV_DISPATCH();
            default:
                return 0;
        }
    }

    /**
     * Queues a change of the owner's own making, for filters that the engine does not manage. READ and WRITE may be
     * managed like this too, as long as the registration does not use the engine's own.
     */
    public void submit(Registration registration, int filter, int flags, int fflags, long data) {
        if (!registration.isOpen()) {
            return;
        }
        Knote knote = registration.raw(filter);
        if (knote.pending >= 0) {
            boolean delete = (flags & constants.EV_DELETE()) != 0;
            boolean undoes = delete && knote.sent == Knote.Stage.ABSENT;
            if (undoes) {
                changes.remove(knote);
                knote.wanted = Knote.Stage.ABSENT;
                return;
            }
            if (fflags != 0 || changes.fflags(knote) != 0 || (changes.flags(knote) & ~flags) != 0) {
                // The one that waits says something that this one does not: both must be told, in their order.
                flushEarly();
            }
        }
        makeRoom(knote);
        knote.wanted = (flags & constants.EV_DELETE()) != 0 ? Knote.Stage.ABSENT : Knote.Stage.RAW;
        changes.put(knote, flags, fflags, data);
    }

    void schedule(Registration registration) {
        readyList.add(registration);
    }

    void release(Registration registration) {
        for (int i = 0; i < registration.knoteCount(); i++) {
            changes.remove(registration.knote(i));
        }
        slots.remove(registration);
    }

    /** Deletes what the kernel has of a registration whose ident stays open, at once. */
    void deleteKnotes(Registration registration) {
        for (int i = 0; i < registration.knoteCount(); i++) {
            Knote knote = registration.knote(i);
            changes.remove(knote);
            knote.wanted = Knote.Stage.ABSENT;
            if (knote.sent != Knote.Stage.ABSENT) {
                makeRoom(knote);
                changes.put(knote, constants.EV_DELETE(), 0, 0);
            }
        }
        if (changes.size() > 0) {
            flushEarly();
        }
    }

    private void makeRoom(Knote knote) {
        if (knote.pending < 0 && changes.isFull()) {
            flushEarly();
        }
    }

    /**
     * Sends the changes without waiting. With less room for events than changes, a bad change would end the list where it
     * stands; with room, the call may bring events as well, which are kept for after those being handled.
     */
    private void flushEarly() {
        int count = changes.size();
        KEventList list = earlyRoom(count);
        int result = kernel.kevent(changes.entries(), count, flushEvents(count), count, 0);
        if (result == -platform.errno().EINTR()) {
            // Applied (kqueue(2)); what there is to report comes with the next wait.
            result = 0;
        }
        if (result < 0) {
            throw new KernelException("kevent", -result);
        }
        changes.taken();
        KEventList received = flushEvents(count);
        for (int i = 0; i < result; i++) {
            list.copy(received, i, earlyCount++);
        }
    }

    private @Nullable KEventList flushed;

    private KEventList flushEvents(int count) {
        KEventList list = flushed;
        if (list == null || list.capacity() < count) {
            list = new KEventList(syscalls, platform.kevent(), Math.max(count, INITIAL_ENTRIES));
            flushed = list;
        }
        return list;
    }

    private KEventList earlyRoom(int count) {
        KEventList list = early;
        if (list == null || list.capacity() < earlyCount + count) {
            int left = earlyCount - earlyNext;
            KEventList roomy = list;
            if (roomy == null || roomy.capacity() < left + count) {
                roomy = new KEventList(syscalls, platform.kevent(), Math.max(left + count, INITIAL_ENTRIES));
            }
            for (int i = 0; list != null && i < left; i++) {
                roomy.copy(list, earlyNext + i, i);
            }
            early = roomy;
            earlyNext = 0;
            earlyCount = left;
            list = roomy;
        }
        return list;
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
