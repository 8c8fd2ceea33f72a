// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.KqueueConstants;

/** Turns what is wanted of a knote into an entry of the change list, or into none. */
final class Changes {

    /** More than any receive buffer can hold: a filter with this low-water mark tells of end of file and errors only. */
    private static final int QUIET_MARK = Integer.MAX_VALUE;

    private final KqueueConstants constants;
    private final ChangeList list;
    private final EarlyEvents early;
    private final LoopCounters counters;

    Changes(KqueueConstants constants, ChangeList list, EarlyEvents early, LoopCounters counters) {
        this.constants = constants;
        this.list = list;
        this.early = early;
        this.counters = counters;
    }

    /** Queues what it takes to bring a knote of the engine's own making to {@code stage}; nothing if it is there already. */
    void change(Knote knote, Knote.Stage stage) {
        knote.wanted = stage;
        if (knote.sent == stage) {
            undo(knote);
            return;
        }
        makeRoom(knote);
        // Each change tells all there is to tell, so that it may take the place of one that was not sent.
        int flags = constants.EV_ADD() | kindFlags(knote.kind);
        flags |= stage == Knote.Stage.DISABLED ? constants.EV_DISABLE() : constants.EV_ENABLE();
        boolean quiet = stage == Knote.Stage.QUIET;
        list.put(knote, flags, quiet ? constants.NOTE_LOWAT() : 0, quiet ? QUIET_MARK : 0);
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
    void submit(Registration registration, int filter, int flags, int fflags, long data) {
        if (!registration.isOpen()) {
            return;
        }
        Knote knote = registration.raw(filter);
        if (knote.pending >= 0) {
            boolean delete = (flags & constants.EV_DELETE()) != 0;
            boolean undoes = delete && knote.sent == Knote.Stage.ABSENT;
            if (undoes) {
                undo(knote);
                knote.wanted = Knote.Stage.ABSENT;
                return;
            }
            if (fflags != 0 || list.fflags(knote) != 0 || (list.flags(knote) & ~flags) != 0) {
                // The one that waits says something that this one does not: both must be told, in their order.
                early.flush(list);
            }
        }
        makeRoom(knote);
        knote.wanted = (flags & constants.EV_DELETE()) != 0 ? Knote.Stage.ABSENT : Knote.Stage.RAW;
        list.put(knote, flags, fflags, data);
    }

    /** A change that takes back the one that waits, if one does: neither is sent. */
    private void undo(Knote knote) {
        if (knote.pending >= 0) {
            counters.count(LoopCounter.COALESCED);
            list.remove(knote);
        }
    }

    /** Drops what waits to be sent of a registration that ends. */
    void drop(Registration registration) {
        for (int i = 0; i < registration.knoteCount(); i++) {
            list.remove(registration.knote(i));
        }
    }

    /** Deletes what the kernel has of a registration whose ident stays open, at once. */
    void deleteKnotes(Registration registration) {
        for (int i = 0; i < registration.knoteCount(); i++) {
            Knote knote = registration.knote(i);
            list.remove(knote);
            knote.wanted = Knote.Stage.ABSENT;
            if (knote.sent != Knote.Stage.ABSENT) {
                makeRoom(knote);
                list.put(knote, constants.EV_DELETE(), 0, 0);
            }
        }
        if (list.size() > 0) {
            early.flush(list);
        }
    }

    private void makeRoom(Knote knote) {
        if (knote.pending < 0 && list.isFull()) {
            early.flush(list);
        }
    }
}
