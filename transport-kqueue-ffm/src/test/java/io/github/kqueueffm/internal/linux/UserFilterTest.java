// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static io.github.kqueueffm.internal.engine.Kernel.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.NoteConstants;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** EVFILT_USER. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserFilterTest {

    private static final int IDENT = 3;

    private Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();

    @AfterEach
    void close() {
        kq.close();
    }

    private Kqueue user(int flags) {
        return kq.change(IDENT, kq.c.EVFILT_USER(), flags, 9);
    }

    private Event fired(int flags) {
        return new Event(IDENT, kq.c.EVFILT_USER(), kq.c.EV_ADD() | flags, 0, 0, 9);
    }

    @Test
    void aTriggerIsReportedOnce() {
        user(kq.c.EV_ADD() | clear).poll();
        assertThat(kq.kernel.trigger(IDENT, 9)).isZero();
        assertThat(kq.await()).containsExactly(fired(clear));
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.kernel.trigger(IDENT, 9)).isZero();
        assertThat(kq.await()).containsExactly(fired(clear));
    }

    @Test
    void manyTriggersAreOneEvent() {
        user(kq.c.EV_ADD() | clear).poll();
        for (int i = 0; i < 100; i++) {
            assertThat(kq.kernel.trigger(IDENT, 9)).isZero();
        }
        assertThat(kq.await()).containsExactly(fired(clear));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void aTriggerCostsOneWriteAndItsEventNothing() {
        user(kq.c.EV_ADD() | clear).poll();
        assertThat(kq.calls(() -> kq.kernel.trigger(IDENT, 9))).isEqualTo(Map.of("write", 1L));
        assertThat(kq.calls(() -> assertThat(kq.poll()).hasSize(1))).isEqualTo(Map.of("epoll_pwait2", 1L));
    }

    @Test
    void triggersOfAnotherThreadEndAWait() throws InterruptedException {
        user(kq.c.EV_ADD() | clear).poll();
        for (int i = 0; i < 1_000; i++) {
            Thread other = new Thread(() -> kq.kernel.trigger(IDENT, 9));
            other.start();
            assertThat(kq.call(FOREVER)).isEqualTo(1);
            assertThat(kq.event(0)).isEqualTo(fired(clear));
            other.join();
        }
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void withoutClearItIsReportedOnAndOn() {
        user(kq.c.EV_ADD()).poll();
        kq.kernel.trigger(IDENT, 9);
        for (int i = 0; i < 3; i++) {
            assertThat(kq.await()).containsExactly(fired(0));
        }
        user(kq.c.EV_DELETE());
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void disabledItIsKeptUntilEnabled() {
        user(kq.c.EV_ADD() | clear | kq.c.EV_DISABLE()).poll();
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.poll()).isEmpty();
        assertThat(user(kq.c.EV_ENABLE()).poll()).containsExactly(fired(clear));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void dispatchDisablesItAfterOneReport() {
        int dispatch = kq.c.EV_DISPATCH();
        user(kq.c.EV_ADD() | dispatch).poll();
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.await()).containsExactly(fired(dispatch));
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.poll()).isEmpty();
        assertThat(user(kq.c.EV_ENABLE()).poll()).containsExactly(fired(dispatch));
    }

    @Test
    void oneshotIsGoneAfterItsReportAndCanBeAddedAgain() {
        int oneshot = kq.c.EV_ONESHOT();
        user(kq.c.EV_ADD() | oneshot).poll();
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.await()).containsExactly(fired(oneshot));
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.poll()).isEmpty();
        assertThat(user(kq.c.EV_DELETE()).poll())
                .containsExactly(
                        kq.error(IDENT, kq.c.EVFILT_USER(), kq.platform.errno().ENOENT(), 9));
        assertThat(user(kq.c.EV_ADD() | clear).poll()).isEmpty();
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.await()).containsExactly(fired(clear));
    }

    @Test
    void deletedItCannotBeTriggered() {
        user(kq.c.EV_ADD() | clear).poll();
        user(kq.c.EV_DELETE());
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.calls(() -> assertThat(kq.kernel.trigger(IDENT, 9))
                        .isEqualTo(-kq.platform.errno().ENOENT())))
                .isEmpty();
        assertThat(user(kq.c.EV_ADD() | clear).poll()).isEmpty();
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.await()).containsExactly(fired(clear));
    }

    /** Its number must not become another file's while a thread that triggers an event is about to write to it. */
    @Test
    void oneDescriptorForAllIsKeptUntilTheEnd() {
        assertThat(kq.calls(() -> {
                    for (int ident = 0; ident < 100; ident++) {
                        int kind = ident % 2 == 0 ? clear : kq.c.EV_ONESHOT();
                        kq.change(ident, kq.c.EVFILT_USER(), kq.c.EV_ADD() | kind, kq.c.NOTE_TRIGGER(), 0, 9);
                        assertThat(kq.await()).hasSize(1);
                        if (kind == clear) {
                            kq.change(ident, kq.c.EVFILT_USER(), kq.c.EV_DELETE(), 9)
                                    .poll();
                        }
                    }
                }))
                .containsEntry("eventfd", 1L)
                .doesNotContainKey("close");
        assertThat(kq.calls(() -> kq.kernel.close())).isEqualTo(Map.of("close", 2L));
    }

    @Test
    void aTriggerOfWhatIsDeletedMeanwhileIsNotTheNextOnes() throws InterruptedException {
        user(kq.c.EV_ADD() | clear).poll();
        Thread other = new Thread(() -> {
            int result;
            do {
                result = kq.kernel.trigger(IDENT, 9);
            } while (result == 0);
        });
        other.start();
        assertThat(kq.await()).containsExactly(fired(clear));
        user(kq.c.EV_DELETE()).poll();
        other.join();
        assertThat(user(kq.c.EV_ADD() | clear).poll()).isEmpty();
    }

    @Test
    void eventsAreToldApart() {
        for (int ident = 0; ident < 5; ident++) {
            kq.change(ident, kq.c.EVFILT_USER(), kq.c.EV_ADD() | clear, 100 + ident);
        }
        kq.poll();
        kq.kernel.trigger(4, 104);
        kq.kernel.trigger(1, 101);
        assertThat(kq.await()).extracting(Event::udata).containsExactlyInAnyOrder(104L, 101L);
    }

    @Test
    void aChangeCanTriggerIt() {
        user(kq.c.EV_ADD() | clear).poll();
        kq.change(IDENT, kq.c.EVFILT_USER(), 0, kq.c.NOTE_TRIGGER(), 0, 9);
        assertThat(kq.await()).containsExactly(fired(clear));
        assertThat(kq.poll()).isEmpty();
    }

    private List<Event> noted(int control, int bits) {
        int trigger = kq.c.NOTE_TRIGGER();
        return kq.change(IDENT, kq.c.EVFILT_USER(), 0, control | bits | trigger, 7, 9)
                .await();
    }

    private Event carrying(int bits) {
        return new Event(IDENT, kq.c.EVFILT_USER(), kq.c.EV_ADD() | clear, bits, 7, 9);
    }

    @Test
    void itCarries24BitsThatChangesCombine() {
        NoteConstants notes = kq.platform.notes();
        kq.change(IDENT, kq.c.EVFILT_USER(), kq.c.EV_ADD() | clear, 0xff00ff, 1, 9)
                .poll();
        assertThat(noted(notes.NOTE_FFNOP(), 0x123456)).containsExactly(carrying(0xff00ff));
        assertThat(noted(notes.NOTE_FFAND(), 0x0f000f)).containsExactly(carrying(0x0f000f));
        assertThat(noted(notes.NOTE_FFOR(), 0x000100)).containsExactly(carrying(0x0f010f));
        assertThat(noted(notes.NOTE_FFCOPY(), 0xffffff)).containsExactly(carrying(0xffffff));
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.await()).as("a report does not clear them").containsExactly(carrying(0xffffff));
    }

    @Test
    void theAddThatMakesItCanTriggerIt() {
        kq.change(IDENT, kq.c.EVFILT_USER(), kq.c.EV_ADD() | clear, kq.c.NOTE_TRIGGER() | 5, 7, 9);
        assertThat(kq.await()).containsExactly(carrying(5));
    }

    @Test
    void aChangeWithClearTakesTheTriggerBack() {
        user(kq.c.EV_ADD() | clear | kq.c.EV_DISABLE()).poll();
        kq.change(IDENT, kq.c.EVFILT_USER(), 0, kq.c.NOTE_TRIGGER(), 0, 9).poll();
        kq.change(IDENT, kq.c.EVFILT_USER(), clear | kq.c.EV_ENABLE(), kq.c.NOTE_TRIGGER(), 0, 9);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void addingItAgainReplacesUdata() {
        user(kq.c.EV_ADD() | clear).poll();
        kq.change(IDENT, kq.c.EVFILT_USER(), kq.c.EV_ADD(), 10).poll();
        kq.kernel.trigger(IDENT, 9);
        assertThat(kq.await()).extracting(Event::udata).containsExactly(10L);
    }

    @Test
    void changesOfAbsentEventsAndUnknownNotesAreErrors() {
        int filter = kq.c.EVFILT_USER();
        assertThat(user(kq.c.EV_ENABLE()).poll())
                .containsExactly(kq.error(IDENT, filter, kq.platform.errno().ENOENT(), 9));
        // Neither one of the 24 bits, nor control, nor NOTE_TRIGGER.
        int note = 1 << 25;
        assertThat(kq.change(IDENT, filter, kq.c.EV_ADD(), note, 0, 9).poll())
                .containsExactly(
                        kq.error(IDENT, filter, kq.platform.errno().EINVAL(), 9).withErrno(note));
    }

    @Test
    void itsDescriptorIsNotTheCallers() {
        int next = kq.sockets.tcp();
        kq.sockets.close(next);
        user(kq.c.EV_ADD() | clear).poll();
        assertThat(kq.addRead(next, clear, 1).poll())
                .containsExactly(
                        kq.error(next, kq.c.EVFILT_READ(), kq.platform.errno().EBADF(), 1));
    }

    @Test
    void aFullCounterIsEmptiedAndTriggered() {
        int[] full = {1};
        kq.close();
        kq = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer(
                                "write",
                                arguments -> full[0]-- > 0
                                        ? (Object) (long) -kq.platform.errno().EAGAIN()
                                        : null)
                        .syscalls());
        user(kq.c.EV_ADD() | clear).poll();
        assertThat(kq.calls(() -> assertThat(kq.kernel.trigger(IDENT, 9)).isZero()))
                .isEqualTo(Map.of("write", 2L, "read", 1L));
        assertThat(kq.await()).containsExactly(fired(clear));
    }

    @Test
    void noDescriptorLeftIsAnErrorOfTheChange() {
        int emfile = kq.platform.errno().EMFILE();
        kq.close();
        kq = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer("eventfd", arguments -> -emfile)
                        .syscalls());
        List<Event> events = user(kq.c.EV_ADD() | clear).poll();
        assertThat(events).containsExactly(kq.error(IDENT, kq.c.EVFILT_USER(), emfile, 9));
    }
}
