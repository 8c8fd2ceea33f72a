// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.github.kqueueffm.testing.GuardedCalls;
import io.github.kqueueffm.testing.Records;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The structs of Linux against the kernel: all memory ends with a page behind which there is nothing. */
@EnabledOnOs(OS.LINUX)
// A wait in the kernel cannot be interrupted: a hung test is left behind.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardPageTest {

    private final List<GuardedCalls> guards = new ArrayList<>();
    private final Kqueue kq = new Kqueue(false, this::guarded);

    @TempDir
    Path folder;

    private Syscalls guarded(Syscalls real) {
        GuardedCalls calls = new GuardedCalls(real);
        guards.add(calls);
        return calls.syscalls();
    }

    @AfterEach
    void close() {
        kq.close();
        guards.forEach(GuardedCalls::close);
    }

    /** epoll_event both ways, pollfd, stat, inotify_event, timespec. */
    @Test
    void socketsFilesAndTimers() throws Exception {
        NoteConstants notes = kq.platform.notes();
        Path file = Files.writeString(folder.resolve("f"), "abc");
        int fd = kq.sockets.open(file);
        int add = kq.c.EV_ADD() | kq.c.EV_CLEAR();
        kq.change(fd, kq.c.EVFILT_VNODE(), add, notes.NOTE_WRITE(), 0, 5);
        kq.change(1, kq.c.EVFILT_TIMER(), add, 0, 20, 6);
        assertThat(kq.await()).extracting(Event::udata).containsExactly(6L);
        kq.change(1, kq.c.EVFILT_TIMER(), kq.c.EV_DELETE(), 6);
        Files.writeString(file, "d", StandardOpenOption.APPEND);
        assertThat(kq.await()).extracting(Event::udata).containsExactly(5L);
    }

    /** waitid(2) and PIDFD_GET_INFO. */
    @Test
    void processes() throws Exception {
        Process child = new ProcessBuilder("sh", "-c", "read line; exit 7").start();
        kq.change(
                child.pid(),
                kq.c.EVFILT_PROC(),
                kq.c.EV_ADD(),
                kq.platform.notes().NOTE_EXIT(),
                0,
                6);
        assertThat(kq.poll()).isEmpty();
        child.getOutputStream().close();
        assertThat(kq.await()).extracting(Event::udata).containsExactly(6L);
        assertThat(child.waitFor()).isEqualTo(7);
    }

    private static Platform oneByteLess(Platform platform, String size) throws ReflectiveOperationException {
        int real = (int) StructLayouts.class.getMethod(size).invoke(platform.structs());
        return Records.with(platform, "structs", Records.with(platform.structs(), size, real - 1));
    }

    /** The sizes are no larger than the kernel's: one byte less is too little. */
    @Test
    void aByteShort() throws Exception {
        Syscalls syscalls = guarded(BindingLoader.load().syscalls());
        int fault = -kq.platform.errno().EFAULT();
        int fd = kq.sockets.open(Files.writeString(folder.resolve("f"), "abc"));
        int writer = kq.sockets.pipe().get(1);

        assertThat(new FileStatus(syscalls, kq.platform).read(fd)).isZero();
        assertThat(new FileStatus(syscalls, oneByteLess(kq.platform, "statSize")).read(fd))
                .isEqualTo(fault);

        EpollSet whole = new EpollSet(syscalls, kq.platform);
        int writable = kq.platform.epoll().EPOLLOUT();
        assertThat(whole.add(writer, writable, 1)).isZero();
        EpollWait wait = new EpollWait(syscalls, kq.platform, 1);
        assertThat(wait.await(whole.fd(), 1, 1_000_000)).isEqualTo(1);
        assertThat(wait.data(0)).isEqualTo(1);
        assertThat(wait.mask(0)).isEqualTo(writable);
        assertThat(new EpollWait(syscalls, oneByteLess(kq.platform, "epollEventSize"), 1).await(whole.fd(), 1, 0))
                .isEqualTo(fault);
        whole.close();
    }
}
