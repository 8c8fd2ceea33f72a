// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.EpollConstants;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.util.HashMap;
import java.util.Map;

/**
 * EVFILT_PROC, on pidfds (Linux 5.3; glibc 2.36): NOTE_EXIT. Linux tells nobody but tracers of forks and execs, so NOTE_FORK,
 * NOTE_EXEC and NOTE_TRACK are refused with ENOTSUP, as macOS refuses those of them that it does not have. Without pidfds
 * EV_ADD fails with ENOSYS. Loop thread only.
 */
final class ProcessFilter implements FilterFamily {

    final ReadyQueue queue;
    final ExitStatus exitStatus;
    private final Syscalls syscalls;
    private final KqueueConstants constants;
    private final NoteConstants notes;
    private final EpollConstants epoll;
    private final Errno errno;
    private final EpollSet set;
    private final TargetTable table;
    private final Map<Integer, ProcessTarget> processes = new HashMap<>();

    ProcessFilter(Syscalls syscalls, Platform platform, EpollSet set, TargetTable table, ReadyQueue queue) {
        this.syscalls = syscalls;
        constants = platform.kqueue();
        notes = platform.notes();
        epoll = platform.epoll();
        errno = platform.errno();
        this.set = set;
        this.table = table;
        this.queue = queue;
        exitStatus = new ExitStatus(syscalls, platform);
    }

    @Override
    public boolean has(int filter) {
        return filter == constants.EVFILT_PROC();
    }

    @Override
    public int change(long ident, int filter, int flags, int fflags, long data, long udata) {
        int pid = (int) ident;
        if (pid <= 0 || pid != ident) {
            return -errno.ESRCH();
        }
        ProcessTarget process = processes.get(pid);
        if ((flags & constants.EV_ADD()) != 0) {
            if ((fflags & ~notes.NOTE_EXIT()) != 0) {
                return -errno.ENOTSUP();
            }
            if (process == null) {
                int pidfd = syscalls.pidfdOpen(pid, 0);
                if (pidfd < 0) {
                    // EINVAL: the number of a thread, which is nobody's process.
                    return pidfd == -errno.EINVAL() ? -errno.ESRCH() : pidfd;
                }
                process = new ProcessTarget(this, constants, pid, pidfd);
                process.knote.create(flags);
                int result = register(process);
                if (result < 0) {
                    discard(process);
                    return result;
                }
            }
            process.wanted = fflags;
            process.knote.udata = udata;
        } else if (process == null) {
            return -errno.ENOENT();
        }
        if ((flags & constants.EV_DELETE()) != 0) {
            remove(process);
            return 0;
        }
        if ((flags & constants.EV_DISABLE()) != 0) {
            process.knote.disabled = true;
        }
        if ((flags & constants.EV_ENABLE()) != 0) {
            process.enable();
        }
        return 0;
    }

    private int register(ProcessTarget process) {
        // Whatever had this number before was closed without a word.
        table.retire(process.fd);
        table.put(process);
        int result = set.add(process.fd, epoll.EPOLLIN() | epoll.EPOLLET(), table.data(process.fd));
        if (result >= 0) {
            processes.put(process.pid, process);
        }
        return result;
    }

    void remove(ProcessTarget process) {
        processes.remove(process.pid);
        discard(process);
    }

    private void discard(ProcessTarget process) {
        process.knote.remove();
        table.remove(process);
        // The number is free whatever close(2) answers, and the registration goes with the file.
        syscalls.close(process.fd);
    }

    /** Idempotent. */
    void close() {
        for (ProcessTarget process : processes.values()) {
            discard(process);
        }
        processes.clear();
    }
}
