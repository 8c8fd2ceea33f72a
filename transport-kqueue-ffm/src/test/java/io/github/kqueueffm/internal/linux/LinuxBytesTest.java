// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Targets;
import io.github.kqueueffm.internal.platform.oracle.StructImage;
import io.github.kqueueffm.testing.MemoryCalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** The structs that Linux alone has, on each of its architectures, byte by byte. */
class LinuxBytesTest {

    private static final int EPFD = 5;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    @Provide
    Arbitrary<Platform> linux() {
        return Arbitraries.of(Targets.all().stream()
                .filter(platform -> platform.os().equals("linux"))
                .toList());
    }

    private static byte[] event(Platform platform, int events, long data) {
        return StructImage.of(platform, "epoll_event")
                .put("events", events)
                .put("u64", data)
                .bytes();
    }

    @Property
    void epollControl(
            @ForAll("linux") Platform platform, @ForAll int events, @ForAll long data, @ForAll boolean modify) {
        byte[] expected = event(platform, events, data);
        MemoryCalls calls = new MemoryCalls(platform).on("epollCreate1", arguments -> EPFD);
        calls.on("epollCtl", arguments -> {
            assertThat(calls.read((long) arguments[3], expected.length))
                    .as(platform.id())
                    .isEqualTo(expected);
            return 0;
        });
        EpollSet set = new EpollSet(calls.syscalls(), platform);
        assertThat(modify ? set.modify(7, events, data) : set.add(7, events, data))
                .isZero();
    }

    @Property
    void epollEventsAndTimeout(
            @ForAll("linux") Platform platform,
            @ForAll @Size(min = 1, max = 4) List<Integer> masks,
            @ForAll long data,
            @ForAll @LongRange(max = 2_000_000) long seconds,
            @ForAll @IntRange(max = 999_999_999) int nanos) {
        byte[] timeout = StructImage.of(platform, "timespec")
                .put("tv_sec", seconds)
                .put("tv_nsec", nanos)
                .bytes();
        MemoryCalls calls = new MemoryCalls(platform);
        calls.on("epollPwait2", arguments -> {
            assertThat(calls.read((long) arguments[3], timeout.length))
                    .as(platform.id())
                    .isEqualTo(timeout);
            long at = (long) arguments[1];
            for (int i = 0; i < masks.size(); i++) {
                byte[] event = event(platform, masks.get(i), data + i);
                calls.write(at + (long) i * event.length, event);
            }
            return masks.size();
        });
        EpollWait wait = new EpollWait(calls.syscalls(), platform, 1);
        assertThat(wait.await(EPFD, masks.size(), seconds * NANOS_PER_SECOND + nanos))
                .isEqualTo(masks.size());
        for (int i = 0; i < masks.size(); i++) {
            assertThat(wait.mask(i)).as(platform.id()).isEqualTo(masks.get(i));
            assertThat(wait.data(i)).as(platform.id()).isEqualTo(data + i);
        }
    }

    @Property
    void stat(
            @ForAll("linux") Platform platform,
            @ForAll @LongRange(min = 0) long device,
            @ForAll @LongRange(min = 0) long inode,
            @ForAll @IntRange(max = 65_000) int links,
            @ForAll @LongRange(min = 0) long length,
            @ForAll @IntRange(max = 0777) int permissions,
            @ForAll boolean regular) {
        int type = regular ? platform.file().S_IFREG() : platform.file().S_IFSOCK();
        StructImage image = StructImage.of(platform, "stat")
                .put("st_dev", device)
                .put("st_ino", inode)
                .put("st_nlink", links)
                .put("st_size", length)
                .put("st_mode", type | permissions);
        MemoryCalls calls = new MemoryCalls(platform);
        calls.on("fstat", arguments -> {
            calls.write((long) arguments[1], image.bytes());
            return 0;
        });
        FileStatus status = new FileStatus(calls.syscalls(), platform);
        assertThat(status.read(9)).isZero();
        assertThat(status.device()).as(platform.id()).isEqualTo(device);
        assertThat(status.inode()).as(platform.id()).isEqualTo(inode);
        assertThat(status.links()).as(platform.id()).isEqualTo(links);
        assertThat(status.length()).as(platform.id()).isEqualTo(length);
        assertThat(status.isRegular()).as(platform.id()).isEqualTo(regular);
        assertThat(status.isFile()).as(platform.id()).isEqualTo(regular);
    }

