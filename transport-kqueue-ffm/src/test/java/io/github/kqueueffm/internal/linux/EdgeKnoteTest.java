// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.linux.Sockets.Pair;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** EV_CLEAR, EV_DISPATCH, EV_ONESHOT, EV_DISABLE, EV_ENABLE and EV_DELETE of a connection, as NetBSD answers. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EdgeKnoteTest {

    private final Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();
    private final int dispatch = kq.c.EV_DISPATCH();
    private int client;
    private int server;

    @BeforeEach
    void connect() {
        Pair pair = kq.sockets.pair();
        client = pair.client();
        server = pair.server();
    }

    @AfterEach
    void close() {
        kq.close();
    }

    private void send(int length) {
        kq.sockets.send(client, server, length);
    }

    private void readAll(int length) {
        assertThat(kq.sockets.read(server, length + 1)).isEqualTo(length);
        kq.kernel.exhausted(server, kq.c.EVFILT_READ());
    }

    private Kqueue changeRead(int flags) {
        return kq.change(server, kq.c.EVFILT_READ(), flags, 0);
    }

    @Test
    void idleConnectionReportsItsWriteSideOnce() {
        kq.addRead(server, clear, 1).addWrite(server, clear, 2);
        assertThat(kq.poll()).containsExactly(kq.write(server, clear, 2));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void clearReportsOncePerArrival() {
        assertThat(kq.addRead(server, clear, 0x1234567890abcdefL).poll()).isEmpty();
        send(100);
        assertThat(kq.await()).containsExactly(kq.read(server, clear, UNKNOWN, 0x1234567890abcdefL));
        assertThat(kq.poll()).isEmpty();
        send(50);
        assertThat(kq.await()).containsExactly(kq.read(server, clear, UNKNOWN, 0x1234567890abcdefL));
        assertThat(kq.sockets.read(server, 30)).isEqualTo(30);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void addingAgainReportsWhatIsLeftWithTheNewUdata() {
        kq.addRead(server, clear, 1).poll();
        send(150);
        assertThat(kq.await()).hasSize(1);
        assertThat(kq.sockets.read(server, 30)).isEqualTo(30);
        assertThat(kq.addRead(server, clear, 5).poll()).containsExactly(kq.read(server, clear, UNKNOWN, 5));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void addingAgainReportsNothingOnceAllIsReadAndSaysSoByPoll() {
        kq.addRead(server, clear, 1).poll();
        send(10);
        assertThat(kq.await()).hasSize(1);
        // Without exhausted(): the readiness that is remembered is wrong by now.
        assertThat(kq.sockets.read(server, 10)).isEqualTo(10);
        Map<String, Long> calls =
                kq.calls(() -> assertThat(kq.addRead(server, clear, 1).poll()).isEmpty());
        assertThat(calls).containsOnlyKeys("poll", "epoll_pwait2");
        assertThat(kq.calls(() -> assertThat(kq.poll()).isEmpty())).containsOnlyKeys("epoll_pwait2");
        send(1);
        assertThat(kq.await()).containsExactly(kq.read(server, clear, UNKNOWN, 1));
    }

    @Test
    void disabledReportsNothingUntilEnabled() {
        kq.addRead(server, clear, 5).poll();
        changeRead(kq.c.EV_DISABLE());
        assertThat(kq.poll()).isEmpty();
        send(10);
        assertThat(kq.poll()).isEmpty();
        assertThat(changeRead(kq.c.EV_ENABLE()).poll()).containsExactly(kq.read(server, clear, UNKNOWN, 5));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void enablingDoesNotReportAnArrivalThatWasReadMeanwhile() {
        kq.addRead(server, clear, 5).poll();
        changeRead(kq.c.EV_DISABLE()).poll();
        send(10);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.sockets.read(server, 10)).isEqualTo(10);
        assertThat(changeRead(kq.c.EV_ENABLE()).poll()).isEmpty();
    }

    @Test
    void enablingDoesNotReportAgainWhatWasReported() {
        kq.addRead(server, clear, 5).poll();
        send(10);
        assertThat(kq.await()).hasSize(1);
        changeRead(kq.c.EV_DISABLE()).poll();
        assertThat(changeRead(kq.c.EV_ENABLE()).poll()).isEmpty();
    }

    @Test
    void plainAddDoesNotEnable() {
        kq.addRead(server, clear, 5).poll();
        changeRead(kq.c.EV_DISABLE()).poll();
        send(10);
        assertThat(kq.addRead(server, clear, 6).poll()).isEmpty();
        assertThat(changeRead(kq.c.EV_ENABLE()).poll()).containsExactly(kq.read(server, clear, UNKNOWN, 6));
    }

    @Test
    void addedDisabledReportsNothing() {
        send(10);
        assertThat(kq.addRead(server, clear | kq.c.EV_DISABLE(), 5).poll()).isEmpty();
        assertThat(changeRead(kq.c.EV_ENABLE()).poll()).containsExactly(kq.read(server, clear, UNKNOWN, 5));
    }

    @Test
    void disabledInTheSameCallAsItsEventIsNotReported() {
        kq.addRead(server, clear, 5).poll();
        send(10);
        assertThat(changeRead(kq.c.EV_DISABLE()).poll()).isEmpty();
    }

    @Test
    void dispatchDisablesAfterOneReport() {
        send(20);
        assertThat(kq.addRead(server, dispatch, 9).poll()).containsExactly(kq.read(server, dispatch, UNKNOWN, 9));
        assertThat(kq.poll()).isEmpty();
        // EV_ENABLE alone does not report data that was there before.
        assertThat(changeRead(kq.c.EV_ENABLE()).poll()).isEmpty();
        send(5);
        assertThat(kq.await()).containsExactly(kq.read(server, dispatch, UNKNOWN, 9));
    }

    @Test
    void dispatchIsArmedAgainByAddAndEnable() {
        send(20);
        assertThat(kq.addRead(server, dispatch, 9).poll()).hasSize(1);
        assertThat(kq.addRead(server, dispatch | kq.c.EV_ENABLE(), 10).poll())
                .containsExactly(kq.read(server, dispatch, UNKNOWN, 10));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void dispatchReportsWhatArrivedWhileItWasDisabled() {
        send(20);
        assertThat(kq.addRead(server, dispatch, 9).poll()).hasSize(1);
        send(5);
        assertThat(kq.poll()).isEmpty();
        assertThat(changeRead(kq.c.EV_ENABLE()).poll()).containsExactly(kq.read(server, dispatch, UNKNOWN, 9));
    }

    @Test
    void clearWinsOverDispatch() {
        int both = clear | dispatch;
        send(20);
        assertThat(kq.addRead(server, both, 11).poll()).containsExactly(kq.read(server, both, UNKNOWN, 11));
        send(20);
        assertThat(kq.await()).containsExactly(kq.read(server, both, UNKNOWN, 11));
    }

    @Test
    void oneshotIsDeletedByItsReport() {
        int oneshot = kq.c.EV_ONESHOT();
        send(20);
        assertThat(kq.addRead(server, oneshot, 9).poll()).containsExactly(kq.read(server, oneshot, UNKNOWN, 9));
        send(1);
        assertThat(kq.poll()).isEmpty();
        assertThat(changeRead(kq.c.EV_DELETE()).poll())
                .containsExactly(
                        kq.error(server, kq.c.EVFILT_READ(), kq.platform.errno().ENOENT(), 0));
    }

    @Test
    void deletedReportsNothingAndAddedAgainReportsWhatIsThere() {
        kq.addRead(server, clear, 1).poll();
        changeRead(kq.c.EV_DELETE()).poll();
        send(10);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.addRead(server, clear, 2).poll()).containsExactly(kq.read(server, clear, UNKNOWN, 2));
    }

    @Test
    void theSecondFilterReportsWhatTheFirstOnesEdgeHasTold() {
        send(10);
        assertThat(kq.addRead(server, clear, 1).poll()).containsExactly(kq.read(server, clear, UNKNOWN, 1));
        // EV_CLEAR may report once too often: the edge that is asked for brings along the other.
        assertThat(kq.addWrite(server, dispatch, 2).poll())
                .containsExactly(kq.write(server, dispatch, 2), kq.read(server, clear, UNKNOWN, 1));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void writeIsReportedWhenAFullBufferHasRoomAgain() {
        kq.addWrite(client, dispatch, 3);
        assertThat(kq.poll()).hasSize(1);
        long sent = kq.sockets.fill(client);
        kq.kernel.exhausted(client, kq.c.EVFILT_WRITE());
        assertThat(kq.addWrite(client, dispatch | kq.c.EV_ENABLE(), 4).poll()).isEmpty();
        kq.sockets.drain(server, sent);
        assertThat(kq.await()).containsExactly(kq.write(client, dispatch, 4));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void exhaustedDropsAnEdgeThatWaitsBehindADisabledKnote() {
        kq.addRead(server, clear, 5).poll();
        changeRead(kq.c.EV_DISABLE()).poll();
        send(10);
        assertThat(kq.poll()).isEmpty();
        readAll(10);
        Map<String, Long> calls =
                kq.calls(() -> assertThat(changeRead(kq.c.EV_ENABLE()).poll()).isEmpty());
        assertThat(calls).containsOnlyKeys("epoll_pwait2");
    }

    @Test
    void theFlagsStayThoseOfTheFirstAdd() {
        kq.addRead(server, clear, 1).poll();
        send(1);
        assertThat(kq.addRead(server, 0, 1).poll()).containsExactly(kq.read(server, clear, UNKNOWN, 1));
        assertThat(kq.poll()).isEmpty();
    }
}
