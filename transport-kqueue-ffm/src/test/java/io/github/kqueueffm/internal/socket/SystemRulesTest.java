// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The calls that differ between systems, with each system's numbers as its manual pages and headers have them, written down here
 * once more: a wrong record does not agree with itself.
 */
@ParameterizedClass
@MethodSource("targets")
class SystemRulesTest {

    private static final int FD = 3;
    private static final int CHILD = 9;

    private final Platform platform;
    private final ScriptedCalls calls;
    private final NativeSocket socket;

    SystemRulesTest(String target) {
        platform = TestPlatforms.named(target);
        calls = new ScriptedCalls(platform)
                .answer("accept4", CHILD)
                .answer("accept", CHILD)
                .answer("socket", FD)
                .answer("fcntl", 0)
                .answer("setsockopt", 0)
                .answer("getsockopt", 0)
                .answer("close", 0);
        socket = new NativeSocket(calls.binding(), FD, SocketProtocolFamily.INET);
    }

    static List<String> targets() {
        return TestPlatforms.ids();
    }

    /** SOCK_NONBLOCK | SOCK_CLOEXEC, which macOS does not have. */
    private int typeFlags() {
        return switch (platform.os()) {
            case "linux" -> 0x80800;
            case "openbsd" -> 0xc000;
            case "darwin" -> 0;
            default -> 0x30000000;
        };
    }

    private int oNonblock() {
        return platform.os().equals("linux") ? 0x800 : 4;
    }

    @Test
    void aNewSocketDoesNotBlockAndIsClosedOnExec() throws IOException {
        NativeSocket.newStream(calls.binding(), SocketProtocolFamily.INET);

        List<String> expected = new ArrayList<>(List.of("socket(2, " + (1 | typeFlags()) + ", 0)"));
        if (typeFlags() == 0) {
            expected.add("fcntl(3, 2, 1)");
            expected.add("fcntl(3, 4, 4)");
        }
        assertThat(calls.log()).isEqualTo(expected);
    }

    @Test
    void anAcceptedOneNeither() {
        assertThat(accept()).isEqualTo(CHILD);

        assertThat(calls.log())
                .isEqualTo(
                        typeFlags() == 0
                                ? List.of("accept(3)", "fcntl(9, 2, 1)")
                                : List.of("accept4(3, " + typeFlags() + ")"));
    }

    /** accept(2) hands on O_NONBLOCK everywhere but on Linux. */
    @Test
    void withoutAccept4OneCallMoreOrTwo() {
        calls.absent(CFunction.ACCEPT4, CFunction.PACCEPT);

        assertThat(accept()).isEqualTo(CHILD);

        List<String> expected = new ArrayList<>(List.of("accept(3)", "fcntl(9, 2, 1)"));
        if (platform.os().equals("linux")) {
            expected.add("fcntl(9, 4, " + oNonblock() + ")");
        }
        assertThat(calls.log()).isEqualTo(expected);
    }

    private int accept() {
        return new Acceptor(calls.binding().syscalls(), platform).accept(FD, 1, 2);
    }

    private int solSocket() {
        return platform.os().equals("linux") ? 1 : 0xffff;
    }

    /** SO_LINGER of macOS counts ticks of 10 ms; SO_LINGER_SEC is 0x1080. */
    @Test
    void lingerCountsSeconds() throws IOException {
        int option = switch (platform.os()) {
            case "linux" -> 13;
            case "darwin" -> 0x1080;
            default -> 0x80;
        };
        calls.answer("setsockopt", arguments -> {
            assertThat(SocketSystem.of(calls.binding())
                            .scratch()
                            .value(8)
                            .buffer()
                            .getInt(4))
                    .isEqualTo(7);
            return 0;
        });

        socket.setOption(SocketOption.SO_LINGER, 7);

        assertThat(calls.log()).containsExactly("setsockopt(3, " + solSocket() + ", " + option + ", 8)");
    }

    /**
     * LOCAL_PEERCRED and LOCAL_PEERPID of SOL_LOCAL, LOCAL_PEEREID, SO_PEERCRED: unix(4), unix(7), getsockopt(2). PowerPC numbers its
     * socket options its own way.
     */
    @Test
    void peerCredentials() throws IOException {
        socket.peerCredentials();

        assertThat(calls.log())
                .isEqualTo(
                        switch (platform.os()) {
                            case "linux" ->
                                List.of("getsockopt(3, 1, " + (platform.arch().startsWith("ppc") ? 21 : 17) + ")");
                            case "openbsd" -> List.of("getsockopt(3, 65535, 4130)");
                            case "netbsd" -> List.of("getsockopt(3, 0, 3)");
                            case "darwin" -> List.of("getsockopt(3, 0, 1)", "getsockopt(3, 0, 2)");
                            default -> List.of("getsockopt(3, 0, 1)");
                        });
    }

    /** ip(4): u_char; ip(7): int. OpenBSD refuses every other width than its own. */
    @Test
    void widthsOfMulticastOptions() throws IOException {
        MulticastOptions multicast = new MulticastOptions(socket);
        multicast.setTimeToLive(200);
        multicast.setLoopback(false);

        boolean linux = platform.os().equals("linux");
        int width = linux ? 4 : 1;
        assertThat(calls.log())
                .containsExactly(
                        "setsockopt(3, 0, " + (linux ? 33 : 10) + ", " + width + ")",
                        "setsockopt(3, 0, " + (linux ? 34 : 11) + ", " + width + ")");
    }

    /** To the BSDs a count of 0 means all there is, and the file comes first. */
    @Test
    void sendfileOfEachSignature() {
        calls.answer("sendfile", 0).answer("sendfileSbytes", 0).answer("sendfileLength", 0);
        SendfileForm form = SendfileForm.of(calls.binding());
        List<String> expected = switch (platform.os()) {
            case "linux" -> List.of("sendfile(3, 8)");
            case "freebsd", "dragonfly" -> List.of("sendfileSbytes(8, 3, 0)");
            case "darwin" -> List.of("sendfileLength(8, 3, 0)");
            default -> List.of();
        };
        assertThat(form == null).isEqualTo(expected.isEmpty());
        if (form != null) {
            NativeMemory number = NativeMemory.allocate(calls.binding().syscalls(), Long.BYTES);
            form.send(FD, 8, 0, 100, number, new SendfileResult());
        }
        assertThat(calls.log()).isEqualTo(expected);
    }
}