    @Property
    void exitStatus(
            @ForAll("linux") Platform platform,
            @ForAll @IntRange(min = 1) int pid,
            @ForAll @IntRange(max = 255) int status) {
        StructImage image = StructImage.of(platform, "siginfo_t")
                .put("si_code", platform.process().CLD_EXITED())
                .put("si_pid", pid)
                .put("si_status", status);
        MemoryCalls calls = new MemoryCalls(platform);
        calls.on("waitid", arguments -> {
            calls.write((long) arguments[2], image.bytes());
            return 0;
        });
        assertThat(new ExitStatus(calls.syscalls(), platform).of(9))
                .as(platform.id())
                .isEqualTo((long) status << 8);
    }

    @Property
    void exitStatusAfterReaping(
            @ForAll("linux") Platform platform, @ForAll @IntRange(max = 0xffff) int status, @ForAll boolean told) {
        int wanted = platform.process().PIDFD_INFO_EXIT();
        byte[] question =
                StructImage.of(platform, "pidfd_info").put("mask", wanted).bytes();
        MemoryCalls calls = new MemoryCalls(platform)
                .on("waitid", arguments -> -platform.errno().ECHILD());
        calls.on("ioctl", arguments -> {
            assertThat(arguments[1])
                    .isEqualTo(Integer.toUnsignedLong(platform.process().PIDFD_GET_INFO()));
            assertThat(calls.read((long) arguments[2], question.length))
                    .as(platform.id())
                    .isEqualTo(question);
            calls.write(
                    (long) arguments[2],
                    StructImage.of(platform, "pidfd_info")
                            .put("mask", told ? wanted : 0)
                            .put("exit_code", status)
                            .bytes());
            return 0;
        });
        assertThat(new ExitStatus(calls.syscalls(), platform).of(9))
                .as(platform.id())
                .isEqualTo(told ? status : Kernel.UNKNOWN);
    }

    private record Told(int mask, boolean named) {}

    /** Events one behind the other, with and without a name, which is padded with zeroes. */
    @Property
    void inotifyEvents(
            @ForAll("linux") Platform platform,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 3) Integer> namePieces,
            @ForAll @IntRange(min = 1, max = 1000) int watch) {
        MemoryCalls calls = new MemoryCalls(platform);
        List<Told> expected = new ArrayList<>();
        byte[] events = new byte[0];
        for (int i = 0; i < namePieces.size(); i++) {
            int mask = i % 2 == 0
                    ? platform.inotify().IN_MODIFY()
                    : platform.inotify().IN_ATTRIB();
            byte[] name = Arrays.copyOf("name".getBytes(StandardCharsets.US_ASCII), namePieces.get(i) * 16);
            byte[] event = StructImage.of(platform, "inotify_event")
                    .put("wd", watch)
                    .put("mask", mask)
                    .put("cookie", -1)
                    .put("len", name.length)
                    .bytes();
            int at = events.length;
            events = Arrays.copyOf(events, at + event.length + name.length);
            System.arraycopy(event, 0, events, at, event.length);
            System.arraycopy(name, 0, events, at + event.length, name.length);
            expected.add(new Told(mask, name.length > 0));
        }
        List<byte[]> answers = new ArrayList<>(List.of(events));
        calls.on("inotifyAddWatch", arguments -> watch).on("read", arguments -> {
            if (answers.isEmpty()) {
                return -platform.errno().EAGAIN();
            }
            byte[] answer = answers.remove(0);
            calls.write((long) arguments[1], answer);
            return answer.length;
        });
        List<Told> told = new ArrayList<>();
        Inotify inotify = new Inotify(calls.syscalls(), platform, 11);
        FileWatcher watcher = new FileWatcher() {
            @Override
            public int fd() {
                return 3;
            }

            @Override
            public int mask() {
                return platform.inotify().IN_MODIFY();
            }

            @Override
            public void told(int mask, boolean named) {
                told.add(new Told(mask, named));
            }
        };
        inotify.watch(watcher, Inotify.NO_WATCH);
        inotify.fired(0);
        assertThat(told).as(platform.id()).isEqualTo(expected);
    }
}
