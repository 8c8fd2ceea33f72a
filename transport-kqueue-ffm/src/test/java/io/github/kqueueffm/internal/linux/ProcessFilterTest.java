// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.NoteConstants;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** EVFILT_PROC. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessFilterTest {

    private final Kqueue kq = new Kqueue();
    private final NoteConstants notes = kq.platform.notes();
    private final int add = kq.c.EV_ADD();

    @AfterEach
    void close() {
        kq.close();
    }

    /** A child that ends when its input does. */
    private static Process child(String end) throws IOException {
        return new ProcessBuilder("sh", "-c", "read line; " + end).start();
    }

    private static void end(Process child) throws IOException {
        child.getOutputStream().close();
    }

    private Kqueue process(long pid, int flags, int fflags) {
        return kq.change(pid, kq.c.EVFILT_PROC(), flags, fflags, 0, 6);
    }

    private Event exited(long pid, long status) {
        int flags = add | kq.c.EV_EOF() | kq.c.EV_ONESHOT();
        return new Event(pid, kq.c.EVFILT_PROC(), flags, notes.NOTE_EXIT(), status, 6);
    }

    /** java.lang.Process reaps its children at once: whether the status can still be known is the kernel's age. */
    private void exits(Process child, long status) {
        Event event = kq.await().get(0);
        assertThat(event).isIn(exited(child.pid(), status), exited(child.pid(), Kernel.UNKNOWN));
        assertThat(kq.poll()).isEmpty();
        assertThat(process(child.pid(), kq.c.EV_DELETE(), 0).poll())
                .containsExactly(kq.error(
                        child.pid(), kq.c.EVFILT_PROC(), kq.platform.errno().ENOENT(), 6));
    }

    @Test
    void theEndOfAProcessIsToldOnceWithItsStatus() throws Exception {
        Process child = child("exit 7");
        assertThat(process(child.pid(), add, notes.NOTE_EXIT()).poll()).isEmpty();
        end(child);
        exits(child, 7 << 8);
        assertThat(child.waitFor()).as("it was not reaped behind Java's back").isEqualTo(7);
    }

    @Test
    void aSignalThatEndedItIsItsStatus() throws Exception {
        Process child = child("kill -9 $$");
        process(child.pid(), add, notes.NOTE_EXIT()).poll();
        end(child);
        exits(child, 9);
        child.waitFor();
    }

    @Test
    void disabledItIsToldWhenEnabled() throws Exception {
        Process child = child("exit 0");
        process(child.pid(), add | kq.c.EV_DISABLE(), notes.NOTE_EXIT()).poll();
        end(child);
        child.waitFor();
        assertThat(kq.poll()).isEmpty();
        process(child.pid(), kq.c.EV_ENABLE(), 0);
        exits(child, 0);
    }

    @Test
    void deletedOrNotAskedForItIsNotTold() throws Exception {
        Process child = child("exit 0");
        Process other = child("exit 0");
        process(child.pid(), add, notes.NOTE_EXIT()).poll();
        process(child.pid(), kq.c.EV_DELETE(), 0).poll();
        process(other.pid(), add, 0).poll();
        end(child);
        end(other);
        child.waitFor();
        other.waitFor();
        assertThat(kq.poll()).isEmpty();
        assertThat(process(other.pid(), kq.c.EV_DELETE(), 0).poll())
                .containsExactly(kq.error(
                        other.pid(), kq.c.EVFILT_PROC(), kq.platform.errno().ENOENT(), 6));
    }

    /** A knote is of the process that had the number when it was made. */
    @Test
    void aNumberThatIsUsedAgain() throws Exception {
        Process first = child("exit 1");
        Process second = child("exit 2");
        List<Process> bearers = new ArrayList<>(List.of(first, second));
        try (Kqueue reused = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer(
                                "pidfdOpen",
                                arguments ->
                                        real.pidfdOpen((int) bearers.remove(0).pid(), 0))
                        .syscalls())) {
            int number = 12_345;
            reused.change(number, kq.c.EVFILT_PROC(), add, notes.NOTE_EXIT(), 0, 6)
                    .poll();
            end(first);
            first.waitFor();
            Event ended = reused.await().get(0);
            assertThat(ended).isIn(exited(number, 1 << 8), exited(number, Kernel.UNKNOWN));
            reused.change(number, kq.c.EVFILT_PROC(), add, notes.NOTE_EXIT(), 0, 6);
            assertThat(reused.poll()).as("the second lives").isEmpty();
            end(second);
            ended = reused.await().get(0);
            assertThat(ended).isIn(exited(number, 2 << 8), exited(number, Kernel.UNKNOWN));
            second.waitFor();
        }
    }

    @Test
    void whatIsAskedForAfterTheEndDoesNotChangeIt() throws Exception {
        Process child = child("exit 3");
        process(child.pid(), add | kq.c.EV_DISABLE(), notes.NOTE_EXIT()).poll();
        end(child);
        child.waitFor();
        assertThat(kq.poll()).isEmpty();
        process(child.pid(), add | kq.c.EV_ENABLE(), 0);
        exits(child, 3 << 8);
    }

    @Test
    void nobodysNumberAndWhatLinuxCannotTellAreErrors() throws Exception {
        int filter = kq.c.EVFILT_PROC();
        int esrch = kq.platform.errno().ESRCH();
        int exit = notes.NOTE_EXIT();
        for (long pid : new long[] {0, -1, 1L << 32, Integer.MAX_VALUE}) {
            assertThat(process(pid, add, exit).poll())
                    .containsExactly(kq.error(pid, filter, esrch, 6).withErrno(exit));
        }
        long self = ProcessHandle.current().pid();
        for (int note : new int[] {notes.NOTE_FORK(), notes.NOTE_EXEC(), exit | 1}) {
            assertThat(process(self, add, note).poll())
                    .containsExactly(kq.error(self, filter, kq.platform.errno().ENOTSUP(), 6)
                            .withErrno(note));
        }
    }

    @Test
    void itsDescriptorIsClosed() {
        long self = ProcessHandle.current().pid();
        process(self, add, notes.NOTE_EXIT()).poll();
        assertThat(kq.calls(() -> process(self, kq.c.EV_DELETE(), 0).poll())).containsEntry("close", 1L);
        process(self, add, notes.NOTE_EXIT()).poll();
        assertThat(kq.calls(() -> kq.kernel.close())).containsEntry("close", 2L);
    }
}
