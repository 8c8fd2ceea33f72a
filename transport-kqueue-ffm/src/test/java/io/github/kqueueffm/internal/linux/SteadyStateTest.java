// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.linux.Sockets.Pair;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a connection in use costs. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SteadyStateTest {

    private final Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();
    private final int dispatch = kq.c.EV_DISPATCH();

    @AfterEach
    void close() {
        kq.close();
    }

    @Test
    void aRoundTripCostsOneWait() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        kq.addRead(fd, clear, 1).poll();
        Map<String, Long> calls = kq.calls(() -> {
            for (int i = 0; i < 100; i++) {
                kq.sockets.send(pair.client(), fd, 64);
                assertThat(kq.call(FOREVER)).isEqualTo(1);
                assertThat(kq.sockets.read(fd, 1_000)).isEqualTo(64);
                kq.kernel.exhausted(fd, kq.c.EVFILT_READ());
                kq.sockets.send(fd, pair.client(), 64);
                assertThat(kq.sockets.read(pair.client(), 1_000)).isEqualTo(64);
            }
        });
        assertThat(calls).isEqualTo(Map.of("epoll_pwait2", 100L));
    }

    @Test
    void armingWriteAfterEagainCostsNothingButTheFirstTime() {
        Pair pair = kq.sockets.pair();
        int fd = pair.client();
        kq.addRead(fd, clear, 1).poll();
        for (int i = 0; i < 5; i++) {
            long sent = kq.sockets.fill(fd);
            kq.kernel.exhausted(fd, kq.c.EVFILT_WRITE());
            kq.addWrite(fd, dispatch | kq.c.EV_ENABLE(), 2);
            assertThat(kq.calls(() -> assertThat(kq.poll()).isEmpty()))
                    .isEqualTo(i == 0 ? Map.of("epoll_ctl", 1L, "epoll_pwait2", 1L) : Map.of("epoll_pwait2", 1L));
            kq.sockets.drain(pair.server(), sent);
            assertThat(kq.calls(() -> assertThat(kq.await()).containsExactly(kq.write(fd, dispatch, 2))))
                    .isEqualTo(Map.of("epoll_pwait2", 1L));
        }
    }

    @Test
    void aShortConnectionCostsOneControlCallAndOneIoctl() {
        int listener = kq.sockets.listener();
        kq.addRead(listener, 0, 1).poll();
        for (int i = 0; i < 20; i++) {
            Map<String, Long> calls = kq.calls(() -> {
                int client = kq.sockets.connectTo(listener);
                assertThat(kq.await()).hasSize(1);
                int fd = kq.sockets.accept(listener);
                kq.sockets.send(client, fd, 64);
                assertThat(kq.addRead(fd, clear, 2).await()).hasSize(1);
                assertThat(kq.sockets.read(fd, 1_000)).isEqualTo(64);
                kq.kernel.exhausted(fd, kq.c.EVFILT_READ());
                kq.sockets.close(client);
                kq.sockets.awaitEnd(fd);
                assertThat(kq.await()).containsExactly(kq.read(fd, clear | kq.c.EV_EOF(), 0, 2));
                kq.kernel.forget(fd);
                kq.sockets.close(fd);
            });
            assertThat(calls).isEqualTo(Map.of("epoll_ctl", 1L, "epoll_pwait2", 3L, "ioctl", 1L));
        }
    }

    /** Changes, a second look, an edge and a user event in each turn, and not an object made. */
    @Test
    void turnsAllocateNothing() {
        Pair pair = kq.sockets.pair();
        KEventList changes = new KEventList(kq.counted, kq.platform.kevent(), 4);
        KEventList events = new KEventList(kq.counted, kq.platform.kevent(), 16);
        kq.change(0, kq.c.EVFILT_USER(), kq.c.EV_ADD() | clear, 0)
                .addRead(pair.server(), clear, 1)
                .poll();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        int measured = 10_000;
        long allocated = Long.MAX_VALUE;
        // Until it is compiled a java.lang.foreign call allocates; what the code makes itself would remain for good.
        // The
        // smallest object has 16 bytes: one in eight turns shows.
        for (int round = 0; round < 100 && allocated >= 2L * measured; round++) {
            long before = threads.getThreadAllocatedBytes(self);
            turns(pair, changes, events, measured);
            allocated = threads.getThreadAllocatedBytes(self) - before;
        }
        assertThat(allocated).isLessThan(2L * measured);
    }

    private void turns(Pair pair, KEventList changes, KEventList events, int count) {
        int fd = pair.server();
        int client = pair.client();
        long bytes = kq.platform.kevent().size();
        for (int i = 0; i < count; i++) {
            if (kq.counted.write(client, events.address(), bytes) != bytes) {
                throw new AssertionError("write");
            }
            kq.kernel.trigger(0, 0);
            changes.set(0, fd, kq.c.EVFILT_WRITE(), kq.c.EV_ADD() | kq.c.EV_ENABLE() | dispatch, 0, 0, 2);
            changes.set(1, fd, kq.c.EVFILT_READ(), kq.c.EV_ADD() | clear, 0, 0, 3);
            int stored = kq.kernel.kevent(changes, 2, events, 16, FOREVER);
            if (stored < 1 || stored > 3) {
                throw new AssertionError("kevent: " + stored);
            }
            kq.counted.read(fd, events.address(), bytes);
        }
    }
}
