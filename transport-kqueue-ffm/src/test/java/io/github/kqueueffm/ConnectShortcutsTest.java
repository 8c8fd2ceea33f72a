// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Kevent;
import io.netty.channel.ChannelFuture;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What became of a connect is in the event of its WRITE filter. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class ConnectShortcutsTest {

    private final Platform platform;
    private final ScriptedChannels s;
    private final PipelineLog log = new PipelineLog();
    private ChannelFuture attempt;
    private KQueueSocketChannel channel;

    ConnectShortcutsTest(Platform platform) {
        this.platform = platform;
        s = new ScriptedChannels(platform);
    }

    @BeforeEach
    void connect() {
        attempt = s.connect(log);
        channel = (KQueueSocketChannel) attempt.channel();
        assertThat(attempt.isDone()).isFalse();
    }

    @Test
    void nothingIsAskedOfASocketThatIsConnected() {
        List<CFunction> expected = new ArrayList<>(s.opening());
        expected.addAll(List.of(CFunction.SETSOCKOPT, CFunction.CONNECT));
        assertThat(s.calls().stream().filter(call -> call != CFunction.KEVENT))
                .as("TCP_NODELAY is set, as in all of Netty")
                .containsExactlyElementsOf(expected);
        s.fake(channel).room(1000);

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT);
        assertThat(attempt.isSuccess()).isTrue();
        assertThat(log.told).containsExactly("active");
        s.kernel.clearLog();
        assertThat(channel.remoteAddress()).isEqualTo(new InetSocketAddress("127.0.0.1", 80));
        assertThat(s.calls()).isEmpty();
    }

    @Test
    void aRefusalIsToldByTheEventAlone() {
        s.fake(channel).fail(platform.errno().ECONNREFUSED());

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.CLOSE);
        assertRefused();
    }

    @Test
    void anEndWithoutAnErrnoIsNoSuccessYet() {
        s.fake(channel).failUntold(platform.errno().ECONNREFUSED());

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.GETSOCKOPT, CFunction.CLOSE);
        assertRefused();
    }

    /** A read would take the error, and SO_ERROR then tell of none: READ is not armed before the connect is over. */
    @Test
    void whoAsksForDataWhileItConnectsIsToldOfTheRefusalAllTheSame() {
        channel.read();
        s.turn();
        s.fake(channel).fail(platform.errno().ECONNREFUSED());

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.CLOSE);
        assertThat(s.kernel.lastKevent().events())
                .extracting(Kevent::filter)
                .containsExactly(platform.kqueue().EVFILT_WRITE());
        assertRefused();
    }

    private void assertRefused() {
        assertThat(attempt.cause())
                .isInstanceOf(ConnectException.class)
                .rootCause()
                .isInstanceOf(KQueueIoException.class)
                .hasMessageContaining("ECONNREFUSED");
        assertThat(log.told).isEmpty();
    }

    @Test
    void aPeerThatClosesAtOnceWasThereAllTheSame() {
        s.fake(channel).failUntold(0);

        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.GETSOCKOPT);
        assertThat(attempt.isSuccess()).isTrue();
        s.turn();
        s.turn();
        assertThat(log.told).containsExactly("active", "readComplete", "inactive");
    }
}
