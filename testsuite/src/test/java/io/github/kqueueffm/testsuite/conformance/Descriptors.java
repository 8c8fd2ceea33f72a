// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SockaddrLayout;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Sockets, pipes and files in plain calls, in the layout of any platform. Results are those of {@link Syscalls}. */
final class Descriptors {

    private static final int LOOPBACK = 0x7f000001;
    private static final int F_DUPFD = 0;
    private static final int LONG_MILLIS = 20_000;

    /** Parts of the memory: a small value, its length, an address, bytes to move. */
    private static final int LENGTH = 64;

    private static final int ADDRESS = 128;
    private static final int BYTES = 1024;
    private static final int ROOM = 1 << 16;

    private final Syscalls syscalls;
    private final Platform platform;
    private final SocketConstants socket;
    private final FileConstants file;
    private final NativeMemory memory;

    Descriptors(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        this.platform = platform;
        socket = platform.socket();
        file = platform.file();
        memory = NativeMemory.allocate(syscalls, BYTES + ROOM);
    }

    int tcp() {
        return open(socket.AF_INET(), socket.SOCK_STREAM());
    }

    int udp() {
        return open(socket.AF_INET(), socket.SOCK_DGRAM());
    }

    int unixStream() {
        return open(socket.AF_UNIX(), socket.SOCK_STREAM());
    }

    int unixDatagram() {
        return open(socket.AF_UNIX(), socket.SOCK_DGRAM());
    }

    private int open(int domain, int type) {
        return nonBlocking(check("socket", syscalls.socket(domain, type, 0)));
    }

    /** The pipe's two ends, the one to read from first. */
    int[] pipe() {
        check("pipe", syscalls.pipe(memory.address()));
        ByteBuffer ends = memory.buffer();
        int[] pipe = {ends.getInt(0), ends.getInt(Integer.BYTES)};
        nonBlocking(pipe[0]);
        nonBlocking(pipe[1]);
        return pipe;
    }

    private int nonBlocking(int fd) {
        int flags = check("fcntl", syscalls.fcntl(fd, file.F_GETFL(), 0));
        check("fcntl", syscalls.fcntl(fd, file.F_SETFL(), flags | file.O_NONBLOCK()));
        return fd;
    }

    void blocking(int fd) {
        int flags = check("fcntl", syscalls.fcntl(fd, file.F_GETFL(), 0));
        check("fcntl", syscalls.fcntl(fd, file.F_SETFL(), flags & ~file.O_NONBLOCK()));
    }

    int openFile(String path) {
        zeroTerminated(ADDRESS, path);
        return check("open", syscalls.open(memory.address() + ADDRESS, file.O_RDONLY(), 0));
    }

    int bind(int fd, int port) {
        return syscalls.bind(fd, internet(port), platform.sockaddr().in4Size());
    }

    int bind(int fd, String path) {
        return syscalls.bind(fd, unix(path), unixLength(path));
    }

    int connect(int fd, int port) {
        return syscalls.connect(fd, internet(port), platform.sockaddr().in4Size());
    }

    int connect(int fd, String path) {
        return syscalls.connect(fd, unix(path), unixLength(path));
    }

    int listen(int fd) {
        return listen(fd, 128);
    }

    int listen(int fd, int backlog) {
        return syscalls.listen(fd, backlog);
    }

    /** accept(2) and no more. */
    int plainAccept(int fd) {
        return syscalls.accept(fd, 0, 0);
    }

    /** Non-blocking. */
    int accept(int fd) {
        int accepted = plainAccept(fd);
        return accepted < 0 ? accepted : nonBlocking(accepted);
    }

    int port(int fd) {
        memory.buffer().putInt(LENGTH, platform.sockaddr().storageSize());
        check("getsockname", syscalls.getsockname(fd, memory.address() + ADDRESS, memory.address() + LENGTH));
        return networkOrder().getShort(ADDRESS + platform.sockaddr().in4Port()) & 0xffff;
    }

    int duplicate(int fd) {
        return duplicateFrom(0, fd);
    }

    /** A duplicate with the lowest number that is free, {@code least} or above. */
    int duplicateFrom(int least, int fd) {
        return check("fcntl", syscalls.fcntl(fd, F_DUPFD, least));
    }

    /** kevent(2) without changes and without room on any descriptor. */
    int kevent(int fd) {
        return syscalls.kevent(fd, 0, 0, 0, 0, 0);
    }

    /** ... with a timeout, on a kqueue. */
    int kevent(int fd, long seconds, long nanos) {
        memory.buffer().putLong(platform.structs().timespecSeconds(), seconds);
        memory.buffer().putLong(platform.structs().timespecNanos(), nanos);
        return syscalls.kevent(fd, 0, 0, memory.address() + BYTES, 1, memory.address());
    }

