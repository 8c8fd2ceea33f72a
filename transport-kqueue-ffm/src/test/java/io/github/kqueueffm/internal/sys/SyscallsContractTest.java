// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.internal.platform.CFunction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link Syscalls} promises, held against the binding that the property names: the build runs this class with FFM and
 * with JNA.
 */
@Timeout(120)
class SyscallsContractTest extends SyscallsFixture {

    // ---- results

    @Test
    void aTcpConversation() {
        int listener = listener();
        int port = localPort(listener);
        assertThat(port).isPositive();
        int client = tcp();
        NativeMemory server = loopback(port);
        assertThat(sys.connect(client, server.address(), server.size())).isZero();

        NativeMemory peer = memory(platform.sockaddr().storageSize());
        NativeMemory length = lengthPointer(peer.size());
        int accepted = open(sys.accept(listener, peer.address(), length.address()));
        assertThat(port(peer)).isEqualTo(localPort(client));
        assertThat(length.buffer().getInt(0)).isEqualTo(platform.sockaddr().in4Size());

        length.buffer().putInt(0, peer.size());
        assertThat(sys.getpeername(client, peer.address(), length.address())).isZero();
        assertThat(port(peer)).isEqualTo(port);

        NativeMemory hello = memory("hello");
        NativeMemory into = memory(16);
        assertThat(sys.write(client, hello.address(), hello.size())).isEqualTo(5);
        assertThat(sys.read(accepted, into.address(), into.size())).isEqualTo(5);
        assertThat(text(into, 0, 5)).isEqualTo("hello");

        assertThat(sys.shutdown(client, socket.SHUT_WR())).isZero();
        assertThat(sys.read(accepted, into.address(), into.size())).isZero();
        assertThat(sys.close(client)).isZero();
        assertThat(sys.close(client)).isEqualTo(-errno.EBADF());
    }

    @Test
    void acceptedSocketsWithFlags() {
        boolean paccept = !sys.has(CFunction.ACCEPT4) && sys.has(CFunction.PACCEPT);
        assumeTrue(paccept || sys.has(CFunction.ACCEPT4), "the C library has neither accept4 nor paccept");
        int listener = listener();
        int client = tcp();
        NativeMemory server = loopback(localPort(listener));
        assertThat(sys.connect(client, server.address(), server.size())).isZero();
        int flags = socket.SOCK_NONBLOCK() | socket.SOCK_CLOEXEC();
        int accepted = open(paccept ? sys.paccept(listener, 0, 0, 0, flags) : sys.accept4(listener, 0, 0, flags));
        assertThat(sys.fcntl(accepted, platform.file().F_GETFL(), 0)
                        & platform.file().O_NONBLOCK())
                .isEqualTo(platform.file().O_NONBLOCK());
        assertThat(sys.fcntl(accepted, platform.file().F_GETFD(), 0))
                .isEqualTo(platform.file().FD_CLOEXEC());
    }

    @Test
    void socketOptions() {
        int fd = tcp();
        NativeMemory value = memory(4);
        NativeMemory length = lengthPointer(4);
        value.buffer().putInt(0, 1);
        assertThat(sys.setsockopt(fd, socket.SOL_SOCKET(), socket.SO_KEEPALIVE(), value.address(), 4))
                .isZero();
        value.buffer().putInt(0, 0);
        assertThat(sys.getsockopt(fd, socket.SOL_SOCKET(), socket.SO_KEEPALIVE(), value.address(), length.address()))
                .isZero();
        assertThat(value.buffer().getInt(0)).isNotZero();
        assertThat(length.buffer().getInt(0)).isEqualTo(4);
    }

    @Test
    void scatterAndGather() {
        int[] pipe = pipe();
        NativeMemory one = memory("one-");
        NativeMemory two = memory("two");
        NativeMemory iovec = memory(2 * structs.iovecSize());
        entry(iovec, 0, one.address(), one.size());
        entry(iovec, 1, two.address(), two.size());
        assertThat(sys.writev(pipe[1], iovec.address(), 2)).isEqualTo(7);

        NativeMemory left = memory(3);
        NativeMemory right = memory(10);
        entry(iovec, 0, left.address(), left.size());
        entry(iovec, 1, right.address(), right.size());
        assertThat(sys.readv(pipe[0], iovec.address(), 2)).isEqualTo(7);
        assertThat(text(left, 0, 3) + text(right, 0, 4)).isEqualTo("one-two");
    }

