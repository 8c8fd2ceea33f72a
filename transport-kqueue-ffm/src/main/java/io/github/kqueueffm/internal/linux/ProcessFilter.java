// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

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
    private final Errno errno;
    private final OwnDescriptors own;
    private final Map<Integer, ProcessTarget> processes = new HashMap<>();

    ProcessFilter(Syscalls syscalls, Platform platform, OwnDescriptors own, ReadyQueue queue) {
        this.syscalls = syscalls;
        constants = platform.kqueue();
        notes = platform.notes();
        errno = platform.errno();
        this.own = own;
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
                int result = own.register(process);
                if (result < 0) {
                    return result;
                }
                processes.put(pid, process);
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
        process.disableOrEnable(flags);
        return 0;
    }

    void remove(ProcessTarget process) {
        processes.remove(process.pid);
        discard(process);
    }

    private void discard(ProcessTarget process) {
        process.knote.remove();
        own.close(process);
    }

    /** Idempotent. */
    void close() {
        for (ProcessTarget process : processes.values()) {
            discard(process);
        }
        processes.clear();
    }
}
