// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeListener;
import io.github.kqueueffm.testing.FakeSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters are blocked on this side and never deleted: a channel that pauses costs the kernel nothing. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class ChangeShortcutsTest {

    private final ScriptedChannels s;
    private final KqueueConstants c;
    private final PipelineLog log = new PipelineLog();

    ChangeShortcutsTest(Platform platform) {
        c = platform.kqueue();
        s = new ScriptedChannels(platform);
    }

    private FakeSocket accept() {
        s.fake(s.listen(log)).connections(1);
        s.turn();
        s.turn();
        s.kernel.clearLog();
        return s.fake(log.last());
    }

    @Test
    void autoReadOffAndOnIsNoCallAndNoChange() {
        accept();
        for (int i = 0; i < 3; i++) {
            log.last().config().setAutoRead(false);
            assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT);
            assertThat(s.kernel.changes()).isEmpty();
            log.last().config().setAutoRead(true);
            assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT);
            assertThat(s.kernel.changes()).isEmpty();
        }
    }

    @Test
    void whatCameMeanwhileIsReadWithoutAChange() {
        FakeSocket socket = accept();
        log.last().config().setAutoRead(false);
        socket.arrive(10);
        s.turn();
        log.last().config().setAutoRead(true);
        s.turn();

        assertThat(s.kernel.changes()).isEmpty();
        assertThat(s.kernel.count(CFunction.READ)).isEqualTo(1);
    }

    @Test
    void aPeerThatKeepsSendingIsSilencedWithOneChangeAndNothingIsDeleted() {
        FakeSocket socket = accept();
        log.last().config().setAutoRead(false);
        for (int i = 0; i < 10; i++) {
            socket.arrive(10);
            s.turn();
        }
        assertThat(s.kernel.changes()).hasSize(1);
        log.last().config().setAutoRead(true);
        s.turn();
        s.turn();

        assertThat(s.kernel.changes()).hasSize(2).noneMatch(change -> change.has(c.EV_DELETE()));
        assertThat(s.kernel.count(CFunction.READ)).isEqualTo(1);
    }

    @Test
    void aListenerThatRestsIsDisabledNotDeleted() {
        KQueueServerSocketChannel server = s.listen(log);
        FakeListener listener = s.fake(server);
        s.kernel.clearLog();
        server.config().setAutoRead(false);
        listener.connections(1);
        s.turn();
        s.turn();

        assertThat(s.kernel.changes()).hasSize(1).allMatch(change -> change.has(c.EV_DISABLE()));
        assertThat(s.kernel.count(CFunction.ACCEPT4)).isZero();
    }

    @Test
    void aSocketThatIsFullIsArmedOnceAndFiresOnce() {
        FakeSocket socket = accept().room(0);
        KQueueSocketChannel channel = log.last();
        channel.writeAndFlush(channel.alloc().directBuffer().writeZero(10));
        channel.writeAndFlush(channel.alloc().directBuffer().writeZero(10));
        s.turn();
        s.turn();
        assertThat(s.kernel.count(CFunction.WRITE)).isEqualTo(1);
        assertThat(s.kernel.changes()).hasSize(1).allMatch(change -> change.has(c.EV_DISPATCH()));

        socket.room(1000);
        assertThat(s.callsOfATurn()).contains(CFunction.WRITEV);
        for (int i = 0; i < 5; i++) {
            socket.room(1000);
            assertThat(s.callsOfATurn())
                    .as("an idle loop is not woken by a peer that reads")
                    .containsExactly(CFunction.KEVENT);
            assertThat(s.kernel.lastKevent().events()).isEmpty();
            assertThat(s.kernel.changes()).isEmpty();
        }
    }

    @Test
    void aCloseWithPendingChangesSendsNone() {
        FakeSocket socket = accept().room(0);
        KQueueSocketChannel channel = log.last();
        channel.writeAndFlush(channel.alloc().directBuffer().writeZero(10));
        s.loop.runNonBlockingTasks(0);
        channel.close();
        s.turn();

        assertThat(s.kernel.changes()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(s.kernel.openDescriptors()).doesNotContain(socket.fd());
    }
}
