// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.InotifyConstants;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;

/**
 * EVFILT_READ and EVFILT_WRITE of what epoll refuses with EPERM, which is how {@link SocketFilters} finds out: regular files,
 * directories, devices that are always ready. Growth of a file is told by inotify, so READ of a file that may not be read by
 * its permissions fails with EACCES. A position moved back by lseek(2) is seen with the next write or EV_ADD only, as on a
 * BSD kernel. Loop thread only.
 */
final class FileFilters {

    final OpenFiles files;
    final ReadyQueue queue;
    final RepeatingList repeating;
    private final Syscalls syscalls;
    private final KqueueConstants constants;
    private final InotifyConstants inotify;
    private final Errno errno;
    private final TargetTable table;
    private final int seekCurrent;

    FileFilters(
            Syscalls syscalls,
            Platform platform,
            OpenFiles files,
            TargetTable table,
            ReadyQueue queue,
            RepeatingList repeating) {
        this.syscalls = syscalls;
        constants = platform.kqueue();
        inotify = platform.inotify();
        errno = platform.errno();
        seekCurrent = platform.file().SEEK_CUR();
        this.files = files;
        this.table = table;
        this.queue = queue;
        this.repeating = repeating;
    }

    /** Whether {@code fd} is a file with knotes, and still the same file. */
    boolean has(int fd) {
        return table.get(fd) instanceof FileTarget target && isOpen(target);
    }

    /** Whether its descriptor is. A kqueue drops the knotes of one that was closed, even without forget(). */
    boolean isOpen(FileTarget target) {
        if (files.status.read(target.fd) >= 0 && target.isOf(files.status)) {
            return true;
        }
        forget(target);
        return false;
    }

    /** One entry of a change list; 0 or {@code -errno}. */
    int change(int fd, int filter, int flags, int fflags, long udata) {
        FileTarget target = table.get(fd) instanceof FileTarget present ? present : null;
        if ((flags & constants.EV_ADD()) != 0) {
            if (fflags != 0) {
                // NOTE_LOWAT is of sockets.
                return -errno.EINVAL();
            }
            if (target == null) {
                int result = files.status.read(fd);
                if (result < 0) {
                    return result;
                }
                target = new FileTarget(this, constants, inotify, fd);
            }
            int result = target.add(target.knote(filter), flags, udata);
            if (result < 0) {
                return result;
            }
            table.put(target);
        } else if (target == null || !target.knote(filter).added) {
            return -errno.ENOENT();
        }
        KnoteState knote = target.knote(filter);
        if ((flags & constants.EV_DELETE()) != 0) {
            target.delete(knote);
            if (!target.isUsed()) {
                table.remove(target);
            }
            return 0;
        }
        if ((flags & constants.EV_DISABLE()) != 0) {
            knote.disabled = true;
        }
        if ((flags & constants.EV_ENABLE()) != 0) {
            target.enable(knote);
        }
        return 0;
    }

    /** Bytes between the position and the end of a regular file; {@link Kernel#UNKNOWN} if that cannot be told. */
    long available(int fd) {
        long position = syscalls.lseek(fd, 0, seekCurrent);
        int result = files.status.read(fd);
        return position < 0 || result < 0 ? Kernel.UNKNOWN : files.status.length() - position;
    }

    void forget(int fd) {
        if (table.get(fd) instanceof FileTarget target) {
            forget(target);
        }
    }

    void forget(FileTarget target) {
        target.knote(constants.EVFILT_READ()).remove();
        target.knote(constants.EVFILT_WRITE()).remove();
        target.unwatch();
        if (table.get(target.fd) == target) {
            // Else the number is someone else's by now, who must not lose what is registered for it.
            table.remove(target);
        }
    }
}
