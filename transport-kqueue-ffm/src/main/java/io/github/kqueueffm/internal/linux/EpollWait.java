// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** epoll_pwait2(2), or epoll_wait(2) where the kernel (before 5.11) or the C library does not have that. */
final class EpollWait {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int WITHOUT_LIMIT = -1;

    private final Syscalls syscalls;
    private final Errno errno;
    private final StructLayouts structs;
    private final long maxNanos;
    private final NativeMemory timespec;
    private NativeMemory events;
    private int room;
    private boolean nanoseconds;

    EpollWait(Syscalls syscalls, Platform platform, int room) {
        this.syscalls = syscalls;
        errno = platform.errno();
        structs = platform.structs();
        maxNanos = platform.traits().maxWaitSeconds() * NANOS_PER_SECOND;
        timespec = NativeMemory.allocate(syscalls, structs.timespecSize());
        events = allocate(room);
        this.room = room;
        nanoseconds = syscalls.has(CFunction.EPOLL_PWAIT2);
    }

    /**
     * @param capacity most events to fetch, at least 1
     * @param nanos time to wait, 0 to poll, {@link Kernel#FOREVER}; cut to what the kernel takes
     * @return number of events, or {@code -errno}
     */
    int await(int epfd, int capacity, long nanos) {
        if (capacity > room) {
            events = allocate(capacity);
            room = capacity;
        }
        long time = Math.min(nanos, maxNanos);
        if (nanoseconds) {
            int result = syscalls.epollPwait2(epfd, events.address(), capacity, time < 0 ? 0 : timespec(time));
            Reference.reachabilityFence(timespec);
            // EPERM is not epoll_pwait2's: older container runtimes' seccomp filters give it for calls they do not
            // know.
            if (result != -errno.ENOSYS() && result != -errno.EPERM()) {
                return result;
            }
            nanoseconds = false;
        }
        return syscalls.epollWait(epfd, events.address(), capacity, millis(time));
    }

    int mask(int index) {
        return events.buffer().getInt(index * structs.epollEventSize() + structs.epollEventEvents());
    }

    long data(int index) {
        return events.buffer().getLong(index * structs.epollEventSize() + structs.epollEventData());
    }

    private NativeMemory allocate(int capacity) {
        return NativeMemory.allocate(syscalls, Math.multiplyExact(capacity, structs.epollEventSize()));
    }

    private long timespec(long nanos) {
        ByteBuffer buffer = timespec.buffer();
        buffer.putLong(structs.timespecSeconds(), nanos / NANOS_PER_SECOND);
        buffer.putLong(structs.timespecNanos(), nanos % NANOS_PER_SECOND);
        return timespec.address();
    }

    /** Rounded up: a wait that ends too early would find its timer not yet due, and poll until it is. */
    private static int millis(long nanos) {
        if (nanos < 0) {
            return WITHOUT_LIMIT;
        }
        return (int) Math.min(Integer.MAX_VALUE, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }
}
