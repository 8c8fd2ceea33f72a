// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.linux.FilterFlagsTest.Filter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each of the system calls that an EV_ADD makes fails once. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailingCallTest {

    @ParameterizedTest
    @EnumSource
    void leavesNothingOpenAndTheNextTryWorks(Filter filter) {
        List<String> failed = new ArrayList<>();
        for (int index = 0; failsAt(filter, index, failed); index++) {}
        switch (filter) {
            case READ, WRITE -> assertThat(failed).containsExactly("epollCtl");
            // The first epoll_ctl(2) is the one that is refused, as the second, of inotify's, must not be.
            case FILE ->
                assertThat(failed)
                        .containsExactly(
                                "epollCtl", "fstat", "inotifyInit1", "epollCtl", "inotifyAddWatch", "lseek", "fstat");
            case VNODE -> assertThat(failed).containsExactly("fstat", "inotifyInit1", "epollCtl", "inotifyAddWatch");
            case PROC -> assertThat(failed).containsExactly("pidfdOpen", "epollCtl");
            case SIGNAL, USER -> assertThat(failed).containsExactly("eventfd", "epollCtl");
            case TIMER -> assertThat(failed).isEmpty();
            default -> throw new AssertionError(filter);
        }
    }

    /** Whether there was a call to fail. */
    private static boolean failsAt(Filter filter, int index, List<String> failed) {
        FailingCall failing = new FailingCall(12 /* ENOMEM */);
        Kqueue kq = new Kqueue(false, failing::over);
        Source source = filter.factory.apply(kq);
        try {
            int add = kq.c.EV_ADD() | kq.c.EV_CLEAR();
            source.change(add, 1);
            kq.capacity = 1;
            failing.failAt(index);
            int result = kq.call(0);
            String call = index < failing.made.size() ? failing.made.get(index) : "";
            failing.failAt(-1);
            kq.capacity = 9;
            // The wait after the change is none of it.
            boolean happened = !call.isEmpty() && !call.startsWith("epollPwait");
            if (happened) {
                failed.add(call);
                if (!failed.contains("lseek")) {
                    assertThat(result).as(call).isEqualTo(1);
                    assertThat(kq.event(0))
                            .as(call)
                            .isEqualTo(kq.error(source.ident(), source.filter, 12, 1)
                                    .withErrno(source.fflags));
                }
            }
            assertThat(source.change(add, 2).poll()).as(call).isEmpty();
            source.happen();
            assertThat(kq.await()).as(call).extracting(Event::udata).containsExactly(2L);
            kq.kernel.close();
            assertThat(failing.open).as(call).isEmpty();
            return happened;
        } finally {
            kq.close();
            source.close();
        }
    }
}
