// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.FOREVER;
import static io.github.kqueueffm.internal.engine.Kernel.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.linux.Sockets.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How long a call waits, and what it does with more events than it has room for. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitTest {

    private Kqueue kq = new Kqueue();

    @AfterEach
    void close() {
        kq.close();
    }

    private void intercept(String function, Intercepted.Answer answer) {
        kq.close();
        kq = new Kqueue(
                false, real -> new Intercepted(real).answer(function, answer).syscalls());
    }

    @Test
    void waitsTheTimeGivenAndNotLess() {
        long start = System.nanoTime();
        assertThat(kq.call(1_500_000)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_500_000);
    }

    @Test
    void withoutNanosecondsTheTimeIsRoundedUp() {
        List<Object> asked = new ArrayList<>();
        kq.close();
        kq = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer("epollPwait2", arguments -> -kq.platform.errno().ENOSYS())
                        .answer("epollWait", arguments -> {
                            asked.add(arguments[3]);
                            return 0;
                        })
                        .syscalls());
        for (long nanos : new long[] {0, 1, 1_000_000, 1_000_001, FOREVER}) {
            assertThat(kq.call(nanos)).isZero();
        }
        assertThat(asked).containsExactly(0, 1, 1, 2, -1);
    }

    @Test
    void aKernelWithoutNanosecondsIsAskedOnce() {
        intercept("epollPwait2", arguments -> -38);
        assertThat(kq.platform.errno().ENOSYS()).isEqualTo(38);
        assertThat(kq.calls(kq::poll)).isEqualTo(Map.of("epoll_pwait2", 1L, "epoll_wait", 1L));
        assertThat(kq.calls(kq::poll)).isEqualTo(Map.of("epoll_wait", 1L));
    }

    @Test
    void aLibraryWithoutNanosecondsIsNotAskedAtAll() {
        intercept("has", arguments -> false);
        assertThat(kq.calls(kq::poll)).isEqualTo(Map.of("epoll_wait", 1L));
    }

    @Test
    void theTimeIsCutToWhatThePlatformTakes() {
        List<Object> asked = new ArrayList<>();
        kq.close();
        kq = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer("has", arguments -> false)
                        .answer("epollWait", arguments -> {
                            asked.add(arguments[3]);
                            return 0;
                        })
                        .syscalls());
        assertThat(kq.call(Long.MAX_VALUE)).isZero();
        long most = TimeUnit.SECONDS.toMillis(kq.platform.traits().maxWaitSeconds());
        assertThat(asked).containsExactly((int) Math.min(Integer.MAX_VALUE, most));
    }

    @Test
    void anInterruptedWaitSaysSoAndTheChangesHold() {
        int[] interrupts = {1};
        intercept("epollPwait2", arguments -> interrupts[0]-- > 0 ? -4 : null);
        assertThat(kq.platform.errno().EINTR()).isEqualTo(4);
        Pair pair = kq.sockets.pair();
        kq.sockets.send(pair.client(), pair.server(), 1);
        assertThat(kq.addRead(pair.server(), kq.c.EV_CLEAR(), 1).call(FOREVER)).isEqualTo(-4);
        assertThat(kq.poll()).containsExactly(kq.read(pair.server(), kq.c.EV_CLEAR(), UNKNOWN, 1));
    }

    @Test
    void anInterruptLosesNoEventThatWaitsForRoom() {
        int[] call = {0};
        intercept("epollPwait2", arguments -> ++call[0] == 2 ? -4 : null);
        int fd = kq.sockets.pair().server();
        kq.capacity = 1;
        int clear = kq.c.EV_CLEAR();
        kq.sockets.shutdown(fd, kq.platform.socket().SHUT_RD());
        kq.addRead(fd, clear, 1).addWrite(fd, clear, 2);
        assertThat(kq.poll()).containsExactly(kq.write(fd, clear, 2));
        assertThat(kq.poll()).containsExactly(kq.read(fd, clear | kq.c.EV_EOF(), 0, 1));
    }

    @Test
    void manyEventsComeInOrderAndOnce() {
        List<Long> idents = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Pair pair = kq.sockets.pair();
            kq.sockets.send(pair.client(), pair.server(), 1);
            kq.addRead(pair.server(), kq.c.EV_CLEAR(), i);
            idents.add((long) pair.server());
        }
        kq.capacity = 64;
        List<Event> first = kq.poll();
        List<Event> second = kq.poll();
        assertThat(first).hasSize(64);
        assertThat(second).hasSize(36);
        assertThat(kq.poll()).isEmpty();
        List<Event> all = new ArrayList<>(first);
        all.addAll(second);
        assertThat(all).extracting(Event::ident).containsExactlyElementsOf(idents);
    }

    @Test
    void theSecondEventOfADescriptorWaitsForRoomAndDoesNotBlock() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        int clear = kq.c.EV_CLEAR();
        kq.sockets.send(pair.client(), fd, 1);
        kq.capacity = 1;
        assertThat(kq.addRead(fd, clear, 1).addWrite(fd, clear, 2).await()).containsExactly(kq.write(fd, clear, 2));
        assertThat(kq.await()).containsExactly(kq.read(fd, clear, UNKNOWN, 1));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void whatWaitsForRoomIsDroppedWithItsDescriptor() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        int clear = kq.c.EV_CLEAR();
        kq.sockets.send(pair.client(), fd, 1);
        kq.capacity = 1;
        assertThat(kq.addRead(fd, clear, 1).addWrite(fd, clear, 2).poll()).hasSize(1);
        kq.kernel.forget(fd);
        kq.sockets.close(fd);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void whatWaitsForRoomIsDroppedWhenExhausted() {
        Pair pair = kq.sockets.pair();
        int fd = pair.server();
        int clear = kq.c.EV_CLEAR();
        kq.sockets.send(pair.client(), fd, 1);
        kq.capacity = 1;
        assertThat(kq.addRead(fd, clear, 1).addWrite(fd, clear, 2).poll()).hasSize(1);
        assertThat(kq.sockets.read(fd, 10)).isEqualTo(1);
        kq.kernel.exhausted(fd, kq.c.EVFILT_READ());
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void moreRoomThanEverBeforeIsUsed() {
        for (int i = 0; i < 100; i++) {
            Pair pair = kq.sockets.pair();
            kq.sockets.send(pair.client(), pair.server(), 1);
            kq.addRead(pair.server(), kq.c.EV_CLEAR(), i);
        }
        assertThat(kq.poll()).hasSize(100);
    }

    @Test
    void dataEndsAWaitInAnotherThread() throws InterruptedException {
        Pair pair = kq.sockets.pair();
        kq.addRead(pair.server(), kq.c.EV_CLEAR(), 1).poll();
        Thread writer = new Thread(() -> kq.sockets.write(pair.client(), 1));
        writer.start();
        assertThat(kq.call(FOREVER)).isEqualTo(1);
        writer.join();
        assertThat(kq.event(0)).isEqualTo(kq.read(pair.server(), kq.c.EV_CLEAR(), UNKNOWN, 1));
    }
}
