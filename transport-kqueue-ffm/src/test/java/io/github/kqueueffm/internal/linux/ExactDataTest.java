// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.linux.Sockets.Pair;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The mode in which {@code data} is what a BSD kernel reports. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExactDataTest {

    private final Kqueue kq = new Kqueue(true, UnaryOperator.identity());
    private final int clear = kq.c.EV_CLEAR();

    @AfterEach
    void close() {
        kq.close();
    }

    @Test
    void readTellsBytes() {
        Pair pair = kq.sockets.pair();
        kq.addRead(pair.server(), clear, 1).poll();
        kq.sockets.send(pair.client(), pair.server(), 100);
        assertThat(kq.await()).containsExactly(kq.read(pair.server(), clear, 100, 1));
        assertThat(kq.sockets.read(pair.server(), 30)).isEqualTo(30);
        assertThat(kq.addRead(pair.server(), clear, 1).poll()).containsExactly(kq.read(pair.server(), clear, 70, 1));
    }

    @Test
    void listenerTellsConnections() {
        int listener = kq.sockets.listener();
        kq.addRead(listener, 0, 1).poll();
        for (int i = 0; i < 3; i++) {
            kq.sockets.connectTo(listener);
        }
        assertThat(kq.await()).containsExactly(kq.read(listener, 0, 3, 1));
        kq.sockets.accept(listener);
        assertThat(kq.await()).containsExactly(kq.read(listener, 0, 2, 1));
    }

    @Test
    void writeTellsRoom() {
        Pair pair = kq.sockets.pair();
        assertThat(kq.addWrite(pair.client(), clear, 1).poll().get(0).data()).isPositive();
        // The peer does not read: what does not fit into its buffer stays in ours.
        long sent = kq.sockets.fill(pair.client());
        long full = new SocketQueries(kq.counted, kq.platform).space(pair.client());
        assertThat(kq.addWrite(pair.client(), clear, 1).poll()).isEmpty();
        kq.sockets.drain(pair.server(), sent);
        assertThat(kq.await().get(0).data()).isGreaterThan(full);
    }

    @Test
    void roomOfAPipeIsUnknown() {
        List<Integer> pipe = kq.sockets.pipe();
        assertThat(kq.addWrite(pipe.get(1), clear, 1).poll()).containsExactly(kq.write(pipe.get(1), clear, 1));
    }
}
