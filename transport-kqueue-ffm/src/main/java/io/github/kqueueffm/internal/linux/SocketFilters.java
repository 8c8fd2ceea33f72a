// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/** EVFILT_READ and EVFILT_WRITE: which knote a change is for, and what the targets share. Loop thread only. */
final class SocketFilters implements FilterFamily {

    final KqueueConstants constants;
    final Errno errno;
    final EpollMasks masks;
    final EpollSet set;
    final TargetTable table;
    final ReadyQueue queue;
    final RecheckList recheck;
    final SocketQueries queries;
    private final FileFilters files;

    /** READ and WRITE events carry the amount, at the price of a system call or two each. */
    final boolean exactData;

    private final int getDescriptorFlags;

    /** Number of the wait going on. */
    long turn;

    SocketFilters(
            Syscalls syscalls,
            Platform platform,
            EpollSet set,
            TargetTable table,
            ReadyQueue queue,
            FileFilters files,
            boolean exactData) {
        this.files = files;
        constants = platform.kqueue();
        errno = platform.errno();
        masks = new EpollMasks(platform.epoll());
        this.set = set;
        this.table = table;
        this.queue = queue;
        this.exactData = exactData;
        recheck = new RecheckList(syscalls, platform);
        queries = new SocketQueries(syscalls, platform);
        getDescriptorFlags = platform.file().F_GETFD();
    }

    @Override
    public boolean has(int filter) {
        return filter == constants.EVFILT_READ() || filter == constants.EVFILT_WRITE();
    }

    @Override
    public int change(long ident, int filter, int flags, int fflags, long data, long udata) {
        int fd = (int) ident;
        if (fd < 0 || fd != ident) {
            return -errno.EBADF();
        }
        SocketTarget target = find(fd);
        if (target == null) {
            if (files.has(fd)) {
                return files.change(fd, filter, flags, fflags, udata);
            }
            if ((flags & constants.EV_ADD()) == 0) {
                return absent(fd);
            }
            if (table.get(fd) != null) {
                // A descriptor of our own making, an eventfd: the caller cannot have it.
                return -errno.EBADF();
            }
            target = new SocketTarget(this, fd);
        }
        SocketKnote knote = target.knote(filter);
        if (!knote.added && filter == constants.EVFILT_WRITE() && OpenKqueues.contains(fd)) {
            // As observed on NetBSD: a kqueue can be read only.
            return -errno.EPERM();
        }
        int result = apply(target, knote, flags, fflags, data, udata);
        if (result == -errno.EPERM() && !target.isUsed()) {
            // What epoll does not take (epoll_ctl(2)).
            return files.change(fd, filter, flags, fflags, udata);
        }
        target.changed(knote);
        return result;
    }

    private int apply(SocketTarget target, SocketKnote knote, int flags, int fflags, long data, long udata) {
        if ((flags & constants.EV_ADD()) != 0) {
            if ((fflags & ~constants.NOTE_LOWAT()) != 0) {
                return -errno.EINVAL();
            }
            int result = target.add(knote, flags, fflags == 0 ? 0 : Math.max(1, data), udata);
            if (result < 0) {
                return result;
            }
            // Now that it is known to be a descriptor: a number made up must not make the table grow.
            if (table.get(target.fd) == null) {
                table.put(target);
            }
        } else if (!knote.added) {
            return absent(target.fd);
        }
        if ((flags & constants.EV_DELETE()) != 0) {
            target.delete(knote);
            return 0;
        }
        if ((flags & constants.EV_DISABLE()) != 0) {
            int result = target.disable(knote);
            if (result < 0) {
                return result;
            }
        }
        return (flags & constants.EV_ENABLE()) != 0 ? target.enable(knote) : 0;
    }

    /** ENOENT, or EBADF if there is no such descriptor either, which a kernel finds first. */
    private int absent(int fd) {
        return queries.isOpen(fd, getDescriptorFlags) ? -errno.ENOENT() : -errno.EBADF();
    }

    private @Nullable SocketTarget find(int fd) {
        return table.get(fd) instanceof SocketTarget target ? target : null;
    }

    void exhausted(int fd, int filter) {
        SocketTarget target = fd < 0 ? null : find(fd);
        if (target != null && has(filter)) {
            target.exhausted(target.knote(filter));
        }
    }

    void forget(int fd) {
        SocketTarget target = fd < 0 ? null : find(fd);
        if (target != null) {
            target.forget();
        } else if (fd >= 0) {
            files.forget(fd);
        }
    }
}
