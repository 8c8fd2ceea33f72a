// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.linux.Sockets.Pair;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** NOTE_LOWAT, with which the engine keeps a filter quiet, and edges that nobody wants. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LowWaterTest {

    private static final long SHORT = 20_000_000L;

    private final Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();
    private final Pair pair = kq.sockets.pair();
    private final int fd = pair.server();

    @AfterEach
    void close() {
        kq.close();
    }

    private Kqueue lowWater(int flags, long mark) {
        return kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_ADD() | flags, kq.c.NOTE_LOWAT(), mark, 7);
    }

    private Kqueue quiet() {
        return lowWater(clear, Integer.MAX_VALUE);
    }

    @Test
    void lessThanTheMarkIsNotReported() {
        lowWater(clear, 100).poll();
        kq.sockets.send(pair.client(), fd, 50);
        assertThat(kq.poll()).isEmpty();
        kq.sockets.send(pair.client(), fd, 60);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear, UNKNOWN, 7));
    }

    @Test
    void aLevelKnoteBelowItsMarkDoesNotSpin() {
        kq.sockets.send(pair.client(), fd, 50);
        lowWater(0, 100);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.calls(() -> assertThat(kq.call(SHORT)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
        kq.sockets.send(pair.client(), fd, 60);
        assertThat(kq.await()).containsExactly(kq.read(fd, 0, UNKNOWN, 7));
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, UNKNOWN, 7));
    }

    @Test
    void aMarkGivenToALevelKnoteLaterDoesNotSpinEither() {
        kq.addRead(fd, 0, 7).poll();
        kq.sockets.send(pair.client(), fd, 50);
        lowWater(0, 100);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.calls(() -> assertThat(kq.call(SHORT)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void quietReportsTheEndAndNoData() {
        quiet().poll();
        kq.sockets.send(pair.client(), fd, 5);
        assertThat(kq.calls(() -> assertThat(kq.poll()).isEmpty())).containsOnlyKeys("epoll_pwait2");
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear | kq.c.EV_EOF(), 5, 7));
    }

    @Test
    void withoutTheMarkWhatIsThereIsReported() {
        quiet().poll();
        kq.sockets.send(pair.client(), fd, 5);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.addRead(fd, clear | kq.c.EV_ENABLE(), 8).poll()).containsExactly(kq.read(fd, clear, UNKNOWN, 8));
    }

    @Test
    void becomingQuietCostsNothing() {
        kq.addRead(fd, clear, 7).poll();
        kq.sockets.send(pair.client(), fd, 5);
        assertThat(kq.await()).hasSize(1);
        quiet();
        assertThat(kq.calls(() -> assertThat(kq.poll()).isEmpty())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void aPeerThatSendsToAQuietFilterSoonWakesNobody() {
        quiet().poll();
        for (int i = 0; i < 10; i++) {
            kq.sockets.send(pair.client(), fd, 1);
            assertThat(kq.poll()).isEmpty();
        }
        Map<String, Long> calls = kq.calls(() -> {
            kq.sockets.send(pair.client(), fd, 1);
            assertThat(kq.call(SHORT)).isZero();
        });
        // One wait: the arrival has not ended it.
        assertThat(calls).isEqualTo(Map.of("epoll_pwait2", 1L));
        assertThat(kq.addRead(fd, clear, 8).poll()).containsExactly(kq.read(fd, clear, UNKNOWN, 8));
        kq.sockets.send(pair.client(), fd, 1);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear, UNKNOWN, 8));
    }

    @Test
    void theEndIsToldToAQuietFilterThatHeardNoMoreOfData() {
        quiet().poll();
        for (int i = 0; i < 10; i++) {
            kq.sockets.send(pair.client(), fd, 1);
            assertThat(kq.poll()).isEmpty();
        }
        kq.sockets.close(pair.client());
        kq.sockets.awaitEnd(fd);
        assertThat(kq.await()).containsExactly(kq.read(fd, clear | kq.c.EV_EOF(), 10, 7));
    }

    @Test
    void afterUnwantedEdgesWriteCanBeArmed() {
        quiet().poll();
        for (int i = 0; i < 10; i++) {
            kq.sockets.send(pair.client(), fd, 1);
            assertThat(kq.poll()).isEmpty();
        }
        int dispatch = kq.c.EV_DISPATCH();
        assertThat(kq.addWrite(fd, dispatch, 3).poll()).containsExactly(kq.write(fd, dispatch, 3));
    }

    @Test
    void aDisabledFilterThatIsFloodedReportsWhenEnabled() {
        kq.addRead(fd, clear | kq.c.EV_DISABLE(), 7).poll();
        for (int i = 0; i < 10; i++) {
            kq.sockets.send(pair.client(), fd, 1);
            assertThat(kq.poll()).isEmpty();
        }
        kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_ENABLE(), 0);
        assertThat(kq.poll()).containsExactly(kq.read(fd, clear, UNKNOWN, 7));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void datagramsThatLeaveSoonWakeNobody() {
        int udp = kq.sockets.udp();
        int peer = kq.sockets.udp();
        kq.sockets.bind(peer);
        assertThat(kq.sockets.connect(udp, kq.sockets.port(peer))).isZero();
        kq.addRead(udp, clear, 1).poll();
        for (int i = 0; i < 10; i++) {
            kq.sockets.send(udp, peer, 1);
            assertThat(kq.sockets.read(peer, 1)).isEqualTo(1);
            assertThat(kq.poll()).isEmpty();
        }
        kq.sockets.send(udp, peer, 1);
        assertThat(kq.sockets.read(peer, 1)).isEqualTo(1);
        assertThat(kq.calls(() -> assertThat(kq.call(SHORT)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void unknownNotesAreInvalid() {
        kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_ADD(), kq.c.NOTE_LOWAT() << 1, 0, 7);
        assertThat(kq.poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_READ(), kq.platform.errno().EINVAL(), 7)
                                .withErrno(kq.c.NOTE_LOWAT() << 1));
    }
}
