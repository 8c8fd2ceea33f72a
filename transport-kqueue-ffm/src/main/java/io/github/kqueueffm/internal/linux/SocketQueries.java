// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;

/** The questions that epoll's answer leaves open. Each costs a system call, so each is asked only where it decides. */
final class SocketQueries {

    /** What a descriptor is, as far as it changes what EPOLLERR and EPOLLHUP mean. */
    enum Kind {
        /** Not asked yet. */
        UNKNOWN,
        TCP,
        OTHER_SOCKET,
        NOT_A_SOCKET
    }

    /**
     * TIOCOUTQ of asm-generic/ioctls.h, which every target with a Linux record uses (not MIPS, PowerPC, SPARC); asked in
     * exact mode only.
     */
    private static final long SIOCOUTQ = 0x5411;

    private final Syscalls syscalls;
    private final Errno errno;
    private final SocketConstants socket;
    private final long fionread;
    private final int unackedOffset;
    private final int tcpInfoSize;
    private final int lengthOffset;
    private final NativeMemory memory;

    SocketQueries(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        errno = platform.errno();
        socket = platform.socket();
        fionread = Integer.toUnsignedLong(platform.file().FIONREAD());
        unackedOffset = platform.tcpInfo().unacked().offset();
        // As much of struct tcp_info as reaches tcpi_unacked: the kernel fills what it is given (tcp_getsockopt).
        tcpInfoSize = unackedOffset + Integer.BYTES;
        lengthOffset = Math.max(tcpInfoSize, Long.BYTES);
        memory = NativeMemory.allocate(syscalls, lengthOffset + Integer.BYTES);
    }

    /** The pending error, which this takes away, 0 if there is none, or {@code -errno}. */
    int takeError(int fd) {
        int result = option(fd, socket.SOL_SOCKET(), socket.SO_ERROR(), Integer.BYTES);
        return result < 0 ? result : value(0);
    }

    Kind kind(int fd) {
        int result = option(fd, socket.IPPROTO_TCP(), socket.TCP_INFO(), tcpInfoSize);
        if (result >= 0) {
            return Kind.TCP;
        }
        return result == -errno.ENOTSOCK() ? Kind.NOT_A_SOCKET : Kind.OTHER_SOCKET;
    }

    /** Bytes to read (of the next datagram on a datagram socket), or {@code -errno}: EINVAL for a listener (tcp(7)). */
    long unread(int fd) {
        return intAnswer(fd, fionread);
    }

    /** Whether the descriptor is a listening socket: FIONREAD has no meaning for one, and says so (tcp(7), SIOCINQ). */
    boolean isListener(int fd) {
        return unread(fd) == -errno.EINVAL();
    }

    /** Connections to accept, {@link Kernel#UNKNOWN} for other listeners than TCP's. */
    long backlog(int fd) {
        // For a socket in the LISTEN state tcpi_unacked is the length of its accept queue (tcp_get_info).
        int result = option(fd, socket.IPPROTO_TCP(), socket.TCP_INFO(), tcpInfoSize);
        return result < 0 ? Kernel.UNKNOWN : Integer.toUnsignedLong(value(unackedOffset));
    }

    /** Bytes, or connections on a listener, to read. */
    long available(int fd) {
        long unread = unread(fd);
        if (unread == -errno.EINVAL()) {
            return backlog(fd);
        }
        return unread < 0 ? Kernel.UNKNOWN : unread;
    }

    /** About how many bytes could be written, {@link Kernel#UNKNOWN} for what is not a socket. */
    long space(int fd) {
        int result = option(fd, socket.SOL_SOCKET(), socket.SO_SNDBUF(), Integer.BYTES);
        if (result < 0) {
            return Kernel.UNKNOWN;
        }
        long size = value(0);
        // Fails for datagram sockets of some families; then the buffer counts as empty.
        long unsent = Math.max(0, intAnswer(fd, SIOCOUTQ));
        return Math.max(0, size - unsent);
    }

    /** Whether this is an open descriptor. */
    boolean isOpen(int fd, int getFlagsCommand) {
        return syscalls.fcntl(fd, getFlagsCommand, 0) >= 0;
    }

    private long intAnswer(int fd, long request) {
        int result = syscalls.ioctl(fd, request, memory.address());
        Reference.reachabilityFence(memory);
        return result < 0 ? result : Integer.toUnsignedLong(value(0));
    }

    private int option(int fd, int level, int name, int length) {
        memory.buffer().putInt(lengthOffset, length);
        int result = syscalls.getsockopt(fd, level, name, memory.address(), memory.address() + lengthOffset);
        Reference.reachabilityFence(memory);
        return result;
    }

    private int value(int offset) {
        return memory.buffer().getInt(offset);
    }
}