    @Test
    void datagrams() {
        int receiver = open(sys.socket(socket.AF_INET(), socket.SOCK_DGRAM(), 0));
        NativeMemory any = loopback(0);
        assertThat(sys.bind(receiver, any.address(), any.size())).isZero();
        int sender = open(sys.socket(socket.AF_INET(), socket.SOCK_DGRAM(), 0));
        assertThat(sys.bind(sender, any.address(), any.size())).isZero();

        NativeMemory to = loopback(localPort(receiver));
        NativeMemory data = memory("datagram");
        assertThat(sys.sendto(sender, data.address(), data.size(), 0, to.address(), to.size()))
                .isEqualTo(8);
        NativeMemory into = memory(16);
        NativeMemory from = memory(platform.sockaddr().storageSize());
        NativeMemory length = lengthPointer(from.size());
        assertThat(sys.recvfrom(receiver, into.address(), into.size(), 0, from.address(), length.address()))
                .isEqualTo(8);
        assertThat(text(into, 0, 8)).isEqualTo("datagram");
        assertThat(port(from)).isEqualTo(localPort(sender));
    }

    @Test
    void pollTellsWhatIsReady() {
        int[] pipe = pipe();
        NativeMemory pollfd = memory(2 * structs.pollfdSize());
        pollfd(pollfd, 0, pipe[0], platform.file().POLLIN());
        pollfd(pollfd, 1, pipe[1], platform.file().POLLOUT());
        assertThat(sys.poll(pollfd.address(), 1, 0)).isZero();
        assertThat(sys.poll(pollfd.address(), 2, WAIT_MILLIS)).isEqualTo(1);
        assertThat((int) pollfd.buffer().getShort(structs.pollfdSize() + structs.pollfdRevents()))
                .isEqualTo(platform.file().POLLOUT());
    }

    private static void pollfd(NativeMemory memory, int index, int fd, int events) {
        int at = index * structs.pollfdSize();
        memory.buffer().putInt(at + structs.pollfdFd(), fd);
        memory.buffer().putShort(at + structs.pollfdEvents(), (short) events);
    }

    @Test
    void epollAndEventfd() {
        assumeTrue(sys.has(CFunction.EPOLL_CREATE1), "no epoll here");
        int epoll = open(sys.epollCreate1(platform.epoll().EPOLL_CLOEXEC()));
        assertThat(sys.fcntl(epoll, platform.file().F_GETFD(), 0))
                .isEqualTo(platform.file().FD_CLOEXEC());
        int eventfd = open(sys.eventfd(3, platform.epoll().EFD_NONBLOCK()));
        NativeMemory event = memory(structs.epollEventSize());
        event.buffer().putInt(structs.epollEventEvents(), platform.epoll().EPOLLIN());
        event.buffer().putLong(structs.epollEventData(), 0x1234_5678_9abc_def0L);
        assertThat(sys.epollCtl(epoll, platform.epoll().EPOLL_CTL_ADD(), eventfd, event.address()))
                .isZero();
        assertThat(sys.epollCtl(epoll, platform.epoll().EPOLL_CTL_ADD(), eventfd, event.address()))
                .isEqualTo(-errno.EEXIST());

        NativeMemory events = memory(4 * structs.epollEventSize());
        assertThat(sys.epollWait(epoll, events.address(), 4, WAIT_MILLIS)).isEqualTo(1);
        assertThat(events.buffer().getLong(structs.epollEventData())).isEqualTo(0x1234_5678_9abc_def0L);

        NativeMemory counter = memory(8);
        assertThat(sys.read(eventfd, counter.address(), 8)).isEqualTo(8);
        assertThat(counter.buffer().getLong(0)).isEqualTo(3);
        assertThat(sys.read(eventfd, counter.address(), 8)).isEqualTo(-errno.EAGAIN());
        assertThat(sys.epollWait(epoll, events.address(), 4, 0)).isZero();
        assertThat(sys.epollCtl(epoll, platform.epoll().EPOLL_CTL_DEL(), eventfd, 0))
                .isZero();
        assertThat(sys.epollCtl(epoll, platform.epoll().EPOLL_CTL_DEL(), eventfd, 0))
                .isEqualTo(-errno.ENOENT());
    }

