// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.github.kqueueffm.testing.GuardedCalls;
import io.github.kqueueffm.testing.Records;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The record of the running system against its kernel: all memory ends with a page behind which there is nothing. */
@Timeout(120)
class GuardPageTest {

    private static final Platform PLATFORM = RealBinding.BINDING.platform();

    private final GuardedCalls calls = new GuardedCalls(RealBinding.BINDING.syscalls());
    private final Binding binding = binding(PLATFORM);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        calls.close();
    }

    private Binding binding(Platform platform) {
        return new Binding(RealBinding.BINDING.name(), platform, calls.syscalls());
    }

    /** One byte less for the named size of {@code structs} or {@code message}. */
    private Binding oneByteLess(String part, Record record, String size) throws ReflectiveOperationException {
        int real = (int) record.getClass().getMethod(size).invoke(record);
        return binding(Records.with(PLATFORM, part, Records.with(record, size, real - 1)));
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void streams(SocketProtocolFamily family) throws IOException {
        try (Loopback loopback = new Loopback(binding, family)) {
            Loopback.Pair pair = loopback.pair();
            assertThat(pair.client().localAddress())
                    .isEqualTo(pair.server().remoteAddress())
                    .isEqualTo(pair.peer().toInetSocketAddress());
            loopback.write(pair.client(), "abc");
            assertThat(loopback.read(pair.server(), 3)).isEqualTo(new byte[] {'a', 'b', 'c'});

            pair.client().setOption(SocketOption.SO_LINGER, 7);
            assertThat(pair.client().option(SocketOption.SO_LINGER)).isEqualTo(7);
            if (Platform.has(PLATFORM.tcpInfo().option())) {
                ByteBuffer info = ByteBuffer.allocate(PLATFORM.tcpInfo().size());
                pair.client()
                        .rawOption(
                                PLATFORM.socket().IPPROTO_TCP(),
                                PLATFORM.tcpInfo().option(),
                                info);
                assertThat(info.get(PLATFORM.tcpInfo().state().offset()))
                        .isEqualTo((byte) PLATFORM.tcpStates().TCPS_ESTABLISHED());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INET", "INET6"})
    void datagrams(SocketProtocolFamily family) throws IOException {
        try (Loopback loopback = new Loopback(binding, family)) {
            NativeSocket one = loopback.closedLater(NativeSocket.newDatagram(binding, family));
            NativeSocket other = loopback.closedLater(NativeSocket.newDatagram(binding, family));
            one.bind(Loopback.address(0));
            other.bind(Loopback.address(0));
            int port = ((InetSocketAddress) other.localAddress()).getPort();

            int count = new MessageArray(binding, CFunction.SENDMMSG, 3).capacity();
            MessageArray sent = new MessageArray(binding, CFunction.SENDMMSG, count);
            MessageArray received = new MessageArray(binding, CFunction.RECVMMSG, count);
            NativeMemory data = NativeMemory.allocate(calls.syscalls(), 4);
            NativeMemory room = NativeMemory.allocate(calls.syscalls(), 4 * count);
            data.buffer().putInt(0, 0x01020304);
            SocketAddressCodec codec = new SocketAddressCodec(PLATFORM);
            for (int i = 0; i < count; i++) {
                int length = codec.encode(Loopback.address(port), family, sent.memory(), sent.name(i));
                sent.send(i, length, data.address(), 4 - i);
                received.receive(i, room.address() + 4L * i, 4);
            }
            assertThat(new DatagramCalls(one).send(sent, count)).isEqualTo(count);
            DatagramCalls receiver = new DatagramCalls(other);
            loopback.awaitReadable(other);
            assertThat(receiver.receive(received, count)).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                assertThat(received.length(i)).isEqualTo(4 - i);
                assertThat(codec.decode(received.memory(), received.name(i), received.nameLength(i)))
                        .isEqualTo(one.localAddress());
            }
        }
    }

    @Test
    void unixDomain() throws IOException {
        try (UnixPair pair = new UnixPair(binding, directory)) {
            assertThat(pair.server.peerCredentials().uid()).isEqualTo((int) Files.getAttribute(directory, "unix:uid"));
            assertThat(pair.client.remoteAddress()).isEqualTo(pair.address);

            Syscalls syscalls = calls.syscalls();
            NativeMemory pipe = NativeMemory.allocate(syscalls, 2 * Integer.BYTES);
            assertThat(syscalls.pipe(pipe.address())).isZero();
            DescriptorMessage message = new DescriptorMessage(binding);
            message.prepareToSend(pipe.buffer().getInt(0));
            assertThat(syscalls.sendmsg(pair.client.intValue(), message.address(), 0))
                    .isEqualTo(1);
            DescriptorMessage received = new DescriptorMessage(binding);
            assertThat(pair.server.receiveDescriptors(received)).isEqualTo(1);
            assertThat(received.count()).isEqualTo(1);
            NativeMemory one = NativeMemory.allocate(syscalls, 1);
            one.buffer().put(0, (byte) 42);
            assertThat(syscalls.write(pipe.buffer().getInt(Integer.BYTES), one.address(), 1))
                    .isEqualTo(1);
            one.buffer().put(0, (byte) 0);
            assertThat(syscalls.read(received.descriptor(0), one.address(), 1)).isEqualTo(1);
            assertThat(one.buffer().get(0)).isEqualTo((byte) 42);
            received.closeRest();
            syscalls.close(pipe.buffer().getInt(0));
            syscalls.close(pipe.buffer().getInt(Integer.BYTES));

            one.buffer().put(0, (byte) 43);
            assertThat(pair.client.write(one.address(), 1)).isEqualTo(1);
            one.buffer().put(0, (byte) 0);
            StreamMessage stream = new StreamMessage(binding);
            assertThat(pair.server.receive(stream, one.address(), 1)).isEqualTo(1);
            assertThat(one.buffer().get(0)).isEqualTo((byte) 43);
            assertThat(stream.hadDescriptors()).isFalse();
        }
    }

    /** lstat(2), by which the file of a socket is known: with the struct a byte short it fails, and nothing else is written. */
    @Test
    void stat() throws Exception {
        Path file = directory.resolve("socket");
        NativeSocket listener = NativeSocket.newStream(binding, SocketProtocolFamily.UNIX);
        listener.bind(new DomainSocketAddress(file.toString()));
        listener.close();
        Binding shorter = oneByteLess("structs", PLATFORM.structs(), "statSize");
        assertThat(failureOf(() -> SocketFile.delete(shorter, file.toString()))).contains("lstat");
        assertThat(file).exists();
        SocketFile.delete(binding, file.toString());
        assertThat(file).doesNotExist();
    }

    private interface Action {
        void run() throws IOException;
    }

    private static String failureOf(Action action) {
        try {
            action.run();
            return "none";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The guard works, and the sizes are no larger than the kernel's. */
    @Test
    void pollfdAByteShort() throws Exception {
        Syscalls syscalls = calls.syscalls();
        int size = PLATFORM.structs().pollfdSize();
        NativeMemory whole = NativeMemory.allocate(syscalls, size);
        NativeMemory shorter = NativeMemory.allocate(syscalls, size - 1);
        whole.buffer().putInt(PLATFORM.structs().pollfdFd(), -1);
        shorter.buffer().putInt(PLATFORM.structs().pollfdFd(), -1);
        assertThat(syscalls.poll(whole.address(), 1, 0)).isZero();
        assertThat(syscalls.poll(shorter.address(), 1, 0))
                .isEqualTo(-PLATFORM.errno().EFAULT());
    }

    @Test
    void msghdrAByteShort() throws IOException {
        Syscalls syscalls = calls.syscalls();
        try (UnixPair pair = new UnixPair(binding, directory)) {
            int size = PLATFORM.message().msghdrSize();
            // Zeroed: no name, no data. An empty message to a stream is nothing.
            NativeMemory whole = NativeMemory.allocate(syscalls, size);
            NativeMemory shorter = NativeMemory.allocate(syscalls, size - 1);
            assertThat(syscalls.sendmsg(pair.client.intValue(), whole.address(), 0))
                    .isZero();
            assertThat(syscalls.sendmsg(pair.client.intValue(), shorter.address(), 0))
                    .isEqualTo(-PLATFORM.errno().EFAULT());
        }
    }
}
