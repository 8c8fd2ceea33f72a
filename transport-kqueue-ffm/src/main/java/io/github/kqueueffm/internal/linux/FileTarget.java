// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.InotifyConstants;
import io.github.kqueueffm.internal.platform.KqueueConstants;

/**
 * The READ and the WRITE knote of an open file that epoll does not take: a regular file, a directory, /dev/null. READ is true
 * while the position is not at the end, WRITE always, both without EV_EOF. Loop thread only.
 */
final class FileTarget extends EpollTarget implements FileWatcher {

    private final FileFilters filters;
    private final InotifyConstants inotify;
    private final KnoteState read;
    private final KnoteState write;
    private final Repetition repetition;
    private final FileIdentity identity;
    private final boolean regular;

    /** Of a regular file with a READ knote. */
    private int watch = Inotify.NO_WATCH;

    /** Bytes between the position and the end when last looked at. */
    private long available;

    FileTarget(FileFilters filters, KqueueConstants constants, InotifyConstants inotify, int fd) {
        super(fd);
        this.filters = filters;
        this.inotify = inotify;
        read = new KnoteState(constants, constants.EVFILT_READ());
        write = new KnoteState(constants, constants.EVFILT_WRITE());
        repetition = new Repetition(filters.repeating, this::repeat);
        FileStatus status = filters.files.status;
        identity = new FileIdentity(status);
        regular = status.isRegular();
    }

    /** Whether the status just read is of the file that this was made for. */
    boolean isOf(FileStatus status) {
        return identity.is(status);
    }

    KnoteState knote(int filter) {
        return filter == read.filter ? read : write;
    }

    boolean isUsed() {
        return read.added || write.added;
    }

    /** EV_ADD; 0 or {@code -errno}. */
    int add(KnoteState knote, int flags, long udata) {
        if (knote == read && regular && watch == Inotify.NO_WATCH) {
            int result = filters.files.watch(this, Inotify.NO_WATCH);
            if (result < 0) {
                return result;
            }
            watch = result;
        }
        if (!knote.added) {
            knote.create(flags);
        }
        knote.udata = udata;
        look(knote);
        return 0;
    }

    void enable(KnoteState knote) {
        knote.enable();
        knote.stale = false;
        look(knote);
    }

    void delete(KnoteState knote) {
        knote.remove();
        if (knote == read) {
            unwatch();
        }
    }

    void unwatch() {
        if (watch != Inotify.NO_WATCH) {
            filters.files.unwatch(watch, this);
            watch = Inotify.NO_WATCH;
        }
    }

    private void look(KnoteState knote) {
        if (holds(knote)) {
            knote.activate();
        } else {
            knote.deactivate();
        }
        if (isPending()) {
            filters.queue.add(this);
        }
    }

    private boolean holds(KnoteState knote) {
        if (knote == write || !regular) {
            return true;
        }
        available = filters.available(fd);
        return available > 0;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int mask() {
        return inotify.IN_MODIFY();
    }

    @Override
    public void told(int mask, boolean named) {
        if ((mask & inotify.IN_IGNORED()) != 0) {
            filters.forget(this);
        } else if (filters.isOpen(this)) {
            look(read);
        }
    }

    private void repeat() {
        if (!isUsed() || !filters.isOpen(this)) {
            return;
        }
        if (read.needsRecheck()) {
            look(read);
        }
        if (write.needsRecheck()) {
            look(write);
        }
    }

    @Override
    void fired(int mask) {
        throw new IllegalStateException("a file is in no epoll set");
    }

    @Override
    boolean isPending() {
        return write.isReportable() || read.isReportable();
    }

    @Override
    int deliver(KEventList events, int at, int room) {
        int stored = 0;
        if (stored < room && write.isReportable()) {
            // As filt_vfswrite has it: any amount, so none is told.
            store(events, at, write, 0);
            stored++;
        }
        if (stored < room && read.isReportable()) {
            store(events, at + stored, read, regular ? available : 0);
            stored++;
        }
        return stored;
    }

    private void store(KEventList events, int at, KnoteState knote, long data) {
        events.set(at, fd, knote.filter, knote.flags(), 0, data, knote.udata);
        knote.reported();
        if (knote.needsRecheck()) {
            repetition.atNextWait();
        }
        if (knote == read && !read.added) {
            unwatch();
        }
    }
}
