// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SockaddrLayout;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The binding that the property names, and memory and descriptors that a test need not clean up. */
abstract class SyscallsFixture {

    static final int WAIT_MILLIS = 60_000;

    static Syscalls sys;
    static Platform platform;
    static Errno errno;
    static SocketConstants socket;
    static StructLayouts structs;

    /** What a test hands to the kernel, reachable until the test ends. */
    private static final List<NativeMemory> MEMORY = new ArrayList<>();

    private final Deque<Integer> descriptors = new ArrayDeque<>();

    @BeforeAll
    static void load() throws BindingUnavailableException {
        Binding binding = BindingLoader.load();
        String asked = System.getProperty(BindingLoader.BINDING_PROPERTY);
        if (asked != null) {
            assertThat(binding.name()).isEqualTo(asked);
        }
        sys = binding.syscalls();
        platform = binding.platform();
        errno = platform.errno();
        socket = platform.socket();
        structs = platform.structs();
    }

    @AfterEach
    void forgetMemory() {
        MEMORY.clear();
    }

    @AfterEach
    void closeDescriptors() {
        for (int fd : descriptors) {
            // EBADF is a test's own close; nothing else can happen to these descriptors
            assertThat(sys.close(fd)).isIn(0, -errno.EBADF());
        }
    }

    int open(int fd) {
        assertThat(fd).isGreaterThanOrEqualTo(0);
        descriptors.push(fd);
        return fd;
    }

    int tcp() {
        return open(sys.socket(socket.AF_INET(), socket.SOCK_STREAM(), 0));
    }

    static NativeMemory memory(int size) {
        NativeMemory memory = NativeMemory.allocate(sys, size);
        MEMORY.add(memory);
        return memory;
    }

    static NativeMemory memory(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        NativeMemory memory = memory(bytes.length);
        memory.buffer().put(0, bytes);
        return memory;
    }

    static String text(NativeMemory memory, int offset, int length) {
        byte[] bytes = new byte[length];
        memory.buffer().get(offset, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Read end, write end. */
    int[] pipe() {
        NativeMemory fds = memory(8);
        assertThat(sys.pipe(fds.address())).isZero();
        return new int[] {open(fds.buffer().getInt(0)), open(fds.buffer().getInt(4))};
    }

    static void nonBlocking(int fd) {
        int flags = sys.fcntl(fd, platform.file().F_GETFL(), 0);
        assertThat(sys.fcntl(
                        fd, platform.file().F_SETFL(), flags | platform.file().O_NONBLOCK()))
                .isZero();
    }

    /** 127.0.0.1 with a port, 0 for any. */
    static NativeMemory loopback(int port) {
        SockaddrLayout layout = platform.sockaddr();
        NativeMemory address = memory(layout.in4Size());
        ByteBuffer buffer = address.buffer();
        if (Platform.has(layout.length())) {
            buffer.put(layout.length(), (byte) layout.in4Size());
        }
        if (layout.familySize() == 1) {
            buffer.put(layout.family(), (byte) socket.AF_INET());
        } else {
            buffer.putShort(layout.family(), (short) socket.AF_INET());
        }
        buffer.put(layout.in4Port(), (byte) (port >> 8)).put(layout.in4Port() + 1, (byte) port);
        buffer.put(layout.in4Address(), new byte[] {127, 0, 0, 1});
        return address;
    }

    static NativeMemory lengthPointer(int length) {
        NativeMemory pointer = memory(4);
        pointer.buffer().putInt(0, length);
        return pointer;
    }

    static int port(NativeMemory address) {
        int offset = platform.sockaddr().in4Port();
        return (address.buffer().get(offset) & 0xff) << 8 | address.buffer().get(offset + 1) & 0xff;
    }

    int listener() {
        int fd = tcp();
        NativeMemory any = loopback(0);
        assertThat(sys.bind(fd, any.address(), any.size())).isZero();
        assertThat(sys.listen(fd, 16)).isZero();
        return fd;
    }

    int localPort(int fd) {
        NativeMemory address = memory(platform.sockaddr().storageSize());
        NativeMemory length = lengthPointer(address.size());
        assertThat(sys.getsockname(fd, address.address(), length.address())).isZero();
        assertThat(length.buffer().getInt(0)).isEqualTo(platform.sockaddr().in4Size());
        return port(address);
    }

    static void entry(NativeMemory iovec, int index, long base, long length) {
        int at = index * structs.iovecSize();
        iovec.buffer().putLong(at + structs.iovecBase(), base);
        iovec.buffer().putLong(at + structs.iovecLength(), length);
    }
}
