// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** EVFILT_VNODE. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VnodeFilterTest {

    private final Kqueue kq = new Kqueue();
    private final NoteConstants notes = kq.platform.notes();
    private final int clear = kq.c.EV_CLEAR();
    private final int all = 0x7f;

    @TempDir
    Path folder;

    private Path file;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("f"), "abc");
        fd = kq.sockets.open(file);
    }

    @AfterEach
    void close() {
        kq.close();
    }

    private Kqueue vnode(int fd, int flags, int fflags) {
        return kq.change(fd, kq.c.EVFILT_VNODE(), flags, fflags, 0, 5);
    }

    private void watch(int fd, int fflags) {
        assertThat(vnode(fd, kq.c.EV_ADD() | clear, fflags).poll()).isEmpty();
    }

    private Event told(int fd, int flags, int fflags) {
        return new Event(fd, kq.c.EVFILT_VNODE(), kq.c.EV_ADD() | flags, fflags, 0, 5);
    }

    private void tells(int fflags) {
        assertThat(kq.await()).containsExactly(told(fd, clear, fflags));
        assertThat(kq.poll()).isEmpty();
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
    }

    @Test
    void everyNoteOfAFile() throws IOException {
        watch(fd, all);
        append(file, "d");
        tells(notes.NOTE_WRITE() | notes.NOTE_EXTEND());
        Files.writeString(file, "x", StandardOpenOption.WRITE);
        tells(notes.NOTE_WRITE());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        tells(notes.NOTE_ATTRIB());
        Path other = folder.resolve("g");
        Files.createLink(other, file);
        tells(notes.NOTE_LINK());
        Path renamed = Files.move(file, folder.resolve("h"));
        tells(notes.NOTE_RENAME());
        Files.delete(other);
        tells(notes.NOTE_LINK());
        Files.delete(renamed);
        tells(notes.NOTE_DELETE());
    }

    @Test
    void aFileThatIsReplacedIsDeleted() throws IOException {
        watch(fd, all);
        Files.move(
                Files.writeString(folder.resolve("new"), ""), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        tells(notes.NOTE_DELETE());
    }

    @Test
    void aDeletedFileCanStillBeWatched() throws IOException {
        int writer = kq.sockets.open(file, 2);
        Files.delete(file);
        watch(fd, all);
        assertThat(kq.sockets.write(writer, 9)).isEqualTo(9);
        tells(notes.NOTE_WRITE() | notes.NOTE_EXTEND());
    }

    @Test
    void onlyWhatIsWantedIsTold() throws IOException {
        watch(fd, notes.NOTE_RENAME());
        append(file, "d");
        assertThat(kq.poll()).isEmpty();
        // Wanted from here on: what was before is not told.
        watch(fd, notes.NOTE_EXTEND());
        append(file, "d");
        tells(notes.NOTE_EXTEND());
        Files.move(file, folder.resolve("h"));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void notesAddUpUntilTheReport() throws IOException {
        watch(fd, all);
        append(file, "d");
        Files.move(file, folder.resolve("h"));
        tells(notes.NOTE_WRITE() | notes.NOTE_EXTEND() | notes.NOTE_RENAME());
    }

    @Test
    void aDirectory() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("d"));
        fd = kq.sockets.open(directory);
        watch(fd, all);
        Path entry = Files.writeString(directory.resolve("e"), "");
        tells(notes.NOTE_WRITE());
        append(entry, "not of the directory");
        Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-------"));
        assertThat(kq.poll()).isEmpty();
        Files.move(entry, directory.resolve("e2"));
        tells(notes.NOTE_WRITE());
        Files.createDirectory(directory.resolve("sub"));
        tells(notes.NOTE_WRITE() | notes.NOTE_LINK());
        Files.delete(directory.resolve("sub"));
        tells(notes.NOTE_WRITE() | notes.NOTE_LINK());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        tells(notes.NOTE_ATTRIB());
        Files.move(directory, folder.resolve("d2"));
        tells(notes.NOTE_RENAME());
    }

    @Test
    void aDirectorysLinksAreItsEntriesAndNoneOfItsAttributes() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("d"));
        fd = kq.sockets.open(directory);
        watch(fd, all);
        Files.createDirectory(directory.resolve("sub"));
        tells(notes.NOTE_WRITE() | notes.NOTE_LINK());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        tells(notes.NOTE_ATTRIB());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        Files.createDirectory(directory.resolve("sub2"));
        tells(notes.NOTE_WRITE() | notes.NOTE_LINK() | notes.NOTE_ATTRIB());
    }

    @Test
    void aDirectoryWhoseNumberIsAnothersIsDropped() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("d"));
        int watched = kq.sockets.open(directory);
        watch(watched, all);
        kq.sockets.close(watched);
        assertThat(kq.sockets.open(folder)).isEqualTo(watched);
        Files.writeString(directory.resolve("e"), "");
        assertThat(kq.poll()).isEmpty();
        assertThat(vnode(watched, kq.c.EV_DELETE(), 0).poll())
                .containsExactly(kq.error(
                        watched, kq.c.EVFILT_VNODE(), kq.platform.errno().ENOENT(), 5));
    }

    @Test
    void withoutClearItIsToldOnAndOn() throws IOException {
        vnode(fd, kq.c.EV_ADD(), all).poll();
        append(file, "d");
        for (int i = 0; i < 3; i++) {
            assertThat(kq.await()).containsExactly(told(fd, 0, notes.NOTE_WRITE() | notes.NOTE_EXTEND()));
        }
        vnode(fd, kq.c.EV_DELETE(), 0);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void oneshotTellsOnce() throws IOException {
        vnode(fd, kq.c.EV_ADD() | kq.c.EV_ONESHOT(), all).poll();
        append(file, "d");
        assertThat(kq.await()).containsExactly(told(fd, kq.c.EV_ONESHOT(), notes.NOTE_WRITE() | notes.NOTE_EXTEND()));
        append(file, "d");
        assertThat(kq.poll()).isEmpty();
        assertThat(vnode(fd, kq.c.EV_DELETE(), 0).poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_VNODE(), kq.platform.errno().ENOENT(), 5));
    }

    @Test
    void disabledAndDispatchedItRemembers() throws IOException {
        vnode(fd, kq.c.EV_ADD() | kq.c.EV_DISPATCH(), all).poll();
        append(file, "d");
        Event written = told(fd, kq.c.EV_DISPATCH(), notes.NOTE_WRITE() | notes.NOTE_EXTEND());
        assertThat(kq.await()).containsExactly(written);
        append(file, "d");
        assertThat(kq.poll()).isEmpty();
        assertThat(vnode(fd, kq.c.EV_ENABLE(), 0).poll()).containsExactly(written);
    }

    @Test
    void whatIsPendingAtTheCloseIsDropped() throws IOException {
        watch(fd, all);
        append(file, "d");
        kq.kernel.forget(fd);
        kq.sockets.close(fd);
        assertThat(kq.poll()).isEmpty();
        int again = kq.sockets.open(file);
        assertThat(again).isEqualTo(fd);
        watch(again, all);
        append(file, "d");
        tells(notes.NOTE_WRITE() | notes.NOTE_EXTEND());
    }

    @Test
    void closedWithoutAWordItIsDropped() throws IOException {
        watch(fd, all);
        kq.sockets.close(fd);
        Path other = Files.writeString(folder.resolve("other"), "");
        assertThat(kq.sockets.open(other)).isEqualTo(fd);
        append(file, "d");
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.calls(() -> vnode(fd, kq.c.EV_ADD() | clear, all).poll())).containsEntry("inotify_add_watch", 1L);
    }

    @Test
    void twoDescriptorsOfOneFileAreBothTold() throws IOException {
        int second = kq.sockets.open(file);
        watch(fd, notes.NOTE_WRITE());
        append(file, "before");
        vnode(second, kq.c.EV_ADD() | clear, all);
        assertThat(kq.poll()).as("not of what was before").containsExactly(told(fd, clear, notes.NOTE_WRITE()));
        append(file, "d");
        assertThat(kq.await())
                .containsExactlyInAnyOrder(
                        told(fd, clear, notes.NOTE_WRITE()),
                        told(second, clear, notes.NOTE_WRITE() | notes.NOTE_EXTEND()));
        kq.kernel.forget(second);
        append(file, "d");
        tells(notes.NOTE_WRITE());
    }

    /** A watch is of a file, not of a descriptor: what the first wants must not be replaced, not even for a moment. */
    @Test
    void aSecondDescriptorOfAFileTakesNothingFromTheFirst() throws IOException {
        int[] watches = {0};
        try (Kqueue watched = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer("inotifyAddWatch", arguments -> {
                            int watch =
                                    real.inotifyAddWatch((int) arguments[0], (long) arguments[1], (int) arguments[2]);
                            if (++watches[0] == 2) {
                                write(file);
                            }
                            return watch;
                        })
                        .syscalls())) {
            int first = watched.sockets.open(file);
            int second = watched.sockets.open(file);
            int vnode = kq.c.EVFILT_VNODE();
            int add = kq.c.EV_ADD() | clear;
            watched.change(first, vnode, add, notes.NOTE_WRITE(), 0, 5).poll();
            watched.change(second, vnode, add, notes.NOTE_RENAME(), 0, 5);
            assertThat(watched.await()).containsExactly(told(first, clear, notes.NOTE_WRITE()));
            // Nor does it lose anything when the second wants less or goes.
            watched.change(second, vnode, add, notes.NOTE_DELETE(), 0, 5).poll();
            append(file, "d");
            assertThat(watched.await()).containsExactly(told(first, clear, notes.NOTE_WRITE()));
            watched.change(second, vnode, kq.c.EV_DELETE(), 5).poll();
            append(file, "d");
            assertThat(watched.await()).containsExactly(told(first, clear, notes.NOTE_WRITE()));
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "x", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWatchThatIsRefusedLeavesTheOthersOfTheFile() throws IOException {
        int enospc = 28;
        int[] watches = {0};
        try (Kqueue full = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer("inotifyAddWatch", arguments -> ++watches[0] == 1 ? null : -enospc)
                        .syscalls())) {
            int first = full.sockets.open(file);
            int second = full.sockets.open(file);
            int vnode = kq.c.EVFILT_VNODE();
            int add = kq.c.EV_ADD() | clear;
            full.change(first, vnode, add, notes.NOTE_WRITE(), 0, 5).poll();
            assertThat(full.change(second, vnode, add, all, 0, 5).poll())
                    .containsExactly(kq.error(second, vnode, enospc, 5).withErrno(all));
            // What it wanted before, it wants still.
            assertThat(full.change(first, vnode, add, notes.NOTE_RENAME(), 0, 6).poll())
                    .containsExactly(kq.error(first, vnode, enospc, 6).withErrno(notes.NOTE_RENAME()));
            append(file, "d");
            assertThat(full.await()).containsExactly(told(first, clear, notes.NOTE_WRITE()));
        }
    }

    /** More than fs.inotify.max_queued_events: what was lost may have been anyone's. */
    @Test
    void whenTheQueueOverflowsEveryFileIsToldAndEveryGrowthIsSeen() throws IOException {
        // Not readString(): files of /proc/sys give all to the first read, of which that one wants a byte only.
        Path setting = Path.of("/proc/sys/fs/inotify/max_queued_events");
        long queue = Long.parseLong(Files.readAllLines(setting).get(0));
        assumeThat(queue).isLessThan(200_000);
        Path quiet = Files.writeString(folder.resolve("quiet"), "");
        Path growing = Files.writeString(folder.resolve("growing"), "");
        int[] fds = {kq.sockets.open(file, 2), kq.sockets.open(Files.writeString(folder.resolve("g"), ""), 2)};
        watch(fds[0], notes.NOTE_WRITE());
        watch(fds[1], notes.NOTE_WRITE());
        int silent = kq.sockets.open(quiet);
        watch(silent, notes.NOTE_WRITE() | notes.NOTE_ATTRIB() | notes.NOTE_RENAME());
        int read = kq.sockets.open(growing);
        assertThat(kq.addRead(read, clear, 1).poll()).isEmpty();
        // In turn: events that are alike are one.
        for (long i = 0; i <= queue; i++) {
            assertThat(kq.sockets.write(fds[(int) i & 1], 1)).isEqualTo(1);
        }
        append(growing, "lost");
        assertThat(kq.await())
                .containsExactlyInAnyOrder(
                        told(fds[0], clear, notes.NOTE_WRITE()),
                        told(fds[1], clear, notes.NOTE_WRITE()),
                        told(silent, clear, notes.NOTE_WRITE() | notes.NOTE_ATTRIB()),
                        kq.read(read, clear, 4, 1));
        assertThat(kq.poll()).isEmpty();
        append(quiet, "d");
        assertThat(kq.await()).as("and goes on").containsExactly(told(silent, clear, notes.NOTE_WRITE()));
    }

    @Test
    void aFileThatIsNoMoreEndsItsWatch() throws IOException {
        watch(fd, all);
        Files.delete(file);
        kq.sockets.close(fd);
        assertThat(kq.poll()).isEmpty();
        Path other = Files.writeString(folder.resolve("other"), "");
        assertThat(kq.sockets.open(other)).isEqualTo(fd);
        watch(fd, all);
        append(other, "d");
        tells(notes.NOTE_WRITE() | notes.NOTE_EXTEND());
    }

    /** IN_UNMOUNT and IN_IGNORED, which come after the last close: by then the number may be another file's. */
    @Test
    void aFileSystemThatIsUnmountedEndsItsWatches() throws IOException {
        int[] masks = {kq.platform.inotify().IN_UNMOUNT(), kq.platform.inotify().IN_IGNORED()};
        boolean[] unmounted = {false};
        try (Kqueue scripted = new Kqueue(
                false,
                real -> new Intercepted(real)
                        .answer("read", arguments -> {
                            if (unmounted[0]) {
                                return null;
                            }
                            unmounted[0] = true;
                            return putEvents(real, (long) arguments[1], masks);
                        })
                        .syscalls())) {
            int vnode = kq.c.EVFILT_VNODE();
            int opened = scripted.sockets.open(file);
            scripted.change(opened, vnode, kq.c.EV_ADD() | clear, all, 0, 5).poll();
            // Makes the descriptor ready.
            append(file, "d");
            assertThat(scripted.calls(() -> assertThat(scripted.poll()).isEmpty()))
                    .as("the kernel has removed the watch")
                    .doesNotContainKey("inotify_rm_watch");
            assertThat(scripted.change(opened, vnode, kq.c.EV_DELETE(), 5).poll())
                    .containsExactly(kq.error(opened, vnode, kq.platform.errno().ENOENT(), 5));
        }
    }

    /** Events of the first watch, stored at {@code address} as read(2) would. */
    private long putEvents(Syscalls real, long address, int[] masks) {
        StructLayouts structs = kq.platform.structs();
        NativeMemory events = NativeMemory.allocate(real, masks.length * structs.inotifyEventSize());
        for (int i = 0; i < masks.length; i++) {
            int at = i * structs.inotifyEventSize();
            events.buffer().putInt(at + structs.inotifyEventWatch(), 1);
            events.buffer().putInt(at + structs.inotifyEventMask(), masks[i]);
        }
        List<Integer> pipe = kq.sockets.pipe();
        assertThat(real.write(pipe.get(1), events.address(), events.size())).isEqualTo(events.size());
        return real.read(pipe.get(0), address, events.size());
    }

    @Test
    void whatIsNoFileAndWhatIsUnknownAreErrors() {
        int einval = kq.platform.errno().EINVAL();
        int vnode = kq.c.EVFILT_VNODE();
        int socket = kq.sockets.tcp();
        assertThat(vnode(socket, kq.c.EV_ADD(), all).poll())
                .containsExactly(kq.error(socket, vnode, einval, 5).withErrno(all));
        assertThat(vnode(fd, kq.c.EV_ADD(), 1 << 20).poll())
                .containsExactly(kq.error(fd, vnode, einval, 5).withErrno(1 << 20));
        assertThat(vnode(9_999, kq.c.EV_ADD(), all).poll())
                .containsExactly(
                        kq.error(9_999, vnode, kq.platform.errno().EBADF(), 5).withErrno(all));
        assertThat(vnode(fd, kq.c.EV_ENABLE(), 0).poll())
                .containsExactly(kq.error(fd, vnode, kq.platform.errno().ENOENT(), 5));
    }

    @Test
    void oneInotifyForAllFilesAndNoneWithout() {
        assertThat(kq.calls(() -> {
                    watch(fd, all);
                    watch(kq.sockets.open(folder), all);
                }))
                .containsEntry("inotify_init1", 1L)
                .containsEntry("inotify_add_watch", 2L);
        assertThat(kq.calls(() -> kq.kernel.close())).isEqualTo(Map.of("close", 2L));
    }
}