    @Test
    void epollWaitWithNanoseconds() {
        assumeTrue(sys.has(CFunction.EPOLL_PWAIT2), "no epoll_pwait2 here");
        int epoll = open(sys.epollCreate1(0));
        NativeMemory events = memory(structs.epollEventSize());
        NativeMemory timespec = memory(structs.timespecSize());
        timespec.buffer().putLong(structs.timespecNanos(), 50_000_000);
        long start = System.nanoTime();
        assertThat(sys.epollPwait2(epoll, events.address(), 1, timespec.address()))
                .isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        timespec.buffer().putLong(structs.timespecNanos(), 1_000_000_000);
        assertThat(sys.epollPwait2(epoll, events.address(), 1, timespec.address()))
                .isEqualTo(-errno.EINVAL());
    }

    @Test
    void kqueueWaitsAndReportsBadDescriptors() {
        assumeTrue(sys.has(CFunction.KQUEUE), "no kqueue here");
        int kq = open(sys.kqueue());
        NativeMemory events = memory(2 * platform.kevent().size());
        NativeMemory timespec = memory(structs.timespecSize());
        assertThat(sys.kevent(kq, 0, 0, events.address(), 2, timespec.address()))
                .isZero();
        assertThat(sys.kevent(-1, 0, 0, events.address(), 2, timespec.address()))
                .isEqualTo(-errno.EBADF());
    }

    // ---- -errno

