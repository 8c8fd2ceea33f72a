// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.CFunction;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the calls that pass through to another {@link Syscalls}, for measurements: {@code
 * -Dio.github.kqueueffm.countSystemCalls=true}. Any thread.
 */
public final class CountingSyscalls implements Syscalls {

    private final Syscalls syscalls;
    private final AtomicLongArray counts = new AtomicLongArray(CFunction.values().length);

    public CountingSyscalls(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** Calls since the start by C name, as {@code accept4}, for functions called at least once; in alphabetic order. */
    public Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new TreeMap<>();
        for (CFunction function : CFunction.values()) {
            long count = counts.get(function.ordinal());
            if (count != 0) {
                snapshot.put(function.name().toLowerCase(Locale.ROOT), count);
            }
        }
        return snapshot;
    }

    /** All calls since the start. */
    public long total() {
        long total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        return total;
    }

    private void count(CFunction function) {
        counts.incrementAndGet(function.ordinal());
    }

    @Override
    public boolean has(CFunction function) {
        return syscalls.has(function);
    }

    @Override
    public long address(ByteBuffer direct) {
        return syscalls.address(direct);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        count(CFunction.SOCKET);
        return syscalls.socket(domain, type, protocol);
    }

    @Override
    public int bind(int fd, long sockaddr, int length) {
        count(CFunction.BIND);
        return syscalls.bind(fd, sockaddr, length);
    }

    @Override
    public int listen(int fd, int backlog) {
        count(CFunction.LISTEN);
        return syscalls.listen(fd, backlog);
    }

    @Override
    public int connect(int fd, long sockaddr, int length) {
        count(CFunction.CONNECT);
        return syscalls.connect(fd, sockaddr, length);
    }

    @Override
    public int accept(int fd, long sockaddr, long lengthPointer) {
        count(CFunction.ACCEPT);
        return syscalls.accept(fd, sockaddr, lengthPointer);
    }

    @Override
    public int accept4(int fd, long sockaddr, long lengthPointer, int flags) {
        count(CFunction.ACCEPT4);
        return syscalls.accept4(fd, sockaddr, lengthPointer, flags);
    }

    @Override
    public int paccept(int fd, long sockaddr, long lengthPointer, long sigmask, int flags) {
        count(CFunction.PACCEPT);
        return syscalls.paccept(fd, sockaddr, lengthPointer, sigmask, flags);
    }

    @Override
    public int getsockname(int fd, long sockaddr, long lengthPointer) {
        count(CFunction.GETSOCKNAME);
        return syscalls.getsockname(fd, sockaddr, lengthPointer);
    }

    @Override
    public int getpeername(int fd, long sockaddr, long lengthPointer) {
        count(CFunction.GETPEERNAME);
        return syscalls.getpeername(fd, sockaddr, lengthPointer);
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long lengthPointer) {
        count(CFunction.GETSOCKOPT);
        return syscalls.getsockopt(fd, level, name, value, lengthPointer);
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int length) {
        count(CFunction.SETSOCKOPT);
        return syscalls.setsockopt(fd, level, name, value, length);
    }

    @Override
    public int shutdown(int fd, int how) {
        count(CFunction.SHUTDOWN);
        return syscalls.shutdown(fd, how);
    }

    @Override
    public int close(int fd) {
        count(CFunction.CLOSE);
        return syscalls.close(fd);
    }

    @Override
    public long read(int fd, long buffer, long length) {
        count(CFunction.READ);
        return syscalls.read(fd, buffer, length);
    }

    @Override
    public long write(int fd, long buffer, long length) {
        count(CFunction.WRITE);
        return syscalls.write(fd, buffer, length);
    }

    @Override
    public long readv(int fd, long iovec, int count) {
        count(CFunction.READV);
        return syscalls.readv(fd, iovec, count);
    }

    @Override
    public long writev(int fd, long iovec, int count) {
        count(CFunction.WRITEV);
        return syscalls.writev(fd, iovec, count);
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, int flags, long sockaddr, long lengthPointer) {
        count(CFunction.RECVFROM);
        return syscalls.recvfrom(fd, buffer, length, flags, sockaddr, lengthPointer);
    }

    @Override
    public long sendto(int fd, long buffer, long length, int flags, long sockaddr, int sockaddrLength) {
        count(CFunction.SENDTO);
        return syscalls.sendto(fd, buffer, length, flags, sockaddr, sockaddrLength);
    }

    @Override
    public long recvmsg(int fd, long msghdr, int flags) {
        count(CFunction.RECVMSG);
        return syscalls.recvmsg(fd, msghdr, flags);
    }

    @Override
    public long sendmsg(int fd, long msghdr, int flags) {
        count(CFunction.SENDMSG);
        return syscalls.sendmsg(fd, msghdr, flags);
    }

    @Override
    public int recvmmsg(int fd, long mmsghdrs, int count, int flags, long timespec) {
        count(CFunction.RECVMMSG);
        return syscalls.recvmmsg(fd, mmsghdrs, count, flags, timespec);
    }

