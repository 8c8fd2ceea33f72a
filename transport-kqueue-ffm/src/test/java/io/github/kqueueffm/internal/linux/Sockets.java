// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Descriptors for tests, on loopback, all closed in the end. Calls made here are not counted. */
final class Sockets implements AutoCloseable {

    private static final int LOOPBACK = 0x7f000001;
    private static final int F_DUPFD = 0;
    private static final int ROOM = 1 << 16;
    private static final int LONG_MILLIS = 30_000;

    private final Syscalls syscalls;
    private final Platform platform;
    private final SocketConstants constants;
    private final NativeMemory memory;
    private final Deque<Integer> open = new ArrayDeque<>();

    /** Both ends of a TCP connection, non-blocking. */
    record Pair(int client, int server) {}

    Sockets(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        this.platform = platform;
        constants = platform.socket();
        memory = NativeMemory.allocate(syscalls, ROOM);
    }

    int tcp() {
        return socket(constants.SOCK_STREAM());
    }

    int udp() {
        return socket(constants.SOCK_DGRAM());
    }

    private int socket(int type) {
        return opened(syscalls.socket(constants.AF_INET(), type | constants.SOCK_NONBLOCK(), 0));
    }

    /** A listener on a port of its own. */
    int listener() {
        int fd = tcp();
        bind(fd);
        assertThat(syscalls.listen(fd, 128)).isZero();
        return fd;
    }

    void bind(int fd) {
        assertThat(syscalls.bind(fd, address(0), platform.sockaddr().in4Size())).isZero();
    }

    int port(int fd) {
        memory.buffer().putInt(64, platform.sockaddr().storageSize());
        assertThat(syscalls.getsockname(fd, memory.address() + 128, memory.address() + 64))
                .isZero();
        return networkOrder().getShort(128 + platform.sockaddr().in4Port()) & 0xffff;
    }

    /** The result of connect(2), or {@code -errno}. */
    int connect(int fd, int port) {
        return syscalls.connect(fd, address(port), platform.sockaddr().in4Size());
    }

    int connectTo(int listener) {
        int fd = tcp();
        int result = connect(fd, port(listener));
        assertThat(result).isIn(0, -platform.errno().EINPROGRESS());
        awaitReadable(listener);
        return fd;
    }

    int accept(int listener) {
        return opened(syscalls.accept4(listener, 0, 0, constants.SOCK_NONBLOCK()));
    }

    Pair pair() {
        int listener = listener();
        int client = connectTo(listener);
        int server = accept(listener);
        awaitWritable(client);
        close(listener);
        return new Pair(client, server);
    }

    /** A port on which nothing listens. */
    int deadPort(int type) {
        int fd = socket(type);
        bind(fd);
        int port = port(fd);
        close(fd);
        return port;
    }

    /** Read end, write end; blocking. */
    List<Integer> pipe() {
        assertThat(syscalls.pipe(memory.address())).isZero();
        List<Integer> ends = new ArrayList<>();
        ends.add(opened(memory.buffer().getInt(0)));
        ends.add(opened(memory.buffer().getInt(Integer.BYTES)));
        return ends;
    }

    /** Opened for reading. */
    int open(Path file) {
        return open(file, platform.file().O_RDONLY());
    }

    int open(Path file, int flags) {
        byte[] name = file.toString().getBytes(StandardCharsets.UTF_8);
        memory.buffer().put(0, name);
        memory.buffer().put(name.length, (byte) 0);
        return opened(syscalls.open(memory.address(), flags, 0));
    }

    /** The other side of an open /dev/ptmx, for reading and writing. */
    int terminal(int ptmx) {
        memory.buffer().putInt(0, 0);
        // TIOCSPTLCK (unlock) and TIOCGPTPEER with O_RDWR | O_NOCTTY, of asm-generic/ioctls.h.
        assertThat(syscalls.ioctl(ptmx, 0x40045431L, memory.address())).isZero();
        return opened(syscalls.ioctl(ptmx, 0x5441L, 0x102));
    }

