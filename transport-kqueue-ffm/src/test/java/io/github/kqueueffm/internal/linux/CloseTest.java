// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** After its end a kqueue touches no descriptor: the numbers may be someone else's. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseTest {

    private final Kqueue kq = new Kqueue();

    @AfterEach
    void close() {
        kq.close();
    }

    @Test
    void closesItsDescriptorsOnce() {
        kq.change(0, kq.c.EVFILT_USER(), kq.c.EV_ADD(), 0)
                .change(1, kq.c.EVFILT_USER(), kq.c.EV_ADD(), 0)
                .poll();
        assertThat(kq.kernel.fd()).isNotNegative();
        assertThat(kq.calls(kq.kernel::close)).isEqualTo(Map.of("close", 2L));
        assertThat(kq.calls(kq.kernel::close)).isEmpty();
        assertThat(kq.kernel.fd()).isNegative();
    }

    @Test
    void isHarmlessAfterwards() {
        int listener = kq.sockets.listener();
        int fd = kq.sockets.pair().server();
        kq.change(0, kq.c.EVFILT_USER(), kq.c.EV_ADD(), 0)
                .addRead(listener, 0, 1)
                .addRead(fd, kq.c.EV_CLEAR(), 1)
                .poll();
        kq.kernel.close();
        Map<String, Long> calls = kq.calls(() -> {
            assertThat(kq.addWrite(fd, kq.c.EV_CLEAR(), 1).call(FOREVER))
                    .isEqualTo(-kq.platform.errno().EBADF());
            assertThat(kq.kernel.trigger(0, 0)).isNegative();
            kq.kernel.exhausted(fd, kq.c.EVFILT_READ());
            kq.kernel.forget(fd);
            kq.kernel.forget(listener);
        });
        assertThat(calls).isEmpty();
    }

    @Test
    void tellsItsBackend() {
        assertThat(kq.kernel.backend()).isEqualTo("epoll");
    }

    @Test
    void withoutADescriptorThereIsNoKqueue() {
        int emfile = kq.platform.errno().EMFILE();
        assertThatThrownBy(() -> new Kqueue(
                        false,
                        real -> new Intercepted(real)
                                .answer("epollCreate1", arguments -> -emfile)
                                .syscalls()))
                .hasMessageContaining("epoll_create1")
                .hasMessageContaining(Integer.toString(emfile));
    }
}
