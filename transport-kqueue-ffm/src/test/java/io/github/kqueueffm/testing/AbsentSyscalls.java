// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.sys.Syscalls;

/** A C library without a single function: what {@link ScriptedKernel} does not model. */
abstract class AbsentSyscalls implements Syscalls {

    /** Called for each call of a function that is not there; returns {@code -ENOSYS}. */
    abstract int absent(CFunction function);

    @Override
    public int socket(int domain, int type, int protocol) {
        return absent(CFunction.SOCKET);
    }

    @Override
    public int bind(int fd, long sockaddr, int length) {
        return absent(CFunction.BIND);
    }

    @Override
    public int listen(int fd, int backlog) {
        return absent(CFunction.LISTEN);
    }

    @Override
    public int connect(int fd, long sockaddr, int length) {
        return absent(CFunction.CONNECT);
    }

    @Override
    public int accept(int fd, long sockaddr, long lengthPointer) {
        return absent(CFunction.ACCEPT);
    }

    @Override
    public int accept4(int fd, long sockaddr, long lengthPointer, int flags) {
        return absent(CFunction.ACCEPT4);
    }

    @Override
    public int paccept(int fd, long sockaddr, long lengthPointer, long sigmask, int flags) {
        return absent(CFunction.PACCEPT);
    }

    @Override
    public int getsockname(int fd, long sockaddr, long lengthPointer) {
        return absent(CFunction.GETSOCKNAME);
    }

    @Override
    public int getpeername(int fd, long sockaddr, long lengthPointer) {
        return absent(CFunction.GETPEERNAME);
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long lengthPointer) {
        return absent(CFunction.GETSOCKOPT);
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int length) {
        return absent(CFunction.SETSOCKOPT);
    }

    @Override
    public int shutdown(int fd, int how) {
        return absent(CFunction.SHUTDOWN);
    }

    @Override
    public int close(int fd) {
        return absent(CFunction.CLOSE);
    }

    @Override
    public long read(int fd, long buffer, long length) {
        return absent(CFunction.READ);
    }

    @Override
    public long write(int fd, long buffer, long length) {
        return absent(CFunction.WRITE);
    }

    @Override
    public long readv(int fd, long iovec, int count) {
        return absent(CFunction.READV);
    }

    @Override
    public long writev(int fd, long iovec, int count) {
        return absent(CFunction.WRITEV);
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, int flags, long sockaddr, long lengthPointer) {
        return absent(CFunction.RECVFROM);
    }

    @Override
    public long sendto(int fd, long buffer, long length, int flags, long sockaddr, int sockaddrLength) {
        return absent(CFunction.SENDTO);
    }

    @Override
    public long recvmsg(int fd, long msghdr, int flags) {
        return absent(CFunction.RECVMSG);
    }

    @Override
    public long sendmsg(int fd, long msghdr, int flags) {
        return absent(CFunction.SENDMSG);
    }

    @Override
    public int recvmmsg(int fd, long mmsghdrs, int count, int flags, long timespec) {
        return absent(CFunction.RECVMMSG);
    }

    @Override
    public int sendmmsg(int fd, long mmsghdrs, int count, int flags) {
        return absent(CFunction.SENDMMSG);
    }

    @Override
    public long sendfile(int out, int in, long offsetPointer, long count) {
        return absent(CFunction.SENDFILE);
    }

    @Override
    public int sendfileSbytes(int fd, int s, long offset, long nbytes, long hdtr, long sbytesPointer, int flags) {
        return absent(CFunction.SENDFILE_SBYTES);
    }

    @Override
    public int sendfileLength(int fd, int s, long offset, long lengthPointer, long hdtr, int flags) {
        return absent(CFunction.SENDFILE_LENGTH);
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
        return absent(CFunction.CONNECTX);
    }

    @Override
    public int disconnectx(int fd, int associd, int connid) {
        return absent(CFunction.DISCONNECTX);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return absent(CFunction.FCNTL);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return absent(CFunction.IOCTL);
    }

    @Override
    public int open(long path, int flags, int mode) {
        return absent(CFunction.OPEN);
    }

    @Override
    public int lstat(long path, long stat) {
        return absent(CFunction.LSTAT);
    }

    @Override
    public int fstat(int fd, long stat) {
        return absent(CFunction.FSTAT);
    }

    @Override
    public int unlink(long path) {
        return absent(CFunction.UNLINK);
    }

    @Override
    public int pipe(long fds) {
        return absent(CFunction.PIPE);
    }

    @Override
    public int poll(long pollfds, long count, int timeoutMillis) {
        return absent(CFunction.POLL);
    }

    @Override
    public int kqueue() {
        return absent(CFunction.KQUEUE);
    }

    @Override
    public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
        return absent(CFunction.KEVENT);
    }

    @Override
    public int epollCreate1(int flags) {
        return absent(CFunction.EPOLL_CREATE1);
    }

    @Override
    public int epollCtl(int epfd, int operation, int fd, long event) {
        return absent(CFunction.EPOLL_CTL);
    }

    @Override
    public int epollWait(int epfd, long events, int capacity, int timeoutMillis) {
        return absent(CFunction.EPOLL_WAIT);
    }

    @Override
    public int epollPwait2(int epfd, long events, int capacity, long timespec) {
        return absent(CFunction.EPOLL_PWAIT2);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return absent(CFunction.EVENTFD);
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        return absent(CFunction.LSEEK);
    }

    @Override
    public int inotifyInit1(int flags) {
        return absent(CFunction.INOTIFY_INIT1);
    }

    @Override
    public int inotifyAddWatch(int fd, long path, int mask) {
        return absent(CFunction.INOTIFY_ADD_WATCH);
    }

    @Override
    public int inotifyRmWatch(int fd, int watch) {
        return absent(CFunction.INOTIFY_RM_WATCH);
    }

    @Override
    public int pidfdOpen(int pid, int flags) {
        return absent(CFunction.PIDFD_OPEN);
    }

    @Override
    public int waitid(int idType, int id, long siginfo, int options) {
        return absent(CFunction.WAITID);
    }
}
