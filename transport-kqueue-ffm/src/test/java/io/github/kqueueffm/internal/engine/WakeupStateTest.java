// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a wakeup reaches its waker, without an engine around it. */
class WakeupStateTest {

    private static class CountingWaker implements Waker {
        final AtomicInteger triggers = new AtomicInteger();

        @Override
        public void trigger() {
            triggers.incrementAndGet();
        }

        @Override
        public void received() {}

        @Override
        public void close() {}

        @Override
        public String name() {
            return "counting";
        }
    }

    private final CountingWaker waker = new CountingWaker();
    private final Wakeup wakeup = new Wakeup(waker);

    @Test
    void aWaitThatWasEndedByAWakeupCanBeFollowedByAnother() {
        assertThat(wakeup.startWaiting()).isTrue();
        wakeup.wakeup();
        wakeup.stopWaiting();

        assertThat(wakeup.startWaiting()).isTrue();
        assertThat(waker.triggers.get()).isEqualTo(1);
    }

    @Test
    void onceClosedThereIsNoWaitAndNoTrigger() {
        wakeup.close();

        wakeup.consume();
        assertThat(wakeup.startWaiting()).isFalse();
        wakeup.stopWaiting();
        assertThat(wakeup.startWaiting()).isFalse();
        wakeup.wakeup();
        assertThat(waker.triggers.get()).isZero();
    }

    @Test
    void closedWhileWaitingItStaysClosed() {
        assertThat(wakeup.startWaiting()).isTrue();
        wakeup.close();
        wakeup.wakeup();
        wakeup.stopWaiting();

        assertThat(wakeup.startWaiting()).isFalse();
        assertThat(waker.triggers.get()).isZero();
    }

    @Test
    void aTriggerThatFailsLeavesTheNextOneToTryAgain() {
        AtomicInteger tries = new AtomicInteger();
        Wakeup failing = new Wakeup(new CountingWaker() {
            @Override
            public void trigger() {
                if (tries.incrementAndGet() == 1) {
                    throw new KernelException("kevent(NOTE_TRIGGER)", 12);
                }
            }
        });
        assertThat(failing.startWaiting()).isTrue();

        assertThatThrownBy(failing::wakeup).isInstanceOf(KernelException.class);
        failing.wakeup();

        assertThat(tries.get()).isEqualTo(2);
    }
}
