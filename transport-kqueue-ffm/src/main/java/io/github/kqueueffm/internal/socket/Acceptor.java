// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections from a listening socket in the fewest calls that leave the new descriptor non-blocking and
 * close-on-exec: one with accept4 or paccept, two where accept inherits O_NONBLOCK, else three. Which way is chosen once.
 * Any thread.
 */
final class Acceptor {

    private final int notThere;

    /** The way that works here. Written again only when the kernel lacks a call that the C library has. */
    private volatile Way way;

    Acceptor(Syscalls syscalls, Platform platform) {
        notThere = -platform.errno().ENOSYS();
        way = fewestCalls(syscalls, platform);
    }

    /** @return the new descriptor, or {@code -errno}; {@code -ECONNABORTED} if the connection died in between */
    int accept(int listener, long sockaddr, long lengthPointer) {
        Way current = way;
        int result = current.accept(listener, sockaddr, lengthPointer);
        while (result == notThere && current.next != null) {
            current = current.next;
            way = current;
            result = current.accept(listener, sockaddr, lengthPointer);
        }
        return result;
    }

    private static Way fewestCalls(Syscalls syscalls, Platform platform) {
        SocketConstants socket = platform.socket();
        Way way = new WithFcntl(syscalls, platform);
        if (!Platform.has(socket.SOCK_NONBLOCK()) || !Platform.has(socket.SOCK_CLOEXEC())) {
            return way;
        }
        int flags = socket.SOCK_NONBLOCK() | socket.SOCK_CLOEXEC();
        if (syscalls.has(CFunction.PACCEPT)) {
            way = new WithPaccept(syscalls, flags, way);
        }
        if (syscalls.has(CFunction.ACCEPT4)) {
            way = new WithAccept4(syscalls, flags, way);
        }
        return way;
    }

    private abstract static class Way {

        final Syscalls syscalls;

        /** What to do where the kernel answers ENOSYS. */
        final @Nullable Way next;

        Way(Syscalls syscalls, @Nullable Way next) {
            this.syscalls = syscalls;
            this.next = next;
        }

        abstract int accept(int listener, long sockaddr, long lengthPointer);
    }

    private static final class WithAccept4 extends Way {

        private final int flags;

        WithAccept4(Syscalls syscalls, int flags, Way next) {
            super(syscalls, next);
            this.flags = flags;
        }

        @Override
        int accept(int listener, long sockaddr, long lengthPointer) {
            return syscalls.accept4(listener, sockaddr, lengthPointer, flags);
        }
    }

    private static final class WithPaccept extends Way {

        private final int flags;

        WithPaccept(Syscalls syscalls, int flags, Way next) {
            super(syscalls, next);
            this.flags = flags;
        }

        @Override
        int accept(int listener, long sockaddr, long lengthPointer) {
            return syscalls.paccept(listener, sockaddr, lengthPointer, 0, flags);
        }
    }

    private static final class WithFcntl extends Way {

        private final FileConstants file;
        private final Errno errno;
        private final boolean inheritsNonblock;

        WithFcntl(Syscalls syscalls, Platform platform) {
            super(syscalls, null);
            file = platform.file();
            errno = platform.errno();
            inheritsNonblock = platform.traits().acceptInheritsNonblock();
        }

        @Override
        int accept(int listener, long sockaddr, long lengthPointer) {
            int fd = syscalls.accept(listener, sockaddr, lengthPointer);
            if (fd < 0) {
                return fd;
            }
            // A new descriptor has no other flags that setting these outright could lose.
            int result = syscalls.fcntl(fd, file.F_SETFD(), file.FD_CLOEXEC());
            if (result >= 0 && !inheritsNonblock) {
                result = syscalls.fcntl(fd, file.F_SETFL(), file.O_NONBLOCK());
            }
            if (result >= 0) {
                return fd;
            }
            // Whatever close answers, the descriptor is gone and there is nobody to miss it.
            syscalls.close(fd);
            // macOS answers EINVAL once the peer has reset the connection (envoyproxy/envoy#1446): one connection
            // less, and no fault of the listener.
            return result == -errno.EINVAL() ? -errno.ECONNABORTED() : result;
        }
    }
}