    @Test
    void everyFunctionReportsABadDescriptor() {
        int bad = -1;
        NativeMemory memory = memory(128);
        long m = memory.address();
        NativeMemory length = lengthPointer(128);
        long l = length.address();
        NativeMemory iovec = memory(structs.iovecSize());
        int ebadf = -errno.EBADF();
        assertThat(sys.bind(bad, loopback(0).address(), platform.sockaddr().in4Size()))
                .isEqualTo(ebadf);
        assertThat(sys.listen(bad, 1)).isEqualTo(ebadf);
        assertThat(sys.connect(bad, loopback(1).address(), platform.sockaddr().in4Size()))
                .isEqualTo(ebadf);
        assertThat(sys.accept(bad, m, l)).isEqualTo(ebadf);
        assertThat(sys.getsockname(bad, m, l)).isEqualTo(ebadf);
        assertThat(sys.getpeername(bad, m, l)).isEqualTo(ebadf);
        assertThat(sys.getsockopt(bad, socket.SOL_SOCKET(), socket.SO_ERROR(), m, l))
                .isEqualTo(ebadf);
        assertThat(sys.setsockopt(bad, socket.SOL_SOCKET(), socket.SO_KEEPALIVE(), m, 4))
                .isEqualTo(ebadf);
        assertThat(sys.shutdown(bad, socket.SHUT_RDWR())).isEqualTo(ebadf);
        assertThat(sys.close(bad)).isEqualTo(ebadf);
        assertThat(sys.read(bad, m, 1)).isEqualTo(ebadf);
        assertThat(sys.write(bad, m, 1)).isEqualTo(ebadf);
        assertThat(sys.readv(bad, iovec.address(), 1)).isEqualTo(ebadf);
        assertThat(sys.writev(bad, iovec.address(), 1)).isEqualTo(ebadf);
        assertThat(sys.recvfrom(bad, m, 1, 0, 0, 0)).isEqualTo(ebadf);
        assertThat(sys.sendto(bad, m, 1, 0, 0, 0)).isEqualTo(ebadf);
        assertThat(sys.recvmsg(bad, m, 0)).isEqualTo(ebadf);
        assertThat(sys.sendmsg(bad, m, 0)).isEqualTo(ebadf);
        assertThat(sys.fcntl(bad, platform.file().F_GETFL(), 0)).isEqualTo(ebadf);
        assertThat(sys.ioctl(bad, platform.file().FIONREAD(), m)).isEqualTo(ebadf);
        if (sys.has(CFunction.ACCEPT4)) {
            assertThat(sys.accept4(bad, m, l, 0)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.RECVMMSG)) {
            assertThat(sys.recvmmsg(bad, m, 1, 0, 0)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.SENDMMSG)) {
            assertThat(sys.sendmmsg(bad, m, 1, 0)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.SENDFILE)) {
            assertThat(sys.sendfile(bad, bad, 0, 1)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.SENDFILE_SBYTES)) {
            assertThat(sys.sendfileSbytes(bad, bad, 0, 1, 0, m, 0)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.SENDFILE_LENGTH)) {
            assertThat(sys.sendfileLength(bad, bad, 0, m, 0, 0)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.DISCONNECTX)) {
            assertThat(sys.disconnectx(bad, 0, 0)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.FSTAT)) {
            assertThat(sys.fstat(bad, memory(structs.statSize()).address())).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.LSEEK)) {
            assertThat(sys.lseek(bad, 0, platform.file().SEEK_CUR())).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.INOTIFY_INIT1)) {
            assertThat(sys.inotifyAddWatch(bad, m, 1)).isEqualTo(ebadf);
            assertThat(sys.inotifyRmWatch(bad, 1)).isEqualTo(ebadf);
        }
        if (sys.has(CFunction.EPOLL_CTL)) {
            assertThat(sys.epollCtl(bad, platform.epoll().EPOLL_CTL_DEL(), 0, 0))
                    .isEqualTo(ebadf);
            assertThat(sys.epollWait(bad, m, 1, 0)).isEqualTo(ebadf);
        }
    }

    @Test
    void otherErrors() {
        int[] pipe = pipe();
        NativeMemory memory = memory(8);
        nonBlocking(pipe[0]);
        assertThat(sys.read(pipe[0], memory.address(), 8)).isEqualTo(-errno.EAGAIN());
        assertThat(sys.listen(pipe[0], 1)).isEqualTo(-errno.ENOTSOCK());
        assertThat(sys.shutdown(tcp(), socket.SHUT_RDWR())).isEqualTo(-errno.ENOTCONN());
        assertThat(sys.socket(socket.AF_INET(), 4711, 0)).isNegative();
        assertThat(sys.getsockopt(tcp(), socket.IPPROTO_TCP(), 4711, memory.address(), memory.address()))
                .isEqualTo(-errno.ENOPROTOOPT());
        assertThat(sys.pipe(1)).isEqualTo(-errno.EFAULT());

        int taken = listener();
        int second = tcp();
        NativeMemory address = loopback(localPort(taken));
        assertThat(sys.bind(second, address.address(), address.size())).isEqualTo(-errno.EADDRINUSE());
        assertThat(sys.close(taken)).isZero();
        assertThat(sys.connect(second, address.address(), address.size())).isEqualTo(-errno.ECONNREFUSED());

        // The reader is gone; HotSpot ignores the SIGPIPE that comes with it.
        assertThat(sys.close(pipe[0])).isZero();
        assertThat(sys.write(pipe[1], memory.address(), 1)).isEqualTo(-errno.EPIPE());
    }

    @Test
    void connectInTheBackground() {
        int listener = listener();
        int client = tcp();
        nonBlocking(client);
        NativeMemory address = loopback(localPort(listener));
        // A loopback connection may be there at once.
        assertThat(sys.connect(client, address.address(), address.size())).isIn(0, -errno.EINPROGRESS());
        NativeMemory pollfd = memory(structs.pollfdSize());
        pollfd(pollfd, 0, client, platform.file().POLLOUT());
        assertThat(sys.poll(pollfd.address(), 1, WAIT_MILLIS)).isEqualTo(1);
        // Linux tells the success of a connect in the background once more before it answers as the BSDs do.
        assertThat(sys.connect(client, address.address(), address.size())).isIn(0, -errno.EISCONN());
        assertThat(sys.connect(client, address.address(), address.size())).isEqualTo(-errno.EISCONN());
    }

    @Test
    void aFailureLeavesNothingBehind() {
        int[] pipe = pipe();
        NativeMemory memory = memory(1);
        assertThat(sys.close(-1)).isEqualTo(-errno.EBADF());
        assertThat(sys.write(pipe[1], memory.address(), 1)).isEqualTo(1);
        assertThat(sys.read(pipe[0], memory.address(), 1)).isEqualTo(1);
        assertThat(sys.fcntl(pipe[0], platform.file().F_SETFL(), platform.file().O_NONBLOCK()))
                .isZero();
        assertThat(sys.read(pipe[0], memory.address(), 1)).isEqualTo(-errno.EAGAIN());
    }

    // ---- EINTR

    @Test
    void aSignalInterruptsPoll() throws InterruptedException {
        NativeMemory pollfd = memory(structs.pollfdSize());
        pollfd(pollfd, 0, pipe()[0], platform.file().POLLIN());
        assertThat(Signals.interrupt(() -> sys.poll(pollfd.address(), 1, WAIT_MILLIS)))
                .isEqualTo(-errno.EINTR());
    }

    @Test
    void aSignalInterruptsEpollWait() throws InterruptedException {
        assumeTrue(sys.has(CFunction.EPOLL_WAIT), "no epoll here");
        int epoll = open(sys.epollCreate1(0));
        NativeMemory events = memory(structs.epollEventSize());
        assertThat(Signals.interrupt(() -> sys.epollWait(epoll, events.address(), 1, WAIT_MILLIS)))
                .isEqualTo(-errno.EINTR());
    }

    @Test
    void aSignalInterruptsKevent() throws InterruptedException {
        assumeTrue(sys.has(CFunction.KEVENT), "no kqueue here");
        int kq = open(sys.kqueue());
        NativeMemory events = memory(platform.kevent().size());
        assertThat(Signals.interrupt(() -> sys.kevent(kq, 0, 0, events.address(), 1, 0)))
                .isEqualTo(-errno.EINTR());
    }

    // ---- variadic calls

    @Test
    void fcntlPassesItsVariadicInt() {
        int fd = pipe()[0];
        int before = sys.fcntl(fd, platform.file().F_GETFL(), 0);
        assertThat(before & platform.file().O_NONBLOCK()).isZero();
        assertThat(sys.fcntl(
                        fd, platform.file().F_SETFL(), before | platform.file().O_NONBLOCK()))
                .isZero();
        assertThat(sys.fcntl(fd, platform.file().F_GETFL(), 0))
                .isEqualTo(before | platform.file().O_NONBLOCK());
        assertThat(sys.fcntl(fd, platform.file().F_SETFL(), before)).isZero();
        assertThat(sys.fcntl(fd, platform.file().F_GETFL(), 0)).isEqualTo(before);
        assertThat(sys.fcntl(fd, platform.file().F_SETFD(), platform.file().FD_CLOEXEC()))
                .isZero();
        assertThat(sys.fcntl(fd, platform.file().F_GETFD(), 0))
                .isEqualTo(platform.file().FD_CLOEXEC());
    }

    @Test
    void ioctlPassesItsVariadicPointer() {
        int[] pipe = pipe();
        NativeMemory data = memory("seven!!");
        NativeMemory count = memory(4);
        assertThat(sys.write(pipe[1], data.address(), 7)).isEqualTo(7);
        assertThat(sys.ioctl(pipe[0], platform.file().FIONREAD(), count.address()))
                .isZero();
        assertThat(count.buffer().getInt(0)).isEqualTo(7);
        assertThat(sys.ioctl(pipe[0], platform.file().FIONREAD(), 1)).isEqualTo(-errno.EFAULT());
    }

    // ---- addresses

    @Test
    void addressesAboveTwoGigabytesArriveWhole() {
        int[] pipe = pipe();
        NativeMemory data = memory("high up");
        NativeMemory into = memory(7);
        assertThat(data.address()).isGreaterThan(1L << 31);
        assertThat(into.address()).isGreaterThan(1L << 31);
        assertThat(sys.write(pipe[1], data.address(), 7)).isEqualTo(7);
        assertThat(sys.read(pipe[0], into.address(), 7)).isEqualTo(7);
        assertThat(text(into, 0, 7)).isEqualTo("high up");
    }

    @Test
    void addressIsThatOfIndexZero() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        long address = sys.address(buffer);
        buffer.position(10).limit(20);
        assertThat(sys.address(buffer)).isEqualTo(address);
        assertThat(sys.address(buffer.asReadOnlyBuffer())).isEqualTo(address);
        assertThat(sys.address(buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN)))
                .isEqualTo(address);
        assertThat(sys.address(buffer.slice())).isEqualTo(address + 10);
        buffer.position(20);
        assertThat(sys.address(buffer)).isEqualTo(address);
        assertThatThrownBy(() -> sys.address(ByteBuffer.allocate(8))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nativeMemoryIsZeroedAndInNativeOrder() {
        NativeMemory memory = memory(4096);
        for (int i = 0; i < memory.size(); i++) {
            assertThat(memory.buffer().get(i)).isZero();
        }
        assertThat(memory.buffer().order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(memory.address()).isEqualTo(sys.address(memory.buffer()));
    }

    // ---- threads

    /** Each thread provokes an error of its own; a shared or overwritten errno would show up as another's. */
    @Test
    void errnoIsOfTheThreadThatCalled() throws Exception {
        int[] pipe = pipe();
        nonBlocking(pipe[0]);
        int unconnected = tcp();
        NativeMemory memory = memory(1);
        List<CallWithError> calls = List.of(
                new CallWithError(() -> sys.close(-1), -errno.EBADF()),
                new CallWithError(() -> sys.listen(pipe[0], 1), -errno.ENOTSOCK()),
                new CallWithError(() -> sys.shutdown(unconnected, socket.SHUT_RDWR()), -errno.ENOTCONN()),
                new CallWithError(() -> sys.pipe(1), -errno.EFAULT()),
                new CallWithError(() -> (int) sys.read(pipe[0], memory.address(), 1), -errno.EAGAIN()));
        int threads = 2 * calls.size();
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                CallWithError call = calls.get(i % calls.size());
                done.add(executor.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    for (int turn = 0; turn < 5_000; turn++) {
                        assertThat(call.call().call()).isEqualTo(call.error());
                    }
                    return null;
                }));
            }
            for (Future<?> future : done) {
                future.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private record CallWithError(Callable<Integer> call, int error) {}

    // ---- functions that are not there

    @Test
    void absentFunctionsAnswerEnosys() {
        int enosys = -errno.ENOSYS();
        NativeMemory memory = memory(128);
        long m = memory.address();
        int absent = 0;
        if (!sys.has(CFunction.PACCEPT)) {
            assertThat(sys.paccept(0, m, m, 0, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.ACCEPT4)) {
            assertThat(sys.accept4(0, m, m, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.KQUEUE)) {
            assertThat(sys.kqueue()).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.KEVENT)) {
            assertThat(sys.kevent(0, m, 0, m, 0, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.EPOLL_CREATE1)) {
            assertThat(sys.epollCreate1(0)).isEqualTo(enosys);
            assertThat(sys.epollCtl(0, 0, 0, m)).isEqualTo(enosys);
            assertThat(sys.epollWait(0, m, 1, 0)).isEqualTo(enosys);
            assertThat(sys.epollPwait2(0, m, 1, m)).isEqualTo(enosys);
            assertThat(sys.eventfd(0, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.INOTIFY_INIT1)) {
            assertThat(sys.inotifyInit1(0)).isEqualTo(enosys);
            assertThat(sys.inotifyAddWatch(0, m, 1)).isEqualTo(enosys);
            assertThat(sys.inotifyRmWatch(0, 1)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.PIDFD_OPEN)) {
            assertThat(sys.pidfdOpen(1, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.WAITID)) {
            assertThat(sys.waitid(0, 0, m, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.LSEEK)) {
            assertThat(sys.lseek(0, 0, 1)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.RECVMMSG)) {
            assertThat(sys.recvmmsg(0, m, 1, 0, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.SENDMMSG)) {
            assertThat(sys.sendmmsg(0, m, 1, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.SENDFILE)) {
            assertThat(sys.sendfile(0, 0, m, 1)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.SENDFILE_SBYTES)) {
            assertThat(sys.sendfileSbytes(0, 0, 0, 1, 0, m, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.SENDFILE_LENGTH)) {
            assertThat(sys.sendfileLength(0, 0, 0, m, 0, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.CONNECTX)) {
            assertThat(sys.connectx(0, m, 0, 0, m, 0, m, m)).isEqualTo(enosys);
            assertThat(sys.disconnectx(0, 0, 0)).isEqualTo(enosys);
            absent++;
        }
        if (!sys.has(CFunction.LSTAT)) {
            assertThat(sys.lstat(m, m)).isEqualTo(enosys);
            assertThat(sys.fstat(0, m)).isEqualTo(enosys);
            absent++;
        }
        assertThat(absent).as("kinds of functions that this system lacks").isPositive();
    }

    @Test
    void hasIsTrueOnlyForNamesOfTheRecord() {
        for (CFunction function : CFunction.values()) {
            if (platform.symbol(function) == null) {
                assertThat(sys.has(function)).as(function.name()).isFalse();
            }
        }
        assertThat(RequiredFunctions.SOCKETS).allMatch(sys::has);
    }
}
