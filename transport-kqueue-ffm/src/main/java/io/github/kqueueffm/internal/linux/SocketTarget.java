// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.engine.Kernel;
import org.jspecify.annotations.Nullable;

/**
 * The READ and the WRITE knote of one descriptor. Adding, arming, disabling and deleting them is bookkeeping here, for
 * which epoll need not be told.
 */
final class SocketTarget extends EpollTarget {

    private final SocketFilters filters;
    private final SocketKnote read;
    private final SocketKnote write;
    private final EpollRegistration registration;
    private final Conditions conditions;

    /** Of a level-triggered READ knote, made with its first event. */
    private @Nullable ListenerBacklog backlog;

    boolean onRecheckList;

    SocketTarget(SocketFilters filters, int fd) {
        super(fd);
        this.filters = filters;
        read = SocketKnote.read(filters.constants, filters.masks);
        write = SocketKnote.write(filters.constants, filters.masks);
        registration = new EpollRegistration(filters, fd);
        conditions = new Conditions(filters, fd);
    }

    boolean isUsed() {
        return read.added || write.added;
    }

    SocketKnote knote(int filter) {
        return filter == read.filter ? read : write;
    }

    /**
     * EV_ADD.
     *
     * @param lowWater least amount to report, 0 without NOTE_LOWAT
     * @return 0 or {@code -errno}
     */
    int add(SocketKnote knote, int flags, long lowWater, long udata) {
        boolean fresh = !knote.added;
        boolean toldAnew = registration.isLevel();
        if (fresh || lowWater != knote.lowWater) {
            boolean alone = !(knote == read ? write : read).added;
            boolean level = fresh ? KnoteState.isLevel(filters.constants, flags) : knote.isLevel();
            // A level-triggered registration would tell without end while a low-water mark is not reached.
            int result = registration.require(knote == read && alone && level && lowWater == 0, knote.plain);
            if (result < 0) {
                return result;
            }
            toldAnew = registration.isLevel() || result == EpollRegistration.TOLD_ANEW;
        }
        if (fresh) {
            knote.create(flags);
        }
        knote.udata = udata;
        knote.lowWater = lowWater;
        if (!toldAnew && conditions.any(knote.conditions())) {
            // Its edge is gone, and epoll does not tell it again.
            knote.activateUnseen();
        }
        return 0;
    }

    /** EV_DELETE. An edge-triggered registration stays: its events find no knote. */
    void delete(SocketKnote knote) {
        knote.remove();
        if (registration.isLevel()) {
            registration.remove();
            conditions.clear();
        }
    }

    /** EV_DISABLE; 0 or {@code -errno}. */
    int disable(SocketKnote knote) {
        knote.disabled = true;
        return registration.isLevel() ? Math.min(0, registration.silence()) : 0;
    }

    /** EV_ENABLE; 0 or {@code -errno}. */
    int enable(SocketKnote knote) {
        knote.enable();
        int result = registration.resume(knote.needed(filters.masks));
        if (result == EpollRegistration.TOLD_ANEW) {
            knote.deactivate();
        }
        return Math.min(0, result);
    }

    /** After a change: what may be reportable by now is looked at before the next wait. */
    void changed(SocketKnote knote) {
        if (knote.needsRecheck()) {
            filters.recheck.add(this);
        }
    }

    /** The caller met EAGAIN or a short count: what comes from now on is a new edge. */
    void exhausted(SocketKnote knote) {
        if (conditions.exhaust(knote)) {
            knote.deactivate();
        }
    }

    /** The descriptor is going to be closed. */
    void forget() {
        if (registration.isLevel()) {
            // A duplicate in another process would keep a level-triggered registration telling, for ever.
            registration.remove();
        }
        closed();
    }

    private void closed() {
        registration.forget();
        read.remove();
        write.remove();
        conditions.clear();
        backlog = null;
        filters.table.retire(fd);
    }

    @Override
    void fired(int mask) {
        conditions.set(mask);
        boolean writeReports = activate(write);
        boolean readReports = activate(read);
        if (writeReports || readReports) {
            filters.queue.add(this);
        } else {
            registration.unwanted(read.needed(filters.masks) | write.needed(filters.masks));
        }
    }

    private boolean activate(SocketKnote knote) {
        if (!knote.added || !holds(knote)) {
            return false;
        }
        knote.activate();
        return !knote.disabled;
    }

    /** What to ask poll(2): its bits are epoll's (linux/eventpoll.h). 0 if there is nothing to ask. */
    int recheckEvents() {
        int events = 0;
        if (read.needsRecheck()) {
            events |= read.conditions();
        }
        if (write.needsRecheck()) {
            events |= write.conditions();
        }
        return events == 0 ? 0 : (events | filters.masks.rdhup) & filters.masks.full;
    }

    /** The answer of poll(2) to {@link #recheckEvents}. */
    void rechecked(int revents) {
        int asked = recheckEvents();
        if (revents != 0 && (revents & (asked | read.ends)) == 0) {
            // POLLNVAL: closed without forget(). A kqueue drops the knotes then.
            closed();
            return;
        }
        conditions.update(asked, revents);
        boolean writeReports = settle(write);
        boolean readReports = settle(read);
        if (writeReports || readReports) {
            filters.queue.add(this);
        }
    }

    private boolean settle(SocketKnote knote) {
        if (!knote.needsRecheck()) {
            return false;
        }
        if (holds(knote)) {
            knote.activate();
            return true;
        }
        knote.deactivate();
        return false;
    }

    private boolean holds(SocketKnote knote) {
        if (knote.lowWater == 0 || knote.isQuiet() || conditions.any(knote.ends)) {
            return conditions.any(knote.conditions());
        }
        if (!conditions.any(knote.plain)) {
            return false;
        }
        long amount = knote == read ? filters.queries.available(fd) : filters.queries.space(fd);
        return amount == Kernel.UNKNOWN || amount >= knote.lowWater;
    }

    @Override
    boolean isPending() {
        return write.isReportable() || read.isReportable();
    }

    /** WRITE first, as a BSD kernel has it for a connect that fails; a connect is known to be done before data is read. */
    @Override
    int deliver(KEventList events, int at, int room) {
        int stored = 0;
        if (stored < room && write.isReportable()) {
            boolean eof = conditions.isEof(write);
            store(events, at, write, eof, filters.exactData ? filters.queries.space(fd) : Kernel.UNKNOWN);
            stored++;
        }
        if (stored < room && read.isReportable()) {
            boolean eof = conditions.isEof(read);
            store(events, at + stored, read, eof, readData(eof));
            stored++;
        }
        return stored;
    }

    private long readData(boolean eof) {
        if (eof || filters.exactData) {
            return filters.queries.available(fd);
        }
        return registration.isLevel() ? backlog() : Kernel.UNKNOWN;
    }

    private long backlog() {
        ListenerBacklog asked = backlog;
        if (asked == null) {
            asked = new ListenerBacklog();
            backlog = asked;
        }
        return asked.ready(filters.queries, fd, filters.turn);
    }

    private void store(KEventList events, int at, SocketKnote knote, boolean eof, long data) {
        int flags = eof ? knote.flags() | filters.constants.EV_EOF() : knote.flags();
        events.set(at, fd, knote.filter, flags, conditions.error(), data, knote.udata);
        knote.reported();
        if (registration.isLevel()) {
            knote.deactivate();
        } else {
            changed(knote);
        }
    }
}
