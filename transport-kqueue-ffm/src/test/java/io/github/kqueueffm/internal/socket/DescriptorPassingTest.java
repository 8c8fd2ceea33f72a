// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.github.kqueueffm.testing.Records;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors over real sockets of the UNIX domain. */
@Timeout(120)
class DescriptorPassingTest {

    private static final Binding BINDING = RealBinding.BINDING;
    private static final Platform PLATFORM = BINDING.platform();
    private static final Syscalls SYSCALLS = BINDING.syscalls();

    @TempDir
    Path directory;

    /** The two ends of a pipe, for something to pass. */
    private static int[] pipe() {
        NativeMemory ends = NativeMemory.allocate(SYSCALLS, 8);
        assertThat(SYSCALLS.pipe(ends.address())).isZero();
        return new int[] {ends.buffer().getInt(0), ends.buffer().getInt(4)};
    }

    private static boolean isOpen(int fd) {
        return SYSCALLS.fcntl(fd, PLATFORM.file().F_GETFD(), 0) >= 0;
    }

    private static boolean isCloseOnExec(int fd) {
        FileConstants file = PLATFORM.file();
        return (SYSCALLS.fcntl(fd, file.F_GETFD(), 0) & file.FD_CLOEXEC()) != 0;
    }

    private static void writeByte(int fd, int value) {
        NativeMemory one = NativeMemory.allocate(SYSCALLS, 1);
        one.buffer().put(0, (byte) value);
        assertThat(SYSCALLS.write(fd, one.address(), 1)).isEqualTo(1);
    }

    private static int readByte(int fd) {
        NativeMemory one = NativeMemory.allocate(SYSCALLS, 1);
        return SYSCALLS.read(fd, one.address(), 1) == 1 ? one.buffer().get(0) : -1;
    }

    private static DescriptorMessage receive(NativeSocket socket) {
        DescriptorMessage message = DescriptorMessage.ofThread(socket.binding());
        assertThat(socket.receiveDescriptors(message)).isEqualTo(1);
        return message;
    }