    @Override
    public int sendmmsg(int fd, long mmsghdrs, int count, int flags) {
        count(CFunction.SENDMMSG);
        return syscalls.sendmmsg(fd, mmsghdrs, count, flags);
    }

    @Override
    public long sendfile(int out, int in, long offsetPointer, long count) {
        count(CFunction.SENDFILE);
        return syscalls.sendfile(out, in, offsetPointer, count);
    }

    @Override
    public int sendfileSbytes(int fd, int s, long offset, long nbytes, long hdtr, long sbytesPointer, int flags) {
        count(CFunction.SENDFILE_SBYTES);
        return syscalls.sendfileSbytes(fd, s, offset, nbytes, hdtr, sbytesPointer, flags);
    }

    @Override
    public int sendfileLength(int fd, int s, long offset, long lengthPointer, long hdtr, int flags) {
        count(CFunction.SENDFILE_LENGTH);
        return syscalls.sendfileLength(fd, s, offset, lengthPointer, hdtr, flags);
    }

    @Override
    public int connectx(
            int fd,
            long endpoints,
            int associd,
            int flags,
            long iov,
            int iovCount,
            long lengthPointer,
            long connidPointer) {
        count(CFunction.CONNECTX);
        return syscalls.connectx(fd, endpoints, associd, flags, iov, iovCount, lengthPointer, connidPointer);
    }

    @Override
    public int disconnectx(int fd, int associd, int connid) {
        count(CFunction.DISCONNECTX);
        return syscalls.disconnectx(fd, associd, connid);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        count(CFunction.FCNTL);
        return syscalls.fcntl(fd, command, argument);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        count(CFunction.IOCTL);
        return syscalls.ioctl(fd, request, argument);
    }

    @Override
    public int open(long path, int flags, int mode) {
        count(CFunction.OPEN);
        return syscalls.open(path, flags, mode);
    }

    @Override
    public int lstat(long path, long stat) {
        count(CFunction.LSTAT);
        return syscalls.lstat(path, stat);
    }

    @Override
    public int fstat(int fd, long stat) {
        count(CFunction.FSTAT);
        return syscalls.fstat(fd, stat);
    }

    @Override
    public int unlink(long path) {
        count(CFunction.UNLINK);
        return syscalls.unlink(path);
    }

    @Override
    public int pipe(long fds) {
        count(CFunction.PIPE);
        return syscalls.pipe(fds);
    }

    @Override
    public int poll(long pollfds, long count, int timeoutMillis) {
        count(CFunction.POLL);
        return syscalls.poll(pollfds, count, timeoutMillis);
    }

    @Override
    public int kqueue() {
        count(CFunction.KQUEUE);
        return syscalls.kqueue();
    }

    @Override
    public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
        count(CFunction.KEVENT);
        return syscalls.kevent(kq, changes, changeCount, events, eventCapacity, timespec);
    }

    @Override
    public int epollCreate1(int flags) {
        count(CFunction.EPOLL_CREATE1);
        return syscalls.epollCreate1(flags);
    }

    @Override
    public int epollCtl(int epfd, int operation, int fd, long event) {
        count(CFunction.EPOLL_CTL);
        return syscalls.epollCtl(epfd, operation, fd, event);
    }

    @Override
    public int epollWait(int epfd, long events, int capacity, int timeoutMillis) {
        count(CFunction.EPOLL_WAIT);
        return syscalls.epollWait(epfd, events, capacity, timeoutMillis);
    }

    @Override
    public int epollPwait2(int epfd, long events, int capacity, long timespec) {
        count(CFunction.EPOLL_PWAIT2);
        return syscalls.epollPwait2(epfd, events, capacity, timespec);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        count(CFunction.EVENTFD);
        return syscalls.eventfd(initialValue, flags);
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        count(CFunction.LSEEK);
        return syscalls.lseek(fd, offset, whence);
    }

    @Override
    public int inotifyInit1(int flags) {
        count(CFunction.INOTIFY_INIT1);
        return syscalls.inotifyInit1(flags);
    }

    @Override
    public int inotifyAddWatch(int fd, long path, int mask) {
        count(CFunction.INOTIFY_ADD_WATCH);
        return syscalls.inotifyAddWatch(fd, path, mask);
    }

    @Override
    public int inotifyRmWatch(int fd, int watch) {
        count(CFunction.INOTIFY_RM_WATCH);
        return syscalls.inotifyRmWatch(fd, watch);
    }

    @Override
    public int pidfdOpen(int pid, int flags) {
        count(CFunction.PIDFD_OPEN);
        return syscalls.pidfdOpen(pid, flags);
    }

    @Override
    public int waitid(int idType, int id, long siginfo, int options) {
        count(CFunction.WAITID);
        return syscalls.waitid(idType, id, siginfo, options);
    }
}
