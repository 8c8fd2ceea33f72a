// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The way in which a family of systems opens a TCP connection together with its first data (TCP Fast Open, RFC 7413). */
abstract class FastOpen {

    final Syscalls syscalls;
    final Platform platform;

    private FastOpen(Binding binding) {
        syscalls = binding.syscalls();
        platform = binding.platform();
    }

    /** {@code null} where there is none: NetBSD, OpenBSD, DragonFly. */
    static @Nullable FastOpen of(Binding binding) {
        Platform platform = binding.platform();
        if (binding.syscalls().has(CFunction.CONNECTX)
                && Platform.has(platform.socket().CONNECT_DATA_IDEMPOTENT())) {
            return new Connectx(binding);
        }
        if (!binding.syscalls().has(CFunction.SENDTO)) {
            return null;
        }
        if (Platform.has(platform.socket().MSG_FASTOPEN())) {
            return new Sendto(binding, platform.socket().MSG_FASTOPEN());
        }
        return platform.traits().fastOpenBySendto() ? new ImpliedConnect(binding) : null;
    }

    /** Whether a socket that is neither bound nor connected may be used so; 0 or {@code -errno}. */
    int prepare(int fd) {
        return 0;
    }

    /**
     * Connects after {@link #prepare}.
     *
     * @param data address of {@code size} bytes, at least 1
     * @return bytes that the kernel took, or {@code -errno}; with -EINPROGRESS it took none
     */
    abstract long connect(int fd, long sockaddr, int length, long data, int size);

    /** Linux. Without a cookie from an earlier connection a request for one is sent in place of the data: EINPROGRESS. */
    private static class Sendto extends FastOpen {

        private final int flags;

        Sendto(Binding binding, int flags) {
            super(binding);
            this.flags = flags;
        }

        @Override
        long connect(int fd, long sockaddr, int length, long data, int size) {
            return syscalls.sendto(fd, data, size, flags, sockaddr, length);
        }
    }

    /** FreeBSD. The data is kept for later where it cannot go with the first segment. */
    private static final class ImpliedConnect extends Sendto {

        ImpliedConnect(Binding binding) {
            super(binding, 0);
        }

        @Override
        int prepare(int fd) {
            SocketConstants constants = platform.socket();
            NativeMemory one = NativeMemory.allocate(syscalls, Integer.BYTES);
            one.buffer().putInt(0, 1);
            return syscalls.setsockopt(
                    fd, constants.IPPROTO_TCP(), constants.TCP_FASTOPEN(), one.address(), Integer.BYTES);
        }
    }

    /** macOS. The data is kept for later where it cannot go with the first segment. */
    private static final class Connectx extends FastOpen {

        Connectx(Binding binding) {
            super(binding);
        }

        @Override
        long connect(int fd, long sockaddr, int length, long data, int size) {
            StructLayouts structs = platform.structs();
            SocketConstants constants = platform.socket();
            int iovecAt = structs.saEndpointsSize();
            int takenAt = iovecAt + structs.iovecSize();
            // Once a connection: not worth memory that is kept. It comes zeroed: any interface, any source.
            NativeMemory memory = NativeMemory.allocate(syscalls, takenAt + Long.BYTES);
            ByteBuffer buffer = memory.buffer();
            buffer.putLong(structs.saEndpointsDestination(), sockaddr);
            buffer.putInt(structs.saEndpointsDestinationLength(), length);
            buffer.putLong(iovecAt + structs.iovecBase(), data);
            buffer.putLong(iovecAt + structs.iovecLength(), size);
            int result = syscalls.connectx(
                    fd,
                    memory.address(),
                    0,
                    constants.CONNECT_RESUME_ON_READ_WRITE() | constants.CONNECT_DATA_IDEMPOTENT(),
                    memory.address() + iovecAt,
                    1,
                    memory.address() + takenAt,
                    0);
            long taken = buffer.getLong(takenAt);
            // EINPROGRESS comes with data taken as well, connectx(2).
            boolean underWay = result == -platform.errno().EINPROGRESS();
            return result < 0 && !(underWay && taken > 0) ? result : taken;
        }
    }
}
