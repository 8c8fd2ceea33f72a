// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.SocketConstants;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AcceptorTest {

    private static final int LISTENER = 3;
    private static final int CHILD = 9;

    private final Platform netbsd = TestPlatforms.named("netbsd-amd64");
    private final Platform linux = TestPlatforms.named("linux-amd64");

    private static int flags(Platform platform) {
        SocketConstants socket = platform.socket();
        return socket.SOCK_NONBLOCK() | socket.SOCK_CLOEXEC();
    }

    private static Acceptor acceptor(ScriptedCalls calls) {
        return new Acceptor(calls.binding().syscalls(), calls.binding().platform());
    }

    /** Every way of accepting works. */
    private static ScriptedCalls calls(Platform platform) {
        return new ScriptedCalls(platform)
                .answer("accept4", CHILD)
                .answer("paccept", CHILD)
                .answer("accept", CHILD)
                .answer("fcntl", 0)
                .answer("close", 0);
    }

    @Test
    void oneCallWithAccept4() {
        ScriptedCalls calls = calls(linux);
        assertThat(acceptor(calls).accept(LISTENER, 1, 2)).isEqualTo(CHILD);
        assertThat(calls.log()).containsExactly("accept4(3, " + flags(linux) + ")");
    }

    @Test
    void oneCallWithPaccept() {
        ScriptedCalls calls = calls(netbsd).absent(CFunction.ACCEPT4);
        assertThat(acceptor(calls).accept(LISTENER, 1, 2)).isEqualTo(CHILD);
        assertThat(calls.log()).containsExactly("paccept(3, " + flags(netbsd) + ")");
    }

    @Test
    void pacceptHasNoSignalMask() {
        ScriptedCalls calls = calls(netbsd).absent(CFunction.ACCEPT4).answer("paccept", arguments -> {
            assertThat(Arrays.asList(arguments)).containsExactly(LISTENER, 1L, 2L, 0L, flags(netbsd));
            return CHILD;
        });
        assertThat(acceptor(calls).accept(LISTENER, 1, 2)).isEqualTo(CHILD);
    }

    @Test
    void twoCallsWhereNonblockIsInherited() {
        ScriptedCalls calls = calls(netbsd).absent(CFunction.ACCEPT4, CFunction.PACCEPT);
        assertThat(acceptor(calls).accept(LISTENER, 1, 2)).isEqualTo(CHILD);
        int setfd = netbsd.file().F_SETFD();
        assertThat(calls.log())
                .containsExactly(
                        "accept(3)", "fcntl(9, " + setfd + ", " + netbsd.file().FD_CLOEXEC() + ")");
    }

    @Test
    void threeCallsWhereItIsNot() {
        ScriptedCalls calls = calls(linux).absent(CFunction.ACCEPT4, CFunction.PACCEPT);
        assertThat(acceptor(calls).accept(LISTENER, 1, 2)).isEqualTo(CHILD);
        assertThat(calls.log())
                .containsExactly(
                        "accept(3)",
                        "fcntl(9, " + linux.file().F_SETFD() + ", "
                                + linux.file().FD_CLOEXEC() + ")",
                        "fcntl(9, " + linux.file().F_SETFL() + ", "
                                + linux.file().O_NONBLOCK() + ")");
    }

    @Test
    void aMissingCallIsTriedOnce() {
        int enosys = -netbsd.errno().ENOSYS();
        ScriptedCalls calls = calls(netbsd).answer("accept4", enosys).answer("paccept", enosys);
        Acceptor acceptor = acceptor(calls);
        assertThat(acceptor.accept(LISTENER, 1, 2)).isEqualTo(CHILD);
        assertThat(acceptor.accept(LISTENER, 1, 2)).isEqualTo(CHILD);
        assertThat(acceptor.accept(LISTENER, 1, 2)).isEqualTo(CHILD);
        assertThat(calls.count("accept4")).isEqualTo(1);
        assertThat(calls.count("paccept")).isEqualTo(1);
        assertThat(calls.count("accept")).isEqualTo(3);
    }

    @Test
    void otherErrorsAreTheCallersAndChangeNothing() {
        ScriptedCalls calls = calls(netbsd).answer("accept4", -netbsd.errno().EINTR());
        Acceptor acceptor = acceptor(calls);
        assertThat(acceptor.accept(LISTENER, 1, 2)).isEqualTo(-netbsd.errno().EINTR());
        assertThat(acceptor.accept(LISTENER, 1, 2)).isEqualTo(-netbsd.errno().EINTR());
        assertThat(calls.count("accept4")).isEqualTo(2);
        assertThat(calls.count("paccept")).isZero();
        assertThat(calls.count("accept")).isZero();
    }

    @Test
    void lastWayHasNoNext() {
        ScriptedCalls calls = calls(linux)
                .absent(CFunction.ACCEPT4, CFunction.PACCEPT)
                .answer("accept", -linux.errno().ENOSYS());
        assertThat(acceptor(calls).accept(LISTENER, 1, 2))
                .isEqualTo(-linux.errno().ENOSYS());
    }

    @Test
    void aConnectionThatDiedBeforeFcntlIsAborted() {
        ScriptedCalls calls = calls(netbsd)
                .absent(CFunction.ACCEPT4, CFunction.PACCEPT)
                .answer("fcntl", -netbsd.errno().EINVAL());
        assertThat(acceptor(calls).accept(LISTENER, 1, 2))
                .isEqualTo(-netbsd.errno().ECONNABORTED());
        assertThat(calls.log()).contains("close(9)");
    }

    @Test
    void aDescriptorThatFcntlRefusesIsNotLeaked() {
        ScriptedCalls calls = calls(linux).absent(CFunction.ACCEPT4, CFunction.PACCEPT);
        calls.answer(
                "fcntl",
                arguments -> (int) arguments[1] == linux.file().F_SETFL()
                        ? -linux.errno().EPERM()
                        : 0);
        assertThat(acceptor(calls).accept(LISTENER, 1, 2))
                .isEqualTo(-linux.errno().EPERM());
        assertThat(calls.log()).endsWith("close(9)");
    }
}
