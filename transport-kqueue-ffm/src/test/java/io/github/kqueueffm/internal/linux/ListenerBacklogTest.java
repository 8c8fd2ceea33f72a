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

/** When a listener is asked for the length of its queue. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerBacklogTest {

    private final Kqueue kq = new Kqueue();
    private final int listener = kq.sockets.listener();

    @AfterEach
    void close() {
        kq.close();
    }

    private long reported() {
        return kq.await().get(0).data();
    }

    @Test
    void oneConnectionAtATimeAsksNothing() {
        kq.addRead(listener, 0, 1).poll();
        Map<String, Long> calls = kq.calls(() -> {
            for (int i = 0; i < 50; i++) {
                kq.sockets.connectTo(listener);
                assertThat(reported()).isEqualTo(UNKNOWN);
                kq.sockets.accept(listener);
                // The turn in which the connection itself is served.
                assertThat(kq.poll()).isEmpty();
            }
        });
        assertThat(calls).containsOnlyKeys("epoll_pwait2");
    }

    @Test
    void aStreamOfConnectionsIsCounted() {
        kq.addRead(listener, 0, 1).poll();
        for (int i = 0; i < 5; i++) {
            kq.sockets.connectTo(listener);
        }
        assertThat(reported()).isEqualTo(UNKNOWN);
        kq.sockets.accept(listener);
        assertThat(reported()).isEqualTo(4);
        kq.sockets.accept(listener);
        kq.sockets.accept(listener);
        assertThat(reported()).isEqualTo(2);
    }

    @Test
    void anAnswerOfOneMakesTheQuestionsRare() {
        kq.addRead(listener, 0, 1).poll();
        kq.sockets.connectTo(listener);
        Map<String, Long> calls = kq.calls(() -> {
            for (int i = 0; i < 200; i++) {
                assertThat(reported()).isIn(UNKNOWN, 1L);
            }
        });
        // After pauses of 1, 3, 7, 15, 31, 63 and 64 waits.
        assertThat(calls.get("getsockopt")).isBetween(6L, 8L);
    }

    @Test
    void aLevelTriggeredConnectionIsNoListener() {
        Pair pair = kq.sockets.pair();
        kq.sockets.send(pair.client(), pair.server(), 5);
        kq.addRead(pair.server(), 0, 1);
        Map<String, Long> calls = kq.calls(() -> {
            for (int i = 0; i < 10; i++) {
                assertThat(reported()).isEqualTo(UNKNOWN);
            }
        });
        assertThat(calls).containsEntry("ioctl", 1L).doesNotContainKey("getsockopt");
    }
}
