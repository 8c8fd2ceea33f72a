// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;

/** Brings an event to the registration it is of, if that is still there. */
final class Dispatcher {

    private final KqueueConstants constants;
    private final Errno errno;
    private final SlotTable slots;
    private final Changes changes;
    private final Waker waker;
    private final LoopCounters counters;

    Dispatcher(Platform platform, SlotTable slots, Changes changes, Waker waker, LoopCounters counters) {
        constants = platform.kqueue();
        errno = platform.errno();
        this.slots = slots;
        this.changes = changes;
        this.waker = waker;
        this.counters = counters;
    }

    /** Whether the owner is to be told of what its READ filter has. */
    static boolean wantsRead(Knote reader) {
        // A listener has no end to be told of while it is blocked; level-triggered, it would be told without end.
        return reader.ready && (reader.active || reader.eof && reader.kind == FilterKind.EDGE);
    }

    /**
     * Hands out one entry.
     *
     * @return 1 if a registration was told, else 0
     */
    int dispatch(KEventList list, int index) {
        long udata = list.udata(index);
        int flags = list.flags(index);
        if (udata == UserWaker.UDATA) {
            if ((flags & constants.EV_ERROR()) == 0) {
                counters.count(LoopCounter.WAKEUPS);
                waker.received();
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
            if (data != 0) {
                refused(registration, filter, (int) data);
            } else if (registration.findRaw(filter) != null) {
                // A receipt (EV_RECEIPT), which only owners ask for.
                registration.target().event(registration, filter, flags, list.fflags(index), 0);
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
            read(registration, data, eof, fflags);
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

    private void read(Registration registration, long data, boolean eof, int fflags) {
        Knote reader = registration.reader();
        reader.record(data, eof, eof ? fflags : 0);
        if (wantsRead(reader)) {
            registration.target().readReady(registration);
        } else if (reader.wanted == Knote.Stage.ENABLED) {
            // Blocked, and the kernel does not know: it would wake the loop for every further arrival.
            changes.change(reader, reader.kind == FilterKind.LEVEL ? Knote.Stage.DISABLED : Knote.Stage.QUIET);
        }
    }

    private void refused(Registration registration, int filter, int number) {
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
        if (removal && (number == errno.ENOENT() || number == errno.EBADF())) {
            return;
        }
        counters.failed("kevent", registration.ident(), number);
        registration.target().refused(registration, filter, number);
    }
}
