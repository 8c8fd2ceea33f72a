// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.EpollConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;

/** An epoll descriptor and epoll_ctl(2) on it. Results are 0 or {@code -errno}. */
final class EpollSet {

    private static final int CLOSED = -1;

    private final Syscalls syscalls;
    private final EpollConstants constants;
    private final StructLayouts structs;
    private final NativeMemory event;
    private int epfd;

    /** @throws UncheckedIOException when there is no descriptor left (EMFILE, ENFILE) or no memory */
    EpollSet(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        constants = platform.epoll();
        structs = platform.structs();
        event = NativeMemory.allocate(syscalls, structs.epollEventSize());
        epfd = syscalls.epollCreate1(constants.EPOLL_CLOEXEC());
        if (epfd < 0) {
            throw new UncheckedIOException(new IOException("epoll_create1 failed with errno " + -epfd));
        }
    }

    /** The descriptor, negative after {@link #close}. */
    int fd() {
        return epfd;
    }

    boolean isOpen() {
        return epfd >= 0;
    }

    int add(int fd, int events, long data) {
        return control(constants.EPOLL_CTL_ADD(), fd, events, data);
    }

    int modify(int fd, int events, long data) {
        return control(constants.EPOLL_CTL_MOD(), fd, events, data);
    }

    int remove(int fd) {
        // Linux before 2.6.9 wanted an event here as well (epoll_ctl(2), BUGS); no JDK 17 runs there.
        return syscalls.epollCtl(epfd, constants.EPOLL_CTL_DEL(), fd, 0);
    }

    private int control(int operation, int fd, int events, long data) {
        event.buffer().putInt(structs.epollEventEvents(), events);
        event.buffer().putLong(structs.epollEventData(), data);
        int result = syscalls.epollCtl(epfd, operation, fd, event.address());
        Reference.reachabilityFence(event);
        return result;
    }

    /** Idempotent. */
    void close() {
        if (isOpen()) {
            // A failure leaves nothing to do: Linux has freed the number whatever close(2) answers.
            syscalls.close(epfd);
            epfd = CLOSED;
        }
    }
}
