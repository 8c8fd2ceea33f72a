// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.ffm;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.CLibrary;
import io.github.kqueueffm.internal.sys.RequiredFunctions;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@link Syscalls} by {@code java.lang.foreign}. */
public final class FfmSyscalls implements Syscalls {

    private final SymbolTable symbols;
    private final Downcalls calls;

    private final MemorySegment socket;
    private final MemorySegment bind;
    private final MemorySegment listen;
    private final MemorySegment connect;
    private final MemorySegment accept;
    private final @Nullable MemorySegment accept4;
    private final @Nullable MemorySegment paccept;
    private final MemorySegment getsockname;
    private final MemorySegment getpeername;
    private final MemorySegment getsockopt;
    private final MemorySegment setsockopt;
    private final MemorySegment shutdown;
    private final MemorySegment close;
    private final MemorySegment read;
    private final MemorySegment write;
    private final @Nullable MemorySegment readv;
    private final MemorySegment writev;
    private final @Nullable MemorySegment recvfrom;
    private final @Nullable MemorySegment sendto;
    private final @Nullable MemorySegment recvmsg;
    private final @Nullable MemorySegment sendmsg;
    private final @Nullable MemorySegment recvmmsg;
    private final @Nullable MemorySegment sendmmsg;
    private final @Nullable MemorySegment sendfile;
    private final @Nullable MemorySegment sendfileSbytes;
    private final @Nullable MemorySegment sendfileLength;
    private final @Nullable MemorySegment connectx;
    private final @Nullable MemorySegment disconnectx;
    private final MemorySegment fcntl;
    private final @Nullable MemorySegment ioctl;
    private final @Nullable MemorySegment open;
    private final @Nullable MemorySegment lstat;
    private final @Nullable MemorySegment fstat;
    private final @Nullable MemorySegment unlink;
    private final @Nullable MemorySegment pipe;
    private final @Nullable MemorySegment poll;
    private final @Nullable MemorySegment kqueue;
    private final @Nullable MemorySegment kevent;
    private final @Nullable MemorySegment epollCreate1;
    private final @Nullable MemorySegment epollCtl;
    private final @Nullable MemorySegment epollWait;
    private final @Nullable MemorySegment epollPwait2;
    private final @Nullable MemorySegment eventfd;
    private final @Nullable MemorySegment lseek;
    private final @Nullable MemorySegment inotifyInit1;
    private final @Nullable MemorySegment inotifyAddWatch;
    private final @Nullable MemorySegment inotifyRmWatch;
    private final @Nullable MemorySegment pidfdOpen;
    private final @Nullable MemorySegment waitid;

    /**
     * Called by name: see {@link io.github.kqueueffm.internal.sys.BindingLoader}.
     *
     * @throws io.github.kqueueffm.internal.sys.LibraryLoadError when the library cannot be loaded
     * @throws io.github.kqueueffm.internal.sys.MissingFunctionsError when it lacks functions that the transport needs
     * @throws IllegalCallerException when native access is denied (also as an ExceptionInInitializerError)
     */
    public FfmSyscalls(Platform platform, CLibrary library) {
        symbols = new SymbolTable(platform, library);
        RequiredFunctions.check(platform, library, symbols::has);
        calls = new Downcalls(platform.errno(), symbols.foreignErrnoLocation());
        socket = symbols.get(CFunction.SOCKET);
        bind = symbols.get(CFunction.BIND);
        listen = symbols.get(CFunction.LISTEN);
        connect = symbols.get(CFunction.CONNECT);
        accept = symbols.get(CFunction.ACCEPT);
        accept4 = symbols.find(CFunction.ACCEPT4);
        paccept = symbols.find(CFunction.PACCEPT);
        getsockname = symbols.get(CFunction.GETSOCKNAME);
        getpeername = symbols.get(CFunction.GETPEERNAME);
        getsockopt = symbols.get(CFunction.GETSOCKOPT);
        setsockopt = symbols.get(CFunction.SETSOCKOPT);
        shutdown = symbols.get(CFunction.SHUTDOWN);
        close = symbols.get(CFunction.CLOSE);
        read = symbols.get(CFunction.READ);
        write = symbols.get(CFunction.WRITE);
        readv = symbols.find(CFunction.READV);
        writev = symbols.get(CFunction.WRITEV);
        recvfrom = symbols.find(CFunction.RECVFROM);
        sendto = symbols.find(CFunction.SENDTO);
        recvmsg = symbols.find(CFunction.RECVMSG);
        sendmsg = symbols.find(CFunction.SENDMSG);
        recvmmsg = symbols.find(CFunction.RECVMMSG);
        sendmmsg = symbols.find(CFunction.SENDMMSG);
        sendfile = symbols.find(CFunction.SENDFILE);
        sendfileSbytes = symbols.find(CFunction.SENDFILE_SBYTES);
        sendfileLength = symbols.find(CFunction.SENDFILE_LENGTH);
        connectx = symbols.find(CFunction.CONNECTX);
        disconnectx = symbols.find(CFunction.DISCONNECTX);
        fcntl = symbols.get(CFunction.FCNTL);
        ioctl = symbols.find(CFunction.IOCTL);
        open = symbols.find(CFunction.OPEN);
        lstat = symbols.find(CFunction.LSTAT);
        fstat = symbols.find(CFunction.FSTAT);
        unlink = symbols.find(CFunction.UNLINK);
        pipe = symbols.find(CFunction.PIPE);
        poll = symbols.find(CFunction.POLL);
        kqueue = symbols.find(CFunction.KQUEUE);
        kevent = symbols.find(CFunction.KEVENT);
        epollCreate1 = symbols.find(CFunction.EPOLL_CREATE1);
        epollCtl = symbols.find(CFunction.EPOLL_CTL);
        epollWait = symbols.find(CFunction.EPOLL_WAIT);
        epollPwait2 = symbols.find(CFunction.EPOLL_PWAIT2);
        eventfd = symbols.find(CFunction.EVENTFD);
        lseek = symbols.find(CFunction.LSEEK);
        inotifyInit1 = symbols.find(CFunction.INOTIFY_INIT1);
        inotifyAddWatch = symbols.find(CFunction.INOTIFY_ADD_WATCH);
        inotifyRmWatch = symbols.find(CFunction.INOTIFY_RM_WATCH);
        pidfdOpen = symbols.find(CFunction.PIDFD_OPEN);
        waitid = symbols.find(CFunction.WAITID);
    }

