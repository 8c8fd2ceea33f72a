// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** READ and WRITE of files, which epoll refuses. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlainFileTest {

    private final Kqueue kq = new Kqueue();
    private final int clear = kq.c.EV_CLEAR();

    @TempDir
    Path folder;

    private Path file;
    private int fd;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("f"), "abc");
        fd = kq.sockets.open(file, 2);
    }

    @AfterEach
    void close() {
        kq.close();
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
    }

    private Event writable(int flags) {
        return new Event(fd, kq.c.EVFILT_WRITE(), kq.c.EV_ADD() | flags, 0, 0, 2);
    }

    @Test
    void levelReadTellsWhatIsLeftUntilTheEnd() throws IOException {
        kq.addRead(fd, 0, 1);
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, 3, 1));
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, 3, 1));
        assertThat(kq.sockets.read(fd, 2)).isEqualTo(2);
        assertThat(kq.poll()).containsExactly(kq.read(fd, 0, 1, 1));
        assertThat(kq.sockets.read(fd, 2)).isEqualTo(1);
        assertThat(kq.poll()).isEmpty();
        append("de");
        assertThat(kq.await()).containsExactly(kq.read(fd, 0, 2, 1));
    }

    @Test
    void edgeReadTellsOfGrowth() throws IOException {
        kq.addRead(fd, clear, 1);
        assertThat(kq.poll()).containsExactly(kq.read(fd, clear, 3, 1));
        assertThat(kq.poll()).isEmpty();
        append("de");
        assertThat(kq.await()).containsExactly(kq.read(fd, clear, 5, 1));
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void oneshotDisableAndDelete() throws IOException {
        kq.addRead(fd, kq.c.EV_ONESHOT(), 1);
        assertThat(kq.poll()).containsExactly(kq.read(fd, kq.c.EV_ONESHOT(), 3, 1));
        append("de");
        assertThat(kq.poll()).isEmpty();
        kq.addRead(fd, clear | kq.c.EV_DISABLE(), 2);
        assertThat(kq.poll()).isEmpty();
        kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_ENABLE(), 2);
        assertThat(kq.poll()).containsExactly(kq.read(fd, clear, 5, 2));
        kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_DELETE(), 2);
        append("fg");
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_DELETE(), 2).poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_READ(), kq.platform.errno().ENOENT(), 2));
    }

    @Test
    void writeIsAlwaysTrue() {
        kq.addWrite(fd, 0, 2);
        assertThat(kq.poll()).containsExactly(writable(0));
        assertThat(kq.poll()).containsExactly(writable(0));
        kq.addRead(fd, 0, 1);
        assertThat(kq.poll()).containsExactlyInAnyOrder(writable(0), kq.read(fd, 0, 3, 1));
    }

    @Test
    void closedWithAndWithoutAWordItIsDropped() throws IOException {
        kq.addRead(fd, 0, 1);
        assertThat(kq.poll()).hasSize(1);
        kq.kernel.forget(fd);
        kq.sockets.close(fd);
        assertThat(kq.poll()).isEmpty();
        assertThat(kq.sockets.open(file, 2)).isEqualTo(fd);
        kq.addRead(fd, 0, 1);
        assertThat(kq.poll()).hasSize(1);
        kq.sockets.close(fd);
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void growthIsNotToldOfTheFileThatHasTheNumberNow() throws IOException {
        kq.addRead(fd, clear, 1);
        assertThat(kq.poll()).hasSize(1);
        kq.sockets.close(fd);
        Path other = Files.writeString(folder.resolve("g"), "12345");
        assertThat(kq.sockets.open(other)).isEqualTo(fd);
        append("de");
        assertThat(kq.poll()).isEmpty();
    }

    @Test
    void aNumberThatWasASocketsAndOneThatBecomesOne() {
        kq.addRead(fd, 0, 1).poll();
        kq.sockets.close(fd);
        Sockets.Pair pair = kq.sockets.pair();
        kq.sockets.send(pair.client(), pair.server(), 1);
        int socket = kq.sockets.duplicateAs(fd, pair.server());
        assertThat(socket).isEqualTo(fd);
        kq.addRead(socket, clear, 3);
        assertThat(kq.await()).extracting(Event::udata).containsExactly(3L);
        kq.kernel.forget(socket);
        kq.sockets.close(socket);
        int opened = kq.sockets.open(file);
        int again = opened == socket ? opened : kq.sockets.duplicateAs(socket, opened);
        assertThat(again).isEqualTo(socket);
        kq.addRead(again, clear, 4);
        assertThat(kq.poll()).containsExactly(kq.read(again, clear, 3, 4));
    }

    @Test
    void directoriesAndDevicesAreAlwaysReady() {
        for (Path path : new Path[] {folder, Path.of("/dev/null")}) {
            int other = kq.sockets.open(path);
            kq.addRead(other, kq.c.EV_ONESHOT(), 1);
            assertThat(kq.poll()).containsExactly(kq.read(other, kq.c.EV_ONESHOT(), 0, 1));
        }
    }

    @Test
    void lowWaterIsNotOfFiles() {
        int lowat = kq.c.NOTE_LOWAT();
        kq.change(fd, kq.c.EVFILT_READ(), kq.c.EV_ADD(), lowat, 100, 1);
        assertThat(kq.poll())
                .containsExactly(
                        kq.error(fd, kq.c.EVFILT_READ(), kq.platform.errno().EINVAL(), 1)
                                .withErrno(lowat));
    }
}
