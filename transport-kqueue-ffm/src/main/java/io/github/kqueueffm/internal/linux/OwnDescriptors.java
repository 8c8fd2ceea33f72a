// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.EpollConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;

/** The descriptors that the filters open for themselves: eventfds, pidfds, inotify. All are edge-triggered. */
final class OwnDescriptors {

    private final Syscalls syscalls;
    private final EpollConstants epoll;
    private final EpollSet set;
    private final TargetTable table;

    OwnDescriptors(Syscalls syscalls, Platform platform, EpollSet set, TargetTable table) {
        this.syscalls = syscalls;
        epoll = platform.epoll();
        this.set = set;
        this.table = table;
    }

    /** Opens an eventfd: its number, or {@code -errno}. */
    int eventfd() {
        return syscalls.eventfd(0, epoll.EFD_CLOEXEC() | epoll.EFD_NONBLOCK());
    }

    /** Puts {@code target}'s descriptor into the epoll set; 0, or {@code -errno}, and then it is closed. */
    int register(EpollTarget target) {
        // Whatever had this number before was closed without a word, or it would not be free.
        table.retire(target.fd);
        table.put(target);
        int result = set.add(target.fd, epoll.EPOLLIN() | epoll.EPOLLET(), table.data(target.fd));
        if (result < 0) {
            close(target);
        }
        return result;
    }

    void close(EpollTarget target) {
        table.remove(target);
        // The number is free whatever close(2) answers, and the registration goes with the file.
        syscalls.close(target.fd);
    }
}