    @Test
    void aDescriptorArrivesAsOneOfItsOwn() throws IOException {
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            int[] pipe = pipe();
            assertThat(pair.client.sendDescriptor(new FileDescriptor(pipe[1]))).isEqualTo(1);
            assertThat(isOpen(pipe[1])).as("the sender's own stays open").isTrue();
            SYSCALLS.close(pipe[1]);
            DescriptorMessage message = receive(pair.server);
            assertThat(message.count()).isEqualTo(1);
            assertThat(message.isTruncated()).isFalse();
            NativeDescriptor received = message.take();
            assertThat(message.hasMore()).isFalse();
            assertThat(isCloseOnExec(received.intValue())).isTrue();
            writeByte(received.intValue(), 42);
            assertThat(readByte(pipe[0])).isEqualTo(42);
            received.close();
            assertThat(isOpen(received.intValue())).isFalse();
            SYSCALLS.close(pipe[0]);
            assertThat(pair.server.receiveDescriptors(message))
                    .isEqualTo(-PLATFORM.errno().EAGAIN());
            assertThat(message.count()).isZero();
        }
    }

    @Test
    void oneByteIsTakenAndNoMore() throws IOException {
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            int[] pipe = pipe();
            ControlMessages.sendDescriptors(pair.client, 1, pipe[0]);
            writeByte(pair.client.intValue(), 7);
            DescriptorMessage message = receive(pair.server);
            assertThat(message.count()).isEqualTo(1);
            message.closeRest();
            assertThat(readByte(pair.server.intValue())).isEqualTo(7);
            SYSCALLS.close(pipe[0]);
            SYSCALLS.close(pipe[1]);
        }
    }

    @Test
    void severalInOneMessage() throws IOException {
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            int[] pipe = pipe();
            ControlMessages.sendDescriptors(pair.client, 3, pipe[0], pipe[1], pipe[0]);
            DescriptorMessage message = receive(pair.server);
            assertThat(message.count()).isEqualTo(3);
            int[] fds = {message.descriptor(0), message.descriptor(1), message.descriptor(2)};
            assertThat(fds).doesNotHaveDuplicates();
            for (int fd : fds) {
                assertThat(isOpen(fd) && isCloseOnExec(fd)).isTrue();
            }
            NativeDescriptor first = message.take();
            assertThat(first.intValue()).isEqualTo(fds[0]);
            message.closeRest();
            assertThat(isOpen(fds[0])).isTrue();
            assertThat(isOpen(fds[1])).isFalse();
            assertThat(isOpen(fds[2])).isFalse();
            first.close();
            // The bytes after the first one, without descriptors.
            assertThat(receive(pair.server).count()).isZero();
            assertThat(receive(pair.server).count()).isZero();
            SYSCALLS.close(pipe[0]);
            SYSCALLS.close(pipe[1]);
        }
    }

    @Test
    void whoReadsBytesGetsNoDescriptor() throws IOException {
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            int[] pipe = pipe();
            ControlMessages.sendDescriptors(pair.client, 1, pipe[1]);
            SYSCALLS.close(pipe[1]);
            assertThat(readByte(pair.server.intValue())).isZero();
            assertThat(readByte(pipe[0]))
                    .as("nobody has the other end any more")
                    .isEqualTo(-1);
            SYSCALLS.close(pipe[0]);
        }
    }

    @Test
    void whatNobodyReadsIsClosedWithTheSocket() throws IOException {
        int[] pipe = pipe();
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            ControlMessages.sendDescriptors(pair.client, 1, pipe[1]);
            SYSCALLS.close(pipe[1]);
        }
        assertThat(readByte(pipe[0])).as("nobody has the other end any more").isEqualTo(-1);
        SYSCALLS.close(pipe[0]);
    }

    @Test
    void theEndOfTheStream() throws IOException {
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            pair.client.close();
            assertThat(pair.server.receiveDescriptors(DescriptorMessage.ofThread(BINDING)))
                    .isZero();
        }
    }

    @Test
    void aClosedDescriptorIsNotSent() throws IOException {
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            int[] pipe = pipe();
            NativeDescriptor ours = new NativeDescriptor(BINDING, pipe[0]);
            ours.close();
            assertThatThrownBy(() -> pair.client.sendDescriptor(ours)).isInstanceOf(ClosedChannelException.class);
            assertThat(pair.client.sendDescriptor(new FileDescriptor(pipe[0])))
                    .as("Netty's own type does not know")
                    .isEqualTo(-PLATFORM.errno().EBADF());
            FileDescriptor closed = new FileDescriptor(pipe[1]) {
                @Override
                public boolean isOpen() {
                    return false;
                }
            };
            assertThatThrownBy(() -> pair.client.sendDescriptor(closed)).isInstanceOf(ClosedChannelException.class);
            SYSCALLS.close(pipe[1]);
            assertThat(pair.server.receiveDescriptors(DescriptorMessage.ofThread(BINDING)))
                    .isEqualTo(-PLATFORM.errno().EAGAIN());
        }
    }

    @Test
    void withoutTheFlagThereIsACallForEach() throws IOException {
        Platform mac =
                Records.with(PLATFORM, "socket", Records.with(PLATFORM.socket(), "MSG_CMSG_CLOEXEC", Platform.ABSENT));
        ScriptedCalls calls = new ScriptedCalls(mac);
        try (UnixPair pair = new UnixPair(calls.binding(), directory)) {
            int[] pipe = pipe();
            ControlMessages.sendDescriptors(pair.client, 1, pipe[0], pipe[1]);
            calls.clearLog();
            DescriptorMessage message = receive(pair.server);
            assertThat(message.count()).isEqualTo(2);
            FileConstants file = mac.file();
            String set = ", " + file.F_SETFD() + ", " + file.FD_CLOEXEC() + ")";
            assertThat(calls.log())
                    .containsExactly(
                            "recvmsg(" + pair.server.intValue() + ", 0)",
                            "fcntl(" + message.descriptor(0) + set,
                            "fcntl(" + message.descriptor(1) + set);
            assertThat(isCloseOnExec(message.descriptor(1))).isTrue();
            message.closeRest();

            ControlMessages.sendDescriptors(pair.client, 1, pipe[0], pipe[1]);
            calls.answer("fcntl", -mac.errno().EPERM());
            assertThat(pair.server.receiveDescriptors(message))
                    .isEqualTo(-mac.errno().EPERM());
            assertThat(isOpen(message.descriptor(0))).isFalse();
            assertThat(isOpen(message.descriptor(1))).isFalse();
            SYSCALLS.close(pipe[0]);
            SYSCALLS.close(pipe[1]);
        }
    }

    @Test
    void afterTheCloseNoCallIsMade() throws IOException {
        ScriptedCalls calls = new ScriptedCalls();
        try (UnixPair pair = new UnixPair(calls.binding(), directory)) {
            pair.server.close();
            calls.clearLog();
            int closed = -PLATFORM.errno().EBADF();
            assertThat(pair.server.sendDescriptor(new FileDescriptor(1))).isEqualTo(closed);
            assertThat(pair.server.receiveDescriptors(DescriptorMessage.ofThread(calls.binding())))
                    .isEqualTo(closed);
            assertThat(calls.log()).isEmpty();
            assertThatThrownBy(() -> pair.server.peerCredentials()).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void thePeerIsThisProcess() throws IOException {
        try (UnixPair pair = new UnixPair(BINDING, directory)) {
            for (NativeSocket end : new NativeSocket[] {pair.client, pair.server}) {
                Credentials credentials = end.peerCredentials();
                assertThat(credentials.pid())
                        .isEqualTo((int) ProcessHandle.current().pid());
                assertThat(credentials.gids()).isNotEmpty();
            }
        }
    }
}
