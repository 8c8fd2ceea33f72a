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

/** Descriptors that are duplicated, closed and used again. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorReuseTest {

    private static final long SHORT = 20_000_000L;

    private final Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();

    @AfterEach
    void close() {
        kq.close();
    }

    private void closeAs(int fd) {
        kq.kernel.forget(fd);
        kq.sockets.close(fd);
    }

    @Test
    void forgettingAConnectionCostsNothing() {
        int fd = kq.sockets.pair().server();
        kq.addRead(fd, clear, 1).poll();
        assertThat(kq.calls(() -> kq.kernel.forget(fd))).isEmpty();
    }

    @Test
    void knotesEndWithTheDescriptor() {
        Pair pair = kq.sockets.pair();
        kq.addRead(pair.server(), clear, 1).poll();
        kq.sockets.send(pair.client(), pair.server(), 1);
        closeAs(pair.server());
        assertThat(kq.poll()).isEmpty();
        kq.change(pair.server(), kq.c.EVFILT_READ(), kq.c.EV_DELETE(), 2);
        assertThat(kq.poll())
                .containsExactly(kq.error(
                        pair.server(), kq.c.EVFILT_READ(), kq.platform.errno().EBADF(), 2));
    }

    @Test
    void aReusedNumberStartsAfresh() {
        Pair first = kq.sockets.pair();
        kq.addRead(first.server(), clear, 1).addWrite(first.server(), clear, 2).poll();
        kq.sockets.send(first.client(), first.server(), 1);
        Pair second = kq.sockets.pair();
        closeAs(first.server());
        int reused = kq.sockets.duplicateAs(first.server(), second.server());
        assertThat(reused).isEqualTo(first.server());
        kq.change(reused, kq.c.EVFILT_READ(), kq.c.EV_DELETE(), 2);
        assertThat(kq.poll())
                .containsExactly(
                        kq.error(reused, kq.c.EVFILT_READ(), kq.platform.errno().ENOENT(), 2));
        assertThat(kq.addRead(reused, clear, 3).poll()).isEmpty();
        kq.sockets.send(second.client(), reused, 1);
        assertThat(kq.await()).containsExactly(kq.read(reused, clear, UNKNOWN, 3));
    }

    @Test
    void edgesOfADuplicateAreDroppedAndDoNotSpin() {
        Pair pair = kq.sockets.pair();
        kq.addRead(pair.server(), clear, 1).poll();
        int duplicate = kq.sockets.duplicate(pair.server());
        closeAs(pair.server());
        kq.sockets.send(pair.client(), duplicate, 1);
        // One wait that the stale edge ends, one to the end of the time.
        assertThat(kq.calls(() -> assertThat(kq.call(SHORT)).isZero())).isEqualTo(Map.of("epoll_pwait2", 2L));
        assertThat(kq.calls(() -> assertThat(kq.call(SHORT)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void edgesOfADuplicateAreNotTheNewDescriptors() {
        Pair first = kq.sockets.pair();
        Pair second = kq.sockets.pair();
        kq.addRead(first.server(), clear, 1).poll();
        int duplicate = kq.sockets.duplicate(first.server());
        closeAs(first.server());
        int reused = kq.sockets.duplicateAs(first.server(), second.server());
        assertThat(reused).isEqualTo(first.server());
        kq.addRead(reused, clear, 2).poll();
        kq.sockets.send(first.client(), duplicate, 1);
        assertThat(kq.poll()).isEmpty();
        kq.sockets.send(second.client(), reused, 1);
        assertThat(kq.await()).containsExactly(kq.read(reused, clear, UNKNOWN, 2));
    }

    @Test
    void aDuplicatedListenerDoesNotSpin() {
        int listener = kq.sockets.listener();
        kq.addRead(listener, 0, 1).poll();
        int duplicate = kq.sockets.duplicate(listener);
        assertThat(kq.calls(() -> kq.kernel.forget(listener))).isEqualTo(Map.of("epoll_ctl", 1L));
        kq.sockets.close(listener);
        kq.sockets.connectTo(duplicate);
        assertThat(kq.calls(() -> assertThat(kq.call(SHORT)).isZero())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void aFileThatComesBackToItsNumberIsRegisteredAnew() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.addRead(fd, clear, 1).poll();
        int duplicate = kq.sockets.duplicate(fd);
        closeAs(fd);
        int back = kq.sockets.duplicateAs(fd, duplicate);
        assertThat(back).isEqualTo(fd);
        // ADD finds the old registration of the file under this number (EEXIST), MOD gives it the new generation.
        assertThat(kq.calls(() -> kq.addRead(back, clear, 2).poll())).containsEntry("epoll_ctl", 2L);
        kq.sockets.send(pair.client(), back, 1);
        assertThat(kq.await()).containsExactly(kq.read(back, clear, UNKNOWN, 2));
    }

    @Test
    void forgottenButNotClosedCanBeAddedAgain() {
        Pair pair = kq.sockets.pair();
        kq.addRead(pair.server(), clear, 1).poll();
        kq.kernel.forget(pair.server());
        assertThat(kq.addRead(pair.server(), clear, 2).poll()).isEmpty();
        kq.sockets.send(pair.client(), pair.server(), 1);
        assertThat(kq.await()).containsExactly(kq.read(pair.server(), clear, UNKNOWN, 2));
    }

    @Test
    void aListenerClosedWithoutAWordIsFoundOutByTheNextChange() {
        int listener = kq.sockets.listener();
        kq.addRead(listener, 0, 1).poll();
        kq.sockets.close(listener);
        Pair pair = kq.sockets.pair();
        int reused = kq.sockets.duplicateAs(listener, pair.server());
        assertThat(reused).isEqualTo(listener);
        kq.sockets.send(pair.client(), reused, 1);
        // WRITE makes the level-triggered registration an edge-triggered one: MOD answers ENOENT, ADD follows.
        kq.change(reused, kq.c.EVFILT_READ(), kq.c.EV_DISABLE(), 0).addWrite(reused, clear, 2);
        assertThat(kq.poll()).containsExactly(kq.write(reused, clear, 2));
    }

    @Test
    void aDescriptorClosedWithoutAWordLosesItsKnotesWhenLookedAt() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.sockets.send(pair.client(), fd, 1);
        kq.addRead(fd, 0, 1).addWrite(fd, kq.c.EV_ONESHOT(), 2);
        assertThat(kq.poll()).hasSize(2);
        kq.sockets.close(fd);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.calls(() -> assertThat(kq.poll()).isEmpty())).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void forgettingWhatWasNeverAddedDoesNothing() {
        assertThat(kq.calls(() -> {
                    kq.kernel.forget(5_000);
                    kq.kernel.forget(-1);
                    kq.kernel.exhausted(5_000, kq.c.EVFILT_READ());
                    kq.kernel.exhausted(-1, kq.c.EVFILT_READ());
                }))
                .isEmpty();
    }
}
