// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/** What the filters of files share: one inotify instance, opened with the first knote that needs it. */
final class OpenFiles {

    final FileStatus status;
    private final Syscalls syscalls;
    private final Platform platform;
    private final OwnDescriptors own;

    private @Nullable Inotify inotify;

    OpenFiles(Syscalls syscalls, Platform platform, OwnDescriptors own) {
        this.syscalls = syscalls;
        this.platform = platform;
        this.own = own;
        status = new FileStatus(syscalls, platform);
    }

    /** See {@link Inotify#watch}. */
    int watch(FileWatcher watcher, int present) {
        Inotify open = inotify;
        if (open == null) {
            int fd = Inotify.open(syscalls, platform);
            if (fd < 0) {
                return fd;
            }
            open = new Inotify(syscalls, platform, fd);
            int result = own.register(open);
            if (result < 0) {
                return result;
            }
            inotify = open;
        }
        return open.watch(watcher, present);
    }

    void unwatch(int watch, FileWatcher watcher) {
        Inotify open = inotify;
        if (open != null) {
            open.remove(watch, watcher);
        }
    }

    /** Idempotent. */
    void close() {
        Inotify open = inotify;
        if (open != null) {
            own.close(open);
            inotify = null;
        }
    }
}