    /** Whether F_GETFL has O_NONBLOCK. */
    boolean isNonBlocking(int fd) {
        return (check("fcntl", syscalls.fcntl(fd, file.F_GETFL(), 0)) & file.O_NONBLOCK()) != 0;
    }

    long write(int fd, int length) {
        return syscalls.write(fd, memory.address() + BYTES, length);
    }

    long read(int fd, int length) {
        return syscalls.read(fd, memory.address() + BYTES, length);
    }

    /** FIONREAD. */
    int available(int fd) {
        memory.buffer().putInt(0, 0);
        check("ioctl", syscalls.ioctl(fd, file.FIONREAD() & 0xffff_ffffL, memory.address()));
        return memory.buffer().getInt(0);
    }

    int shutdown(int fd, int how) {
        return syscalls.shutdown(fd, how);
    }

    int close(int fd) {
        return syscalls.close(fd);
    }

    /** Makes close(2) reset the connection. */
    void lingerNot(int fd) {
        ByteBuffer linger = memory.buffer();
        linger.putInt(platform.structs().lingerOnOff(), 1);
        linger.putInt(platform.structs().lingerSeconds(), 0);
        int size = platform.structs().lingerSize();
        check("SO_LINGER", syscalls.setsockopt(fd, socket.SOL_SOCKET(), socket.SO_LINGER(), memory.address(), size));
    }

    /** SO_ERROR. */
    int takeError(int fd) {
        memory.buffer().putInt(LENGTH, Integer.BYTES);
        check(
                "SO_ERROR",
                syscalls.getsockopt(
                        fd, socket.SOL_SOCKET(), socket.SO_ERROR(), memory.address(), memory.address() + LENGTH));
        return memory.buffer().getInt(0);
    }

    void awaitReadable(int fd) {
        if (!poll(fd, file.POLLIN(), LONG_MILLIS)) {
            throw new IllegalStateException("nothing to read");
        }
    }

    void awaitWritable(int fd) {
        if (!poll(fd, file.POLLOUT(), LONG_MILLIS)) {
            throw new IllegalStateException("no room to write");
        }
    }

    /** Whether there is room to write within {@code millis}. */
    boolean isWritable(int fd, int millis) {
        return poll(fd, file.POLLOUT(), millis);
    }

    private boolean poll(int fd, int events, int millis) {
        ByteBuffer buffer = memory.buffer();
        buffer.putInt(platform.structs().pollfdFd(), fd);
        buffer.putShort(platform.structs().pollfdEvents(), (short) events);
        buffer.putShort(platform.structs().pollfdRevents(), (short) 0);
        return check("poll", syscalls.poll(memory.address(), 1, millis)) == 1;
    }

    /** Until {@code bytes} can be read. */
    void awaitBytes(int fd, int bytes) {
        long deadline = System.nanoTime() + SECONDS.toNanos(LONG_MILLIS / 1000);
        while (available(fd) < bytes) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(available(fd) + " bytes instead of " + bytes);
            }
            Thread.onSpinWait();
        }
    }

    int check(String call, int result) {
        if (result < 0) {
            throw new IllegalStateException(call + " failed: errno " + -result);
        }
        return result;
    }

    private long internet(int port) {
        SockaddrLayout layout = platform.sockaddr();
        start(layout.in4Size(), socket.AF_INET());
        networkOrder().putShort(ADDRESS + layout.in4Port(), (short) port);
        networkOrder().putInt(ADDRESS + layout.in4Address(), LOOPBACK);
        return memory.address() + ADDRESS;
    }

    private long unix(String path) {
        start(unixLength(path), socket.AF_UNIX());
        zeroTerminated(ADDRESS + platform.sockaddr().unPath(), path);
        return memory.address() + ADDRESS;
    }

    private int unixLength(String path) {
        return platform.sockaddr().unPath() + path.length() + 1;
    }

    private void start(int length, int family) {
        SockaddrLayout layout = platform.sockaddr();
        ByteBuffer buffer = memory.buffer();
        for (int i = 0; i < layout.storageSize(); i++) {
            buffer.put(ADDRESS + i, (byte) 0);
        }
        if (Platform.has(layout.length())) {
            buffer.put(ADDRESS + layout.length(), (byte) length);
        }
        if (layout.familySize() == Byte.BYTES) {
            buffer.put(ADDRESS + layout.family(), (byte) family);
        } else {
            buffer.putShort(ADDRESS + layout.family(), (short) family);
        }
    }

    private void zeroTerminated(int at, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
        if (at + bytes.length >= BYTES) {
            throw new IllegalArgumentException(path);
        }
        for (int i = 0; i < bytes.length; i++) {
            memory.buffer().put(at + i, bytes[i]);
        }
        memory.buffer().put(at + bytes.length, (byte) 0);
    }

    private ByteBuffer networkOrder() {
        return memory.buffer().duplicate().order(ByteOrder.BIG_ENDIAN);
    }
}
