// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Sockets of a test on loopback, all closed in the end. */
final class Loopback implements AutoCloseable {

    private static final int LONG_MILLIS = 60_000;

    private final Binding binding;
    private final SocketProtocolFamily family;
    private final Deque<NativeSocket> open = new ArrayDeque<>();
    private final AddressScratch peer;

    /** Both ends of a connection. */
    record Pair(NativeSocket client, NativeSocket server, RawAddress peer) {}

    Loopback(SocketProtocolFamily family) {
        this(RealBinding.BINDING, family);
    }

    Loopback(Binding binding, SocketProtocolFamily family) {
        this.binding = binding;
        this.family = family;
        peer = new AddressScratch(binding);
    }

    NativeSocket socket() throws IOException {
        return closedLater(NativeSocket.newStream(binding, family));
    }

    NativeSocket closedLater(NativeSocket socket) {
        open.push(socket);
        return socket;
    }

    /** 127.0.0.1, which an INET6 socket reaches by its mapped address. */
    static InetSocketAddress address(int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    NativeSocket listener() throws IOException {
        return listening(socket());
    }

    NativeSocket listening(NativeSocket socket) throws IOException {
        socket.bind(address(0));
        socket.listen(16);
        return socket;
    }

    Pair pair() throws IOException {
        return pair(listener());
    }

    Pair pair(NativeSocket listener) throws IOException {
        NativeSocket client = socket();
        if (!client.connect(listener.localAddress())) {
            await(client, binding.platform().file().POLLOUT());
        }
        await(listener, binding.platform().file().POLLIN());
        int fd = listener.accept(peer);
        assertThat(fd).isNotNegative();
        NativeSocket server = closedLater(listener.accepted(fd));
        return new Pair(client, server, peer.raw());
    }

    /** Waits until the socket is readable (POLLIN) or writable (POLLOUT). */
    void await(NativeSocket socket, int events) {
        Platform platform = binding.platform();
        StructLayouts structs = platform.structs();
        NativeMemory pollfd = NativeMemory.allocate(binding.syscalls(), structs.pollfdSize());
        pollfd.buffer().putInt(structs.pollfdFd(), socket.intValue());
        pollfd.buffer().putShort(structs.pollfdEvents(), (short) events);
        assertThat(binding.syscalls().poll(pollfd.address(), 1, LONG_MILLIS))
                .as("descriptor is ready in time")
                .isEqualTo(1);
    }

    void awaitReadable(NativeSocket socket) {
        FileConstants file = binding.platform().file();
        await(socket, file.POLLIN());
    }

    void write(NativeSocket socket, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        NativeMemory memory = NativeMemory.allocate(binding.syscalls(), bytes.length);
        memory.buffer().put(0, bytes);
        assertThat(socket.write(memory.address(), bytes.length)).isEqualTo(bytes.length);
    }

    /** Waits for exactly {@code count} bytes. */
    byte[] read(NativeSocket socket, int count) {
        NativeMemory memory = NativeMemory.allocate(binding.syscalls(), count);
        int done = 0;
        while (done < count) {
            awaitReadable(socket);
            int result = socket.read(memory.address() + done, count - done);
            assertThat(result).as("result of read").isPositive();
            done += result;
        }
        byte[] bytes = new byte[count];
        memory.buffer().get(0, bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        for (NativeSocket socket : open) {
            socket.close();
        }
    }
}
