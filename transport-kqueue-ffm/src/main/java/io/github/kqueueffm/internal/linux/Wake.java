// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Ends a kqueue's wait for what comes from other threads: an eventfd that is registered edge-triggered and never read. Each
 * write is an edge (eventfd_write wakes the epoll set), so a wakeup costs its writer one call and the loop none. It is kept
 * until the kqueue is closed: a writer that is late must not meet a number which is someone else's by then.
 */
final class Wake {

    private final Syscalls syscalls;
    private final Errno errno;
    private final OwnDescriptors own;
    private final Runnable collect;

    /** The number 1 that each write adds, and behind it room for the sum. Filled once: writes come from any thread. */
    private final NativeMemory counter;

    private volatile @Nullable Eventfd eventfd;

    /** @param collect takes over what has come; the loop's thread runs it */
    Wake(Syscalls syscalls, Platform platform, OwnDescriptors own, Runnable collect) {
        this.syscalls = syscalls;
        errno = platform.errno();
        this.own = own;
        this.collect = collect;
        counter = NativeMemory.allocate(syscalls, 2 * Long.BYTES);
        counter.buffer().putLong(0, 1);
    }

    /** Idempotent; 0 or {@code -errno}. */
    int open() {
        if (eventfd != null) {
            return 0;
        }
        int fd = own.eventfd();
        if (fd < 0) {
            return fd;
        }
        Eventfd opened = new Eventfd(fd);
        int result = own.register(opened);
        if (result >= 0) {
            eventfd = opened;
        }
        return result;
    }

    /** Any thread that keeps the kqueue from being closed meanwhile; 0 or {@code -errno}. */
    int ring() {
        Eventfd open = eventfd;
        if (open == null) {
            return -errno.EBADF();
        }
        long written = syscalls.write(open.fd, counter.address(), Long.BYTES);
        if (written == -errno.EAGAIN()) {
            // 2^64 - 2 times: the counter is full. Whatever the read says, the write after it is what counts.
            syscalls.read(open.fd, counter.address() + Long.BYTES, Long.BYTES);
            written = syscalls.write(open.fd, counter.address(), Long.BYTES);
        }
        Reference.reachabilityFence(counter);
        return written < 0 ? (int) written : 0;
    }

    /** Idempotent. */
    void close() {
        Eventfd open = eventfd;
        if (open != null) {
            eventfd = null;
            own.close(open);
        }
    }

    private final class Eventfd extends EpollTarget {

        Eventfd(int fd) {
            super(fd);
        }

        @Override
        void fired(int mask) {
            collect.run();
        }

        @Override
        boolean isPending() {
            return false;
        }

        @Override
        int deliver(KEventList events, int at, int room) {
            return 0;
        }
    }
}