    int duplicate(int fd) {
        return duplicateAs(0, fd);
    }

    /** A duplicate with the lowest number from {@code least} on: that very number if it is free. */
    int duplicateAs(int least, int fd) {
        return opened(syscalls.fcntl(fd, F_DUPFD, least));
    }

    /** Writes and waits until it has arrived at {@code to}. */
    void send(int from, int to, int length) {
        assertThat(write(from, length)).isEqualTo(length);
        awaitReadable(to);
    }

    long write(int fd, int length) {
        return syscalls.write(fd, memory.address() + 256, length);
    }

    long read(int fd, int length) {
        return syscalls.read(fd, memory.address() + 256, length);
    }

    /** Writes until EAGAIN. */
    long fill(int fd) {
        long total = 0;
        while (true) {
            long written = write(fd, ROOM - 256);
            if (written < 0) {
                assertThat(written).isEqualTo(-platform.errno().EAGAIN());
                return total;
            }
            total += written;
        }
    }

    /** Reads until {@code total} bytes have come. */
    void drain(int fd, long total) {
        for (long left = total; left > 0; ) {
            awaitReadable(fd);
            long count = read(fd, ROOM - 256);
            assertThat(count).isPositive();
            left -= count;
        }
    }

    void shutdown(int fd, int how) {
        assertThat(syscalls.shutdown(fd, how)).isZero();
    }

    /** Closes with a reset instead of a FIN. */
    void reset(int fd) {
        ByteBuffer linger = memory.buffer();
        linger.putInt(platform.structs().lingerOnOff(), 1);
        linger.putInt(platform.structs().lingerSeconds(), 0);
        assertThat(syscalls.setsockopt(
                        fd,
                        constants.SOL_SOCKET(),
                        constants.SO_LINGER(),
                        memory.address(),
                        platform.structs().lingerSize()))
                .isZero();
        close(fd);
    }

    int pendingError(int fd) {
        memory.buffer().putInt(64, Integer.BYTES);
        assertThat(syscalls.getsockopt(
                        fd, constants.SOL_SOCKET(), constants.SO_ERROR(), memory.address(), memory.address() + 64))
                .isZero();
        return memory.buffer().getInt(0);
    }

    void awaitReadable(int fd) {
        await(fd, platform.file().POLLIN());
    }

    void awaitWritable(int fd) {
        await(fd, platform.file().POLLOUT());
    }

    /** Waits until the peer's FIN or reset is there. */
    void awaitEnd(int fd) {
        await(fd, platform.epoll().EPOLLRDHUP());
    }

    void awaitHangup(int fd) {
        await(fd, 0);
    }

    private void await(int fd, int events) {
        ByteBuffer buffer = memory.buffer();
        buffer.putInt(platform.structs().pollfdFd(), fd);
        buffer.putShort(platform.structs().pollfdEvents(), (short) events);
        assertThat(syscalls.poll(memory.address(), 1, LONG_MILLIS))
                .as("poll of %d for %#x", fd, events)
                .isEqualTo(1);
    }

    int opened(int fd) {
        assertThat(fd).isNotNegative();
        open.push(fd);
        return fd;
    }

    void close(int fd) {
        open.remove(fd);
        assertThat(syscalls.close(fd)).isZero();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            close((int) open.peek());
        }
    }

    private long address(int port) {
        ByteBuffer buffer = memory.buffer();
        int family = platform.sockaddr().family();
        buffer.putShort(family, (short) constants.AF_INET());
        networkOrder().putShort(platform.sockaddr().in4Port(), (short) port);
        networkOrder().putInt(platform.sockaddr().in4Address(), LOOPBACK);
        return memory.address();
    }

    private ByteBuffer networkOrder() {
        return memory.buffer().duplicate().order(ByteOrder.BIG_ENDIAN);
    }
}
