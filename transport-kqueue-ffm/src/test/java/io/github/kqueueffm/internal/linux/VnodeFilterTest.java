// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.NoteConstants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
