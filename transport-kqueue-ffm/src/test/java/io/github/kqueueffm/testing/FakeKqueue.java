// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A kqueue: its knotes, and those among them that have something to report, in the order in which they got it. */
final class FakeKqueue extends FakeDescriptor {

    /** Of DragonFly, {@code <sys/event.h>}; nothing else has these bits. */
    private static final int EV_NODATA = 0x1000;

    private static final int EV_HUP = 0x800;

    private record Key(long ident, int filter) {}

    private final Map<Key, Knote> knotes = new LinkedHashMap<>();
    private final ArrayDeque<Knote> queue = new ArrayDeque<>();
    private final KqueueConstants c;

    /** Threads inside kevent(2) on this kqueue. */
    int waiters;

    FakeKqueue(ScriptedKernel kernel) {
        super(kernel);
        c = kernel.platform().kqueue();
    }

    int size() {
        return knotes.size();
    }

    @Nullable
    Knote find(long ident, int filter) {
        return knotes.get(new Key(ident, filter));
    }

    /** Applies one change. Returns errno, 0 if it was good. */
    int apply(Kevent change) {
        if (!kernel.hasFilter(change.filter())) {
            return errno().EINVAL();
        }
        FakeDescriptor descriptor = null;
        if (isOfDescriptor(change.filter())) {
            descriptor = kernel.find(change.ident());
            if (descriptor == null) {
                // Even for EV_DELETE (observed).
                return errno().EBADF();
            }
        }
        if (change.has(c.EV_ENABLE()) && change.has(c.EV_DISABLE())) {
            // FreeBSD's answer; nobody should count on another one.
            return errno().EINVAL();
        }
        Knote knote = find(change.ident(), change.filter());
        if (knote == null && (!change.has(c.EV_ADD()) || change.has(c.EV_DELETE()))) {
            return errno().ENOENT();
        }
        if (knote != null && change.has(c.EV_DELETE())) {
            drop(knote);
            return 0;
        }
        if (knote == null) {
            int errno = kernel.refusal(change.ident(), change.filter());
            if (errno != 0) {
                return errno;
            }
            knote = add(change, descriptor);
        } else {
            modify(knote, change);
        }
        enqueue(knote);
        return 0;
    }

    private Knote add(Kevent change, @Nullable FakeDescriptor descriptor) {
        int kind = change.flags() & (c.EV_CLEAR() | c.EV_ONESHOT() | c.EV_DISPATCH());
        Knote knote = new Knote(this, change.ident(), change.filter(), kind, descriptor);
        knotes.put(new Key(change.ident(), change.filter()), knote);
        if (descriptor != null) {
            descriptor.watchers.add(knote);
        }
        knote.disabled = change.has(c.EV_DISABLE());
        replace(knote, change);
        if (change.filter() == c.EVFILT_USER()) {
            knote.fired = (change.fflags() & c.NOTE_TRIGGER()) != 0;
        }
        look(knote);
        return knote;
    }

    private void modify(Knote knote, Kevent change) {
        boolean user = change.filter() == c.EVFILT_USER();
        boolean replaces = change.has(c.EV_ADD()) || kernel.flavour().replacesWithoutAdd();
        if (replaces || user) {
            replace(knote, change);
        }
        if (user) {
            if ((change.fflags() & c.NOTE_TRIGGER()) != 0) {
                knote.fired = true;
            }
            if (change.has(c.EV_CLEAR()) && kernel.flavour().clearTakesTriggerBack()) {
                knote.fired = false;
                knote.active = false;
                dequeue(knote);
            }
        }
        if (change.has(c.EV_ENABLE())) {
            knote.disabled = false;
        } else if (change.has(c.EV_DISABLE())) {
            knote.disabled = true;
            dequeue(knote);
        }
        if (replaces || user) {
            look(knote);
        }
    }

    private static void replace(Knote knote, Kevent change) {
        knote.fflags = change.fflags();
        knote.data = change.data();
        knote.udata = change.udata();
    }

    /** An event of a filter that is neither READ nor WRITE happened. Returns whether a knote heard of it. */
    boolean fire(long ident, int filter, int fflags, long data) {
        Knote knote = find(ident, filter);
        if (knote == null) {
            return false;
        }
        knote.fired = true;
        knote.firedFflags |= fflags;
        knote.firedData += data;
        look(knote);
        return true;
    }

