// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.sys.Binding;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SocketFileTest {

    private static final Binding BINDING = RealBinding.BINDING;

    @TempDir
    Path directory;

    private Path file;
    private DomainSocketAddress address;

    @BeforeEach
    void name() {
        file = directory.resolve("a socket \u00e9");
        address = new DomainSocketAddress(file.toString());
    }

    private NativeSocket bound() throws IOException {
        NativeSocket socket = NativeSocket.newStream(BINDING, SocketProtocolFamily.UNIX);
        socket.bind(address);
        return socket;
    }

    private void leaveADeadSocket() throws IOException {
        bound().close();
        assertThat(file).exists();
    }

    @Test
    void aSocketIsDeleted() throws IOException {
        leaveADeadSocket();
        SocketFile.delete(BINDING, address.path());
        assertThat(file).doesNotExist();
        SocketFile.delete(BINDING, address.path());
        SocketFile.delete(BINDING, file.resolve("below").toString());
    }

    @Test
    void anythingElseIsNot() throws IOException {
        Files.writeString(file, "precious");
        SocketFile.delete(BINDING, address.path());
        assertThat(file).hasContent("precious");
        Files.delete(file);
        try (UnixPair other = new UnixPair(BINDING, directory)) {
            Files.createSymbolicLink(file, Path.of(other.address.path()));
            SocketFile.delete(BINDING, address.path());
            assertThat(Files.isSymbolicLink(file)).as("a link to a socket").isTrue();
        }
    }

    @Test
    void namesWithoutFiles() throws IOException {
        ScriptedCalls calls = new ScriptedCalls();
        SocketFile.delete(calls.binding(), "\0abstract");
        SocketFile.delete(calls.binding(), "");
        assertThat(SocketFile.deleteStale(calls.binding(), "\0abstract")).isFalse();
        assertThat(calls.log()).isEmpty();
    }

    @Test
    void withoutLstatTheNameIsTakenForWhatWasBound() throws IOException {
        ScriptedCalls calls = new ScriptedCalls().absent(CFunction.LSTAT);
        leaveADeadSocket();
        assertThat(SocketFile.deleteStale(calls.binding(), address.path()))
                .as("not known to be a socket")
                .isFalse();
        assertThat(file).exists();
        SocketFile.delete(calls.binding(), address.path());
        assertThat(file).doesNotExist();
        assertThat(calls.log()).containsExactly("unlink()");
    }

    @Test
    void whatCannotBeDeletedIsReported() throws IOException {
        Errno errno = BINDING.platform().errno();
        ScriptedCalls calls = new ScriptedCalls().answer("unlink", -errno.EACCES());
        leaveADeadSocket();
        assertThatThrownBy(() -> SocketFile.delete(calls.binding(), address.path()))
                .isInstanceOf(KQueueIoException.class)
                .hasMessage("unlink(..) failed: EACCES (Permission denied)");
        assertThat(SocketFile.deleteStale(calls.binding(), address.path())).isFalse();
        calls.answer("lstat", -errno.EACCES());
        assertThatThrownBy(() -> SocketFile.delete(calls.binding(), address.path()))
                .hasMessage("lstat(..) failed: EACCES (Permission denied)");
        assertThat(SocketFile.deleteStale(calls.binding(), address.path())).isFalse();
    }

    @Test
    void theNameOfADeadSocketIsTakenOver() throws IOException {
        leaveADeadSocket();
        NativeSocket second = bound();
        assertThat(second.localAddress()).isEqualTo(address);
        second.close();
    }

    @Test
    void theNameOfALiveSocketIsNot() throws IOException {
        NativeSocket live = bound();
        isInUse();
        live.listen(1);
        isInUse();
        assertThat(live.accept(new AddressScratch(BINDING)))
                .as("nobody has connected to find out")
                .isEqualTo(-BINDING.platform().errno().EAGAIN());
        live.close();
        NativeSocket datagrams = NativeSocket.newDatagram(BINDING, SocketProtocolFamily.UNIX);
        datagrams.bind(address);
        isInUse();
        datagrams.close();
        Files.delete(file);
        Files.writeString(file, "precious");
        isInUse();
        assertThat(file).hasContent("precious");
    }

    private void isInUse() throws IOException {
        SocketProtocolFamily family = SocketProtocolFamily.UNIX;
        for (boolean stream : new boolean[] {true, false}) {
            NativeSocket socket =
                    stream ? NativeSocket.newStream(BINDING, family) : NativeSocket.newDatagram(BINDING, family);
            assertThatThrownBy(() -> socket.bind(address))
                    .isExactlyInstanceOf(BindException.class)
                    .hasMessage("Address already in use: " + address);
            socket.close();
        }
    }
}
