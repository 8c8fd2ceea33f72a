// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.linux.Sockets.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Knotes without EV_CLEAR, EV_DISPATCH or EV_ONESHOT. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LevelKnoteTest {

    private final Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();

    @AfterEach
    void close() {
        kq.close();
    }

    @Test
    void listenerIsReportedWhileConnectionsWait() {
        int listener = kq.sockets.listener();
        assertThat(kq.addRead(listener, 0, 7).poll()).isEmpty();
        kq.sockets.connectTo(listener);
        assertThat(kq.await()).containsExactly(kq.read(listener, 0, UNKNOWN, 7));
        assertThat(kq.poll()).hasSize(1);
        kq.sockets.accept(listener);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void listenerCostsOneCallAndOneWaitPerReport() {
        int listener = kq.sockets.listener();
        assertThat(kq.calls(() -> kq.addRead(listener, 0, 7).poll()))
                .isEqualTo(Map.of("epoll_ctl", 1L, "epoll_pwait2", 1L));
        kq.sockets.connectTo(listener);
        assertThat(kq.calls(kq::poll)).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void disabledListenerIsSilentAndDoesNotSpin() {
        int listener = kq.sockets.listener();
        kq.addRead(listener, 0, 7).poll();
        kq.sockets.connectTo(listener);
        kq.change(listener, kq.c.EVFILT_READ(), kq.c.EV_DISABLE(), 0);
        assertThat(kq.poll()).isEmpty();
        // A wait that spun would need more than one call to reach its end.
        assertThat(kq.calls(() -> assertThat(kq.call(20_000_000L)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
        kq.change(listener, kq.c.EVFILT_READ(), kq.c.EV_ENABLE(), 0);
        assertThat(kq.poll()).containsExactly(kq.read(listener, 0, UNKNOWN, 7));
        assertThat(kq.poll()).hasSize(1);
    }

    @Test
    void deletedListenerIsSilentAndCanBeAddedAgain() {
        int listener = kq.sockets.listener();
        kq.addRead(listener, 0, 7).poll();
        kq.sockets.connectTo(listener);
        kq.change(listener, kq.c.EVFILT_READ(), kq.c.EV_DELETE(), 0);
        assertThat(kq.calls(() -> assertThat(kq.call(20_000_000L)).isZero()))
                .isEqualTo(Map.of("epoll_ctl", 1L, "epoll_pwait2", 1L));
        assertThat(kq.addRead(listener, 0, 8).poll()).containsExactly(kq.read(listener, 0, UNKNOWN, 8));
    }

    @Test
    void levelReadBesideAnEdgeIsReportedWhileThereIsData() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.addRead(fd, 0, 1).addWrite(fd, clear, 2);
        assertThat(kq.poll()).containsExactly(kq.write(fd, clear, 2));
        kq.sockets.send(pair.client(), fd, 10);
        assertThat(kq.await()).contains(kq.read(fd, 0, UNKNOWN, 1));
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, UNKNOWN, 1));
        // The wait must not block while it is so.
        assertThat(kq.await()).containsExactly(kq.read(fd, 0, UNKNOWN, 1));
        assertThat(kq.sockets.read(fd, 10)).isEqualTo(10);
        assertThat(kq.poll()).isEmpty();
        kq.sockets.send(pair.client(), fd, 1);
        assertThat(kq.await()).contains(kq.read(fd, 0, UNKNOWN, 1));
    }

    @Test
    void onePollServesAllThatAreLookedAtAgain() {
        List<Integer> servers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Pair pair = kq.sockets.pair();
            kq.sockets.send(pair.client(), pair.server(), 1);
            kq.addRead(pair.server(), 0, i).addWrite(pair.server(), kq.c.EV_ONESHOT(), i);
            servers.add(pair.server());
        }
        assertThat(kq.poll()).hasSize(80);
        Map<String, Long> calls = kq.calls(() -> assertThat(kq.poll())
                .extracting(Event::ident)
                .containsExactlyElementsOf(
                        servers.stream().map(Integer::longValue).toList()));
        assertThat(calls).isEqualTo(Map.of("poll", 1L, "epoll_pwait2", 1L));
    }

    @Test
    void nothingIsLookedAtAgainOnceItIsExhausted() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.sockets.send(pair.client(), fd, 1);
        kq.addRead(fd, 0, 1).addWrite(fd, kq.c.EV_ONESHOT(), 2);
        assertThat(kq.poll()).hasSize(2);
        assertThat(kq.sockets.read(fd, 100)).isEqualTo(1);
        kq.kernel.exhausted(fd, kq.c.EVFILT_READ());
        assertThat(kq.calls(() -> assertThat(kq.poll()).isEmpty())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void anEdgeAndASecondLookMakeOneEvent() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.sockets.send(pair.client(), fd, 1);
        kq.addRead(fd, 0, 1).addWrite(fd, kq.c.EV_ONESHOT(), 2);
        assertThat(kq.poll()).hasSize(2);
        kq.sockets.send(pair.client(), fd, 1);
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, UNKNOWN, 1));
    }

    @Test
    void levelWriteIsReportedWhileThereIsRoom() {
        Pair pair = kq.sockets.pair();
        int fd = pair.client();
        assertThat(kq.addWrite(fd, 0, 3).poll()).containsExactly(kq.write(fd, 0, 3));
        assertThat(kq.poll()).containsExactly(kq.write(fd, 0, 3));
        kq.sockets.fill(fd);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void aLevelKnoteDoesNotBecomeAnEdge() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.sockets.send(pair.client(), fd, 20);
        kq.addRead(fd, 0, 8).poll();
        kq.addRead(fd, clear, 8).poll();
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, UNKNOWN, 8));
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, UNKNOWN, 8));
    }

    @Test
    void endOfStreamIsToldAgainAndAgain() {
        Pair pair = kq.sockets.pair();
        kq.addRead(pair.server(), 0, 8).poll();
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(pair.server());
        for (int i = 0; i < 3; i++) {
            assertThat(kq.await()).containsExactly(kq.read(pair.server(), kq.c.EV_EOF(), 0, 8));
        }
    }

    @Test
    void moreReadyThanThereIsRoomForTakeTurns() {
        List<Long> idents = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Pair pair = kq.sockets.pair();
            kq.sockets.send(pair.client(), pair.server(), 1);
            kq.addRead(pair.server(), 0, i);
            idents.add((long) pair.server());
        }
        kq.capacity = 2;
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            kq.poll().forEach(event -> seen.add(event.ident()));
        }
        List<Long> twice = new ArrayList<>(idents);
        twice.addAll(idents);
        assertThat(seen).containsExactlyElementsOf(twice);
    }

    @Test
    void anUnconnectedSocketIsSilentAndDoesNotSpin() {
        int fd = kq.sockets.tcp();
        kq.addRead(fd, 0, 1);
        // What it tells makes the registration edge-triggered, which tells it once more.
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.calls(() -> assertThat(kq.call(20_000_000L)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }
}
