// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.FOREVER;
import static io.github.kqueueffm.internal.engine.Kernel.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.linux.Sockets.Pair;
import io.github.kqueueffm.internal.platform.Errno;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Errors, receipts and room in the event list, as NetBSD answers. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChangeListTest {

    private static final int CLOSED = 9_999;

    private final Kqueue kq = new Kqueue();
    private final Errno errno = kq.platform.errno();
    private final int clear = kq.c.EV_CLEAR();
    private final int receipt = kq.c.EV_RECEIPT();
    private final int readFilter = kq.c.EVFILT_READ();
    private final int writeFilter = kq.c.EVFILT_WRITE();

    @AfterEach
    void close() {
        kq.close();
    }

    /** A connection with two bytes to read. */
    private int readable() {
        Pair pair = kq.sockets.pair();
        kq.sockets.send(pair.client(), pair.server(), 2);
        return pair.server();
    }

    private void oneGoodAmongBad(int good) {
        kq.addRead(CLOSED, 0, 0x11).addRead(good, clear, 0x22);
        kq.change(good, writeFilter, kq.c.EV_DELETE(), 5, 7, 0x33);
    }

    @Test
    void errorsComeAtOnceWithoutReadyEventsAndTheGoodChangeHolds() {
        int fd = readable();
        oneGoodAmongBad(fd);
        assertThat(kq.call(FOREVER)).isEqualTo(2);
        assertThat(kq.event(0)).isEqualTo(kq.error(CLOSED, readFilter, errno.EBADF(), 0x11));
        assertThat(kq.event(1))
                .isEqualTo(kq.error(fd, writeFilter, errno.ENOENT(), 0x33).withErrno(5));
        assertThat(kq.poll()).containsExactly(kq.read(fd, clear, UNKNOWN, 0x22));
    }

    @Test
    void anErrorWithoutRoomIsTheResult() {
        oneGoodAmongBad(readable());
        kq.capacity = 1;
        assertThat(kq.call(0)).isEqualTo(-errno.ENOENT());
        oneGoodAmongBad(readable());
        kq.capacity = 0;
        assertThat(kq.call(0)).isEqualTo(-errno.EBADF());
    }

    @Test
    void whatFollowsAnErrorWithoutRoomIsNotApplied() {
        int fd = readable();
        kq.capacity = 0;
        assertThat(kq.addRead(CLOSED, 0, 1).addRead(fd, clear, 2).call(0)).isEqualTo(-errno.EBADF());
        kq.capacity = 8;
        assertThat(kq.change(fd, readFilter, kq.c.EV_DELETE(), 3).poll())
                .containsExactly(kq.error(fd, readFilter, errno.ENOENT(), 3));
    }

    @Test
    void receiptsAnswerEachChange() {
        int fd = readable();
        int other = readable();
        kq.addRead(fd, clear | receipt, 0x44);
        kq.addRead(CLOSED, receipt, 0x45);
        kq.addWrite(other, clear | receipt, 0x46);
        assertThat(kq.poll())
                .containsExactly(
                        kq.error(fd, readFilter, 0, 0x44),
                        kq.error(CLOSED, readFilter, errno.EBADF(), 0x45),
                        kq.error(other, writeFilter, 0, 0x46));
        assertThat(kq.poll())
                .containsExactly(kq.read(fd, clear | receipt, UNKNOWN, 0x44), kq.write(other, clear | receipt, 0x46));
    }

    @Test
    void aReceiptWithoutRoomEndsTheList() {
        int fd = readable();
        kq.capacity = 0;
        assertThat(kq.addWrite(fd, clear | receipt, 1).addRead(fd, clear, 2).call(0))
                .isZero();
        kq.capacity = 8;
        assertThat(kq.change(fd, readFilter, kq.c.EV_DELETE(), 3).poll())
                .containsExactly(kq.error(fd, readFilter, errno.ENOENT(), 3));
    }

    @Test
    void changesOfAbsentKnotesAreErrors() {
        int fd = readable();
        int[] flags = {kq.c.EV_DELETE(), kq.c.EV_ENABLE(), kq.c.EV_DISABLE(), 0};
        for (int flag : flags) {
            assertThat(kq.change(fd, readFilter, flag, 1).poll())
                    .containsExactly(kq.error(fd, readFilter, errno.ENOENT(), 1));
            assertThat(kq.change(CLOSED, readFilter, flag, 1).poll())
                    .containsExactly(kq.error(CLOSED, readFilter, errno.EBADF(), 1));
        }
    }

    @Test
    void impossibleDescriptorsAreBad() {
        for (long ident : new long[] {-1, 1L << 32, Integer.MAX_VALUE}) {
            assertThat(kq.change(ident, readFilter, kq.c.EV_ADD(), 1).poll())
                    .containsExactly(kq.error(ident, readFilter, errno.EBADF(), 1));
        }
    }

    @Test
    void otherFiltersAreInvalid() {
        // EVFILT_AIO is -3 where it exists.
        int[] filters = {-3, 0, 77};
        for (int filter : filters) {
            assertThat(kq.change(1, filter, kq.c.EV_ADD(), 5).poll())
                    .containsExactly(kq.error(1, filter, errno.EINVAL(), 5));
        }
    }

    @Test
    void withoutRoomForEventsThereIsNoWait() {
        kq.capacity = 0;
        assertThat(kq.calls(() -> assertThat(kq.call(FOREVER)).isZero())).isEmpty();
    }

    @Test
    void aNegativeTimeoutIsInvalid() {
        assertThat(kq.call(-2)).isEqualTo(-errno.EINVAL());
    }

    @Test
    void theListsMayBeOneAndTheSame() {
        int fd = readable();
        KEventList list = new KEventList(kq.counted, kq.platform.kevent(), 4);
        list.set(0, fd, readFilter, kq.c.EV_ADD() | clear, 0, 0, 1);
        list.set(1, CLOSED, readFilter, kq.c.EV_ADD(), 0, 0, 2);
        list.set(2, fd, writeFilter, kq.c.EV_DELETE(), 0, 0, 3);
        assertThat(kq.kernel.kevent(list, 3, list, 4, 0)).isEqualTo(2);
        assertThat(list.udata(0)).isEqualTo(2);
        assertThat(list.data(0)).isEqualTo(errno.EBADF());
        assertThat(list.udata(1)).isEqualTo(3);
        assertThat(list.data(1)).isEqualTo(errno.ENOENT());
    }

    @Test
    void noCallIsMadeForDisableEnableAndDeleteOfAConnection() {
        int fd = kq.sockets.pair().server();
        kq.addRead(fd, clear, 1).addWrite(fd, kq.c.EV_DISPATCH(), 1).poll();
        kq.capacity = 0;
        int[] flags = {kq.c.EV_DISABLE(), kq.c.EV_ENABLE(), kq.c.EV_DELETE()};
        for (int flag : flags) {
            kq.change(fd, readFilter, flag, 0).change(fd, writeFilter, flag, 0);
            assertThat(kq.calls(() -> assertThat(kq.call(0)).isZero())).isEmpty();
        }
    }

    @Test
    void aConnectionIsRegisteredOnceAndOnceMoreWhenItWaitsToWrite() {
        int fd = kq.sockets.pair().server();
        assertThat(kq.calls(() -> kq.addRead(fd, clear, 1).poll())).containsEntry("epoll_ctl", 1L);
        Map<String, Long> calls = kq.calls(() -> {
            kq.addWrite(fd, kq.c.EV_DISPATCH(), 1).poll();
            kq.change(fd, readFilter, kq.c.EV_DELETE(), 0).change(fd, writeFilter, kq.c.EV_DELETE(), 0);
            kq.poll();
            kq.addRead(fd, clear, 1).poll();
            kq.addWrite(fd, kq.c.EV_DISPATCH(), 1).poll();
            kq.kernel.forget(fd);
        });
        assertThat(calls).containsEntry("epoll_ctl", 1L);
    }

    /** A connect: WRITE tells of it, and READ comes next. */
    @Test
    void aConnectionThatBeginsWithWriteIsRegisteredOnce() {
        int fd = kq.sockets.pair().client();
        Map<String, Long> calls = kq.calls(() -> {
            kq.addWrite(fd, kq.c.EV_DISPATCH(), 1).poll();
            kq.addRead(fd, clear, 1).poll();
            kq.addWrite(fd, kq.c.EV_DISPATCH() | kq.c.EV_ENABLE(), 1).poll();
        });
        assertThat(calls).containsEntry("epoll_ctl", 1L);
    }
}