    @Override
    public boolean has(CFunction function) {
        return symbols.has(function);
    }

    @Override
    public long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("A heap buffer has no address");
        }
        return MemorySegment.ofBuffer(direct).address() - direct.position();
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return calls.iiii(socket, domain, type, protocol);
    }

    @Override
    public int bind(int fd, long sockaddr, int length) {
        return calls.iiji(bind, fd, sockaddr, length);
    }

    @Override
    public int listen(int fd, int backlog) {
        return calls.iii(listen, fd, backlog);
    }

    @Override
    public int connect(int fd, long sockaddr, int length) {
        return calls.iiji(connect, fd, sockaddr, length);
    }

    @Override
    public int accept(int fd, long sockaddr, long lengthPointer) {
        return calls.iijj(accept, fd, sockaddr, lengthPointer);
    }

    @Override
    public int accept4(int fd, long sockaddr, long lengthPointer, int flags) {
        return calls.iijji(accept4, fd, sockaddr, lengthPointer, flags);
    }

    @Override
    public int paccept(int fd, long sockaddr, long lengthPointer, long sigmask, int flags) {
        return calls.iijjji(paccept, fd, sockaddr, lengthPointer, sigmask, flags);
    }

    @Override
    public int getsockname(int fd, long sockaddr, long lengthPointer) {
        return calls.iijj(getsockname, fd, sockaddr, lengthPointer);
    }

    @Override
    public int getpeername(int fd, long sockaddr, long lengthPointer) {
        return calls.iijj(getpeername, fd, sockaddr, lengthPointer);
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long lengthPointer) {
        return calls.iiiijj(getsockopt, fd, level, name, value, lengthPointer);
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int length) {
        return calls.iiiiji(setsockopt, fd, level, name, value, length);
    }

    @Override
    public int shutdown(int fd, int how) {
        return calls.iii(shutdown, fd, how);
    }

    @Override
    public int close(int fd) {
        return calls.ii(close, fd);
    }

    @Override
    public long read(int fd, long buffer, long length) {
        return calls.jijj(read, fd, buffer, length);
    }

    @Override
    public long write(int fd, long buffer, long length) {
        return calls.jijj(write, fd, buffer, length);
    }

    @Override
    public long readv(int fd, long iovec, int count) {
        return calls.jiji(readv, fd, iovec, count);
    }

    @Override
    public long writev(int fd, long iovec, int count) {
        return calls.jiji(writev, fd, iovec, count);
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, int flags, long sockaddr, long lengthPointer) {
        return calls.jijjijj(recvfrom, fd, buffer, length, flags, sockaddr, lengthPointer);
    }

    @Override
    public long sendto(int fd, long buffer, long length, int flags, long sockaddr, int sockaddrLength) {
        return calls.jijjiji(sendto, fd, buffer, length, flags, sockaddr, sockaddrLength);
    }

    @Override
    public long recvmsg(int fd, long msghdr, int flags) {
        return calls.jiji(recvmsg, fd, msghdr, flags);
    }

    @Override
    public long sendmsg(int fd, long msghdr, int flags) {
        return calls.jiji(sendmsg, fd, msghdr, flags);
    }

    @Override
    public int recvmmsg(int fd, long mmsghdrs, int count, int flags, long timespec) {
        // The count goes as 64 bits: size_t on FreeBSD; where it is unsigned int the callee looks at the low half of
        // the register.
        // Of FreeBSD's ssize_t the low half is the result: it is at most count, or -1.
        return calls.iijjij(recvmmsg, fd, mmsghdrs, count, flags, timespec);
    }

    @Override
    public int sendmmsg(int fd, long mmsghdrs, int count, int flags) {
        // As for recvmmsg.
        return calls.iijji(sendmmsg, fd, mmsghdrs, count, flags);
    }

    @Override
    public long sendfile(int out, int in, long offsetPointer, long count) {
        return calls.jiijj(sendfile, out, in, offsetPointer, count);
    }

    @Override
    public int sendfileSbytes(int fd, int s, long offset, long nbytes, long hdtr, long sbytesPointer, int flags) {
        return calls.iiijjjji(sendfileSbytes, fd, s, offset, nbytes, hdtr, sbytesPointer, flags);
    }

    @Override
    public int sendfileLength(int fd, int s, long offset, long lengthPointer, long hdtr, int flags) {
        return calls.iiijjji(sendfileLength, fd, s, offset, lengthPointer, hdtr, flags);
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
        return calls.iijiijijj(connectx, fd, endpoints, associd, flags, iov, iovCount, lengthPointer, connidPointer);
    }

    @Override
    public int disconnectx(int fd, int associd, int connid) {
        return calls.iiii(disconnectx, fd, associd, connid);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return calls.iiVariadicI(fcntl, fd, command, argument);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return calls.ijVariadicJ(ioctl, fd, request, argument);
    }

    @Override
    public int open(long path, int flags, int mode) {
        return calls.ijiVariadicI(open, path, flags, mode);
    }

    @Override
    public int lstat(long path, long stat) {
        return calls.ijj(lstat, path, stat);
    }

    @Override
    public int fstat(int fd, long stat) {
        return calls.iij(fstat, fd, stat);
    }

    @Override
    public int unlink(long path) {
        return calls.ij(unlink, path);
    }

    @Override
    public int pipe(long fds) {
        return calls.ij(pipe, fds);
    }

    @Override
    public int poll(long pollfds, long count, int timeoutMillis) {
        return calls.ijji(poll, pollfds, count, timeoutMillis);
    }

    @Override
    public int kqueue() {
        return calls.i(kqueue);
    }

    @Override
    public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
        // The counts go as 64 bits: size_t on NetBSD; where it is int the callee looks at the low half of the register.
        return calls.iijjjjj(kevent, kq, changes, changeCount, events, eventCapacity, timespec);
    }

    @Override
    public int epollCreate1(int flags) {
        return calls.ii(epollCreate1, flags);
    }

    @Override
    public int epollCtl(int epfd, int operation, int fd, long event) {
        return calls.iiiij(epollCtl, epfd, operation, fd, event);
    }

    @Override
    public int epollWait(int epfd, long events, int capacity, int timeoutMillis) {
        return calls.iijii(epollWait, epfd, events, capacity, timeoutMillis);
    }

    @Override
    public int epollPwait2(int epfd, long events, int capacity, long timespec) {
        // No signal mask.
        return calls.iijijj(epollPwait2, epfd, events, capacity, timespec, 0L);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return calls.iii(eventfd, initialValue, flags);
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        return calls.jiji(lseek, fd, offset, whence);
    }

    @Override
    public int inotifyInit1(int flags) {
        return calls.ii(inotifyInit1, flags);
    }

    @Override
    public int inotifyAddWatch(int fd, long path, int mask) {
        return calls.iiji(inotifyAddWatch, fd, path, mask);
    }

    @Override
    public int inotifyRmWatch(int fd, int watch) {
        return calls.iii(inotifyRmWatch, fd, watch);
    }

    @Override
    public int pidfdOpen(int pid, int flags) {
        return calls.iii(pidfdOpen, pid, flags);
    }

    @Override
    public int waitid(int idType, int id, long siginfo, int options) {
        return calls.iiiji(waitid, idType, id, siginfo, options);
    }
}
