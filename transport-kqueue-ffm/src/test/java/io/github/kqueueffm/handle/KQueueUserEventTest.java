// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.handle.KQueueUserEvent.Operation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User events of the kernel in use. */
@Timeout(120)
class KQueueUserEventTest extends HandleLoops {

    private final KQueueUserEventListener noting = (event, flags) -> notes.add(flags);

    private KQueueUserEvent open(int flags) throws Exception {
        return registered(KQueueUserEvent.open(loop, flags, noting));
    }

    @Test
    void triggersAreTold() throws Exception {
        KQueueUserEvent event = registered(KQueueUserEvent.open(group, noting));
        for (int i = 0; i < 100; i++) {
            event.trigger();
            assertThat(note()).isEqualTo(0);
        }
        nothingMore();
        done(event.close());
    }

    @Test
    void flagsAreCombinedAndStay() throws Exception {
        KQueueUserEvent event = open(0xf0);
        event.trigger();
        assertThat(note()).isEqualTo(0xf0);
        event.trigger(Operation.OR, 0x0f);
        assertThat(note()).isEqualTo(0xff);
        event.trigger(Operation.AND, 0x3c);
        assertThat(note()).isEqualTo(0x3c);
        event.trigger(Operation.COPY, KQueueUserEvent.FLAGS_MASK);
        assertThat(note()).isEqualTo(0xffffff);
        event.update(Operation.COPY, 0);
        event.update(Operation.OR, 1);
        event.update(Operation.OR, 2);
        nothingMore();
        event.trigger();
        assertThat(note()).isEqualTo(3);
        nothingMore();
    }

    @Test
    void flagsOutsideOf24BitsAreRefused() throws Exception {
        KQueueUserEvent event = open(0);
        assertThatThrownBy(() -> event.trigger(Operation.OR, 0x1000000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> event.update(Operation.COPY, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KQueueUserEvent.open(loop, 1 << 24, noting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x1000000");
    }

    /**
     * Takes notes until one is {@code last}, after which none is different. The kernel may have been asked between two triggers,
     * or between changes of the same turn.
     */
    private void noteUntil(int last) throws Exception {
        Object flags = note();
        while (!flags.equals(last)) {
            flags = note();
        }
        settle();
        assertThat(notes).allMatch(note -> note.equals(last));
    }

    @Test
    void triggersWhileTheLoopIsBusyAreOne() throws Exception {
        KQueueUserEvent event = open(3);
        CountDownLatch free = hold();
        for (int i = 0; i < 100; i++) {
            event.trigger();
        }
        free.countDown();
        assertThat(note()).isEqualTo(3);
        nothingMore();
    }

    @Test
    void changesWhileTheLoopIsBusyAreAllMade() throws Exception {
        KQueueUserEvent event = open(0);
        CountDownLatch free = hold();
        event.trigger();
        event.trigger(Operation.OR, 1);
        event.trigger(Operation.OR, 4);
        event.trigger();
        free.countDown();
        noteUntil(5);
    }

    /** A trigger that is on its way already does not stand for one after a change of the flags. */
    @Test
    void orderOfOneThreadIsKept() throws Exception {
        KQueueUserEvent event = open(0);
        CountDownLatch first = hold();
        event.trigger();
        event.update(Operation.COPY, 7);
        event.trigger();
        first.countDown();
        noteUntil(7);
    }

    @Test
    void triggersOfTheLoopItself() throws Exception {
        KQueueUserEvent event = open(0);
        done(loop.submit(() -> {
            event.trigger();
            event.update(Operation.OR, 8);
            event.trigger(Operation.OR, 1);
            assertThat(notes).as("told in a turn of its own").isEmpty();
        }));
        noteUntil(9);
    }

    @Test
    void triggerInTheListenerIsToldInTheNextTurn() throws Exception {
        KQueueUserEvent event = registered(KQueueUserEvent.open(loop, (self, flags) -> {
            notes.add(flags);
            if (flags < 5) {
                self.trigger(Operation.COPY, flags + 1);
            }
        }));
        event.trigger();
        for (int i = 0; i <= 5; i++) {
            assertThat(note()).isEqualTo(i);
        }
        nothingMore();
    }

    @Test
    void whatIsAskedForBeforeItIsRegistered() throws Exception {
        CountDownLatch free = hold();
        KQueueUserEvent event = KQueueUserEvent.open(loop, 1, noting);
        event.update(Operation.OR, 2);
        event.trigger();
        event.update(Operation.OR, 4);
        free.countDown();
        assertThat(note()).isEqualTo(7);
        nothingMore();
        event.trigger();
        assertThat(note()).isEqualTo(7);
        done(loop.submit(() -> {
            KQueueUserEvent inLoop = KQueueUserEvent.open(loop, 16, noting);
            inLoop.trigger();
        }));
        assertThat(note()).isEqualTo(16);
        nothingMore();
    }

    @Test
    void afterCloseNothingIsTold() throws Exception {
        KQueueUserEvent event = open(0);
        CountDownLatch free = hold();
        event.trigger();
        event.close();
        event.trigger();
        event.update(Operation.OR, 1);
        free.countDown();
        done(event.closeFuture());
        event.trigger();
        event.trigger(Operation.OR, 1);
        nothingMore();
    }

    @Test
    void afterTheEndOfTheLoopNothingHappens() throws Exception {
        KQueueUserEvent event = open(0);
        done(group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertThat(event.closeFuture().isSuccess()).isTrue();
        event.trigger();
        event.update(Operation.OR, 1);
        assertThat(notes).isEmpty();
    }

    @Test
    void eventsOfOneLoopAreApart() throws Exception {
        KQueueUserEvent[] events = new KQueueUserEvent[20];
        for (int i = 0; i < events.length; i++) {
            events[i] = open(i);
        }
        for (int i = events.length - 1; i >= 0; i--) {
            events[i].trigger();
            assertThat(note()).isEqualTo(i);
        }
        nothingMore();
    }

    /** Every trigger is followed by a call: none is lost between threads. */
    @Test
    void noTriggerIsLostAmongThreads() throws Exception {
        KQueueUserEvent event = open(0);
        int threads = 3;
        Thread[] triggering = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int bit = 1 << t;
            triggering[t] = new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    event.trigger();
                }
                event.update(Operation.OR, bit);
                event.trigger();
            });
            triggering[t].start();
        }
        for (Thread thread : triggering) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
        noteUntil((1 << threads) - 1);
    }
}
