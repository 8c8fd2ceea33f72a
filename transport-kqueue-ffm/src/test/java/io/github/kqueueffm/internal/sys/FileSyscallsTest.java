// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls that take a file or its name. */
@Timeout(120)
class FileSyscallsTest extends SyscallsFixture {

    private static final int S_IFREG = 0100000;
    private static final int S_IFDIR = 0040000;
    private static final int S_IFLNK = 0120000;

    @TempDir
    Path folder;

    private static NativeMemory name(Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        NativeMemory name = memory(bytes.length + 1);
        name.buffer().put(0, bytes);
        return name;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content, StandardCharsets.US_ASCII);
    }

    private int openFile(Path path, int flags) {
        return open(sys.open(name(path).address(), platform.file().O_RDONLY() | flags, 0));
    }

    private static int type(NativeMemory stat) {
        int mode = structs.statModeSize() == Short.BYTES
                ? stat.buffer().getShort(structs.statMode()) & 0xffff
                : stat.buffer().getInt(structs.statMode());
        return mode & platform.file().S_IFMT();
    }

    private static int lstatType(Path path) {
        NativeMemory stat = memory(structs.statSize());
        assertThat(sys.lstat(name(path).address(), stat.address())).isZero();
        return type(stat);
    }

    @Test
    void openReadsWhatIsThere() throws IOException {
        int fd = openFile(file("hello", "hello"), platform.file().O_CLOEXEC());
        NativeMemory into = memory(8);
        assertThat(sys.read(fd, into.address(), 8)).isEqualTo(5);
        assertThat(text(into, 0, 5)).isEqualTo("hello");
        assertThat(sys.fcntl(fd, platform.file().F_GETFD(), 0))
                .isEqualTo(platform.file().FD_CLOEXEC());
        assertThat(sys.write(fd, into.address(), 1)).isEqualTo(-errno.EBADF());
    }

    @Test
    void openWithoutTheFlagIsNotCloseOnExec() throws IOException {
        int fd = openFile(file("hello", "hello"), 0);
        assertThat(sys.fcntl(fd, platform.file().F_GETFD(), 0)).isZero();
    }

    @Test
    void openTellsWhyNot() throws IOException {
        NativeMemory missing = name(folder.resolve("missing"));
        assertThat(sys.open(missing.address(), platform.file().O_RDONLY(), 0)).isEqualTo(-errno.ENOENT());
        NativeMemory below = name(file("plain", "").resolve("below"));
        assertThat(sys.open(below.address(), platform.file().O_RDONLY(), 0)).isEqualTo(-errno.ENOTDIR());
        NativeMemory tooLong = name(folder.resolve("x".repeat(300)));
        assertThat(sys.open(tooLong.address(), platform.file().O_RDONLY(), 0)).isEqualTo(-errno.ENAMETOOLONG());
    }

    /** The variadic mode, seen in what open creates: O_CREAT and O_WRONLY are not of the record, so they are Linux's here. */
    @Test
    void openPassesItsVariadicMode() throws IOException {
        assumeTrue(platform.os().equals("linux"), "the flags are those of Linux");
        Path path = folder.resolve("created");
        open(sys.open(name(path).address(), 0100 | 01, 0400));
        assertThat(Files.getPosixFilePermissions(path)).containsExactly(PosixFilePermission.OWNER_READ);
    }

    @Test
    void fstatTellsTheTypeOfADescriptor() throws IOException {
        assumeTrue(sys.has(CFunction.FSTAT), "no fstat in this C library");
        NativeMemory stat = memory(structs.statSize());
        assertThat(sys.fstat(openFile(file("plain", "12345"), 0), stat.address()))
                .isZero();
        assertThat(type(stat)).isEqualTo(S_IFREG);
        assertThat(sys.fstat(tcp(), stat.address())).isZero();
        assertThat(type(stat)).isEqualTo(platform.file().S_IFSOCK());
    }

    /** The kernel fills the whole of the struct and nothing behind it. */
    @Test
    void statSizeIsWhatTheKernelFills() throws IOException {
        assumeTrue(sys.has(CFunction.FSTAT), "no fstat in this C library");
        NativeMemory stat = memory(structs.statSize() + 64);
        for (int i = 0; i < stat.size(); i++) {
            stat.buffer().put(i, (byte) 0x5a);
        }
        assertThat(sys.fstat(openFile(file("plain", ""), 0), stat.address())).isZero();
        for (int i = structs.statSize(); i < stat.size(); i++) {
            assertThat(stat.buffer().get(i)).isEqualTo((byte) 0x5a);
        }
        assertThat(stat.buffer().get(structs.statSize() - 1)).isNotEqualTo((byte) 0x5a);
    }

    @Test
    void lstatTellsTheTypeBehindAName() throws IOException {
        assumeTrue(sys.has(CFunction.LSTAT), "no lstat in this C library");
        Path file = file("plain", "");
        assertThat(lstatType(file)).isEqualTo(S_IFREG);
        assertThat(lstatType(folder)).isEqualTo(S_IFDIR);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(lstatType(link)).as("of the link, not of what it leads to").isEqualTo(S_IFLNK);
        NativeMemory stat = memory(structs.statSize());
        assertThat(sys.lstat(name(folder.resolve("missing")).address(), stat.address()))
                .isEqualTo(-errno.ENOENT());
    }

    @Test
    void aBoundSocketIsASocketToLstatAndGoneAfterUnlink() {
        assumeTrue(sys.has(CFunction.LSTAT), "no lstat in this C library");
        Path path = folder.resolve("s");
        int fd = open(sys.socket(socket.AF_UNIX(), socket.SOCK_STREAM(), 0));
        NativeMemory address = unixAddress(path);
        assertThat(sys.bind(fd, address.address(), address.size())).isZero();
        assertThat(lstatType(path)).isEqualTo(platform.file().S_IFSOCK());
        assertThat(sys.unlink(name(path).address())).isZero();
        assertThat(path).doesNotExist();
        assertThat(sys.unlink(name(path).address())).isEqualTo(-errno.ENOENT());
    }

    private static NativeMemory unixAddress(Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        NativeMemory address = memory(platform.sockaddr().unSize());
        if (Platform.has(platform.sockaddr().length())) {
            address.buffer().put(platform.sockaddr().length(), (byte) address.size());
        }
        if (platform.sockaddr().familySize() == 1) {
            address.buffer().put(platform.sockaddr().family(), (byte) socket.AF_UNIX());
        } else {
            address.buffer().putShort(platform.sockaddr().family(), (short) socket.AF_UNIX());
        }
        assertThat(bytes.length)
                .as("the folder for temporary files has a name too long for a UNIX socket")
                .isLessThan(platform.sockaddr().unPathSize());
        address.buffer().put(platform.sockaddr().unPath(), bytes);
        return address;
    }

    // ---- sendfile

    /** Client, accepted. */
    private int[] connection() {
        int listener = listener();
        int client = tcp();
        NativeMemory server = loopback(localPort(listener));
        assertThat(sys.connect(client, server.address(), server.size())).isZero();
        return new int[] {client, open(sys.accept(listener, 0, 0))};
    }

    @Test
    void sendfileMovesItsOffsetAndLeavesTheFilesAlone() throws IOException {
        assumeTrue(sys.has(CFunction.SENDFILE), "no sendfile of this form here");
        int[] connection = connection();
        int file = openFile(file("digits", "0123456789"), 0);
        NativeMemory offset = memory(8);
        offset.buffer().putLong(0, 2);
        assertThat(sys.sendfile(connection[0], file, offset.address(), 3)).isEqualTo(3);
        assertThat(offset.buffer().getLong(0)).isEqualTo(5);
        assertThat(sys.sendfile(connection[0], file, offset.address(), 100)).isEqualTo(5);
        assertThat(sys.sendfile(connection[0], file, offset.address(), 100)).isZero();
        assertThat(sys.sendfile(connection[0], file, 0, 1))
                .as("from the file's own position")
                .isEqualTo(1);
        assertThat(sys.shutdown(connection[0], socket.SHUT_WR())).isZero();
        StringBuilder received = new StringBuilder();
        NativeMemory into = memory(16);
        for (long n = sys.read(connection[1], into.address(), 16);
                n != 0;
                n = sys.read(connection[1], into.address(), 16)) {
            assertThat(n).isPositive();
            received.append(text(into, 0, (int) n));
        }
        assertThat(received.toString()).isEqualTo("234567890");
    }

    @Test
    void sendfileToAFullSocket() throws IOException {
        assumeTrue(sys.has(CFunction.SENDFILE), "no sendfile of this form here");
        int[] connection = connection();
        nonBlocking(connection[0]);
        int file = openFile(file("much", "x".repeat(1 << 20)), 0);
        NativeMemory offset = memory(8);
        long result = 0;
        for (int i = 0; result >= 0; i++) {
            assertThat(i).as("MiB in the buffers of a connection").isLessThan(1024);
            offset.buffer().putLong(0, 0);
            result = sys.sendfile(connection[0], file, offset.address(), 1 << 20);
        }
        assertThat(result).isEqualTo(-errno.EAGAIN());
        assertThat(offset.buffer().getLong(0)).isZero();
    }

    @Test
    void lseekMovesAndTellsThePosition() throws IOException {
        int fd = openFile(file("seek", "hello"), 0);
        assertThat(sys.lseek(fd, 3, 0)).isEqualTo(3);
        NativeMemory memory = memory(8);
        assertThat(sys.read(fd, memory.address(), 8)).isEqualTo(2);
        assertThat(sys.lseek(fd, 0, platform.file().SEEK_CUR())).isEqualTo(5);
        // Beyond 32 bits, both ways.
        assertThat(sys.lseek(fd, 1L << 40, 0)).isEqualTo(1L << 40);
    }

    @Test
    void statTellsLinksAndLength() throws IOException {
        Path path = file("linked", "hello");
        Files.createLink(folder.resolve("other"), path);
        NativeMemory stat = memory(structs.statSize());
        assertThat(sys.fstat(openFile(path, 0), stat.address())).isZero();
        assertThat(stat.buffer().getLong(structs.statLength())).isEqualTo(5);
        assertThat(stat.buffer().getLong(structs.statInode())).isEqualTo(Files.getAttribute(path, "unix:ino"));
        assertThat(stat.buffer().getLong(structs.statDevice())).isEqualTo(Files.getAttribute(path, "unix:dev"));
        long links = structs.statLinksSize() == Long.BYTES
                ? stat.buffer().getLong(structs.statLinks())
                : stat.buffer().getInt(structs.statLinks());
        assertThat(links).isEqualTo(2);
    }

    @Test
    void inotifyTellsOfAWrite() throws IOException {
        assumeTrue(sys.has(CFunction.INOTIFY_INIT1), "no inotify here");
        Path path = file("watched", "hello");
        int inotify = open(sys.inotifyInit1(
                platform.inotify().IN_CLOEXEC() | platform.inotify().IN_NONBLOCK()));
        int watch = sys.inotifyAddWatch(
                inotify, name(path).address(), platform.inotify().IN_MODIFY());
        assertThat(watch).isPositive();
        NativeMemory event = memory(64);
        assertThat(sys.read(inotify, event.address(), 64)).isEqualTo(-errno.EAGAIN());
        Files.writeString(path, "x", java.nio.file.StandardOpenOption.APPEND);
        assertThat(sys.read(inotify, event.address(), 64)).isEqualTo(structs.inotifyEventSize());
        assertThat(event.buffer().getInt(structs.inotifyEventWatch())).isEqualTo(watch);
        assertThat(event.buffer().getInt(structs.inotifyEventMask()))
                .isEqualTo(platform.inotify().IN_MODIFY());
        assertThat(event.buffer().getInt(structs.inotifyEventLength())).isZero();
        assertThat(sys.inotifyRmWatch(inotify, watch)).isZero();
        assertThat(sys.inotifyRmWatch(inotify, watch)).isEqualTo(-errno.EINVAL());
    }

    @Test
    void aPidfdTellsHowAChildEnded() throws Exception {
        assumeTrue(sys.has(CFunction.PIDFD_OPEN), "no pidfd here");
        assertThat(sys.pidfdOpen(Integer.MAX_VALUE, 0)).isEqualTo(-errno.ESRCH());
        Process child = new ProcessBuilder("cat").start();
        int pidfd = open(sys.pidfdOpen((int) child.pid(), 0));
        NativeMemory siginfo = memory(structs.siginfoSize());
        int options = platform.process().WEXITED()
                | platform.process().WNOHANG()
                | platform.process().WNOWAIT();
        assertThat(sys.waitid(platform.process().P_PIDFD(), pidfd, siginfo.address(), options))
                .isZero();
        assertThat(siginfo.buffer().getInt(structs.siginfoPid())).isZero();
        child.getOutputStream().close();
        assertThat(child.waitFor()).isZero();
        assertThat(sys.waitid(platform.process().P_PIDFD(), pidfd, siginfo.address(), options))
                .isEqualTo(-errno.ECHILD());
    }
}