    /** Takes up to {@code capacity} events. */
    List<Kevent> scan(int capacity) {
        List<Kevent> events = new ArrayList<>();
        // Each knote at most once: a level-triggered one goes back to the end.
        for (int left = queue.size(); left > 0 && events.size() < capacity; left--) {
            Knote knote = queue.remove();
            knote.queued = false;
            Readiness readiness = readiness(knote);
            boolean oneShot = (knote.kind & c.EV_ONESHOT()) != 0;
            if (!readiness.active() && !oneShot) {
                knote.active = false;
                continue;
            }
            events.add(report(knote, readiness));
            if (oneShot) {
                drop(knote);
            } else {
                reported(knote);
            }
        }
        return events;
    }

    private Kevent report(Knote knote, Readiness readiness) {
        int flags = knote.kind;
        if (kernel.flavour().reportsAdd()) {
            flags |= c.EV_ADD();
        }
        if (readiness.eof()) {
            flags |= c.EV_EOF();
            if (kernel.flavour().marksEnds()) {
                flags |= endMarks(knote, readiness);
            }
        }
        return new Kevent(knote.ident, knote.filter, flags, readiness.fflags(), readiness.data(), knote.udata);
    }

    private static int endMarks(Knote knote, Readiness readiness) {
        FakeDescriptor descriptor = knote.descriptor;
        boolean both = descriptor != null
                && descriptor.readReadiness(1).eof()
                && descriptor.writeReadiness(1).eof();
        return (readiness.data() == 0 ? EV_NODATA : 0) | (both ? EV_HUP : 0);
    }

    private void reported(Knote knote) {
        boolean clear = (knote.kind & c.EV_CLEAR()) != 0;
        boolean dispatch = (knote.kind & c.EV_DISPATCH()) != 0;
        boolean user = knote.filter == c.EVFILT_USER();
        if (clear || !user) {
            // Timers and signals clear themselves, whatever they were added with.
            knote.fired = false;
            knote.firedFflags = 0;
            knote.firedData = 0;
        }
        if (dispatch && !(clear && kernel.flavour().clearVoidsDispatch())) {
            knote.disabled = true;
            knote.active = false;
        } else if (clear || !readiness(knote).active()) {
            knote.active = false;
        } else {
            enqueue(knote);
        }
    }

    /** Without a word to anybody. */
    void drop(Knote knote) {
        knotes.remove(new Key(knote.ident, knote.filter));
        dequeue(knote);
        if (knote.descriptor != null) {
            knote.descriptor.watchers.remove(knote);
        }
    }

    /** Looks whether the knote has something to report, as when something happened to its descriptor. */
    void look(Knote knote) {
        if (readiness(knote).active()) {
            knote.active = true;
            enqueue(knote);
        }
    }

    private void enqueue(Knote knote) {
        if (knote.active && !knote.disabled && !knote.queued) {
            knote.queued = true;
            queue.add(knote);
            kernel.lock.notifyAll();
        }
    }

    private void dequeue(Knote knote) {
        if (knote.queued) {
            knote.queued = false;
            queue.remove(knote);
        }
    }

    private Readiness readiness(Knote knote) {
        long lowWater = (knote.fflags & c.NOTE_LOWAT()) != 0 ? knote.data : 1;
        if (knote.descriptor != null && knote.filter == c.EVFILT_READ()) {
            return knote.descriptor.readReadiness(lowWater);
        }
        if (knote.descriptor != null && knote.filter == c.EVFILT_WRITE()) {
            return knote.descriptor.writeReadiness(lowWater);
        }
        return new Readiness(knote.fired, knote.firedData, false, knote.firedFflags);
    }

    private boolean isOfDescriptor(int filter) {
        return filter == c.EVFILT_READ() || filter == c.EVFILT_WRITE() || filter == c.EVFILT_VNODE();
    }

    @Override
    Readiness readReadiness(long lowWater) {
        return new Readiness(!queue.isEmpty(), queue.size(), false, 0);
    }

    @Override
    Readiness writeReadiness(long lowWater) {
        return Readiness.NOTHING;
    }

    @Override
    long read(ByteBuffer into) {
        return -errno().EOPNOTSUPP();
    }

    @Override
    long write(ByteBuffer from) {
        return -errno().EOPNOTSUPP();
    }

    @Override
    void closed() {
        if (waiters > 0) {
            throw new AssertionError("a thread waits on the kqueue that is being closed");
        }
        for (Knote knote : List.copyOf(knotes.values())) {
            drop(knote);
        }
    }
}
