// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.CLibrary;
import io.github.kqueueffm.internal.sys.RequiredFunctions;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;

/**
 * {@link Syscalls} by JNA direct mapping. Native methods are bound per class, so a JVM has one library: making a second
 * instance with another library or other names fails.
 */
public final class JnaSyscalls implements Syscalls {

    /** To read an int behind a raw address without making a pointer for it. */
    private static final Pointer MEMORY = new Pointer(0);

    private final JnaLibrary library;
    private final Variadic variadic;
    private final boolean foreignErrno;
    private final int absent;
    private final int unknown;
    private final boolean accept4;
    private final boolean paccept;
    private final boolean readv;
    private final boolean recvfrom;
    private final boolean sendto;
    private final boolean recvmsg;
    private final boolean sendmsg;
    private final boolean recvmmsg;
    private final boolean sendmmsg;
    private final boolean sendfile;
    private final boolean sendfileSbytes;
    private final boolean sendfileLength;
    private final boolean connectx;
    private final boolean disconnectx;
    private final boolean open;
    private final boolean lstat;
    private final boolean fstat;
    private final boolean unlink;
    private final boolean pipe;
    private final boolean poll;
    private final boolean kqueue;
    private final boolean kevent;
    private final boolean epollCreate1;
    private final boolean epollCtl;
    private final boolean epollWait;
    private final boolean epollPwait2;
    private final boolean eventfd;
    private final boolean lseek;
    private final boolean inotifyInit1;
    private final boolean inotifyAddWatch;
    private final boolean inotifyRmWatch;
    private final boolean pidfdOpen;
    private final boolean waitid;
    private final boolean ioctl;

    /**
     * Called by name: see {@link io.github.kqueueffm.internal.sys.BindingLoader}.
     *
     * @throws io.github.kqueueffm.internal.sys.LibraryLoadError when the library cannot be loaded
     * @throws UnsatisfiedLinkError when JNA's own library cannot be loaded
     * @throws io.github.kqueueffm.internal.sys.MissingFunctionsError when it lacks functions that the transport needs
     * @throws IllegalStateException when this JVM has bound another library
     */
    public JnaSyscalls(Platform platform, CLibrary library) {
        this.library = JnaLibrary.open(platform, library);
        RequiredFunctions.check(platform, library, this.library::has);
        this.library.bind();
        variadic = platform.traits().variadicAsFixed() ? new VariadicAsFixed() : this.library.variadicCalls();
        foreignErrno = this.library.hasForeignErrno();
        absent = -platform.errno().ENOSYS();
        unknown = -platform.errno().EIO();
        accept4 = has(CFunction.ACCEPT4);
        paccept = has(CFunction.PACCEPT);
        readv = has(CFunction.READV);
        recvfrom = has(CFunction.RECVFROM);
        sendto = has(CFunction.SENDTO);
        recvmsg = has(CFunction.RECVMSG);
        sendmsg = has(CFunction.SENDMSG);
        recvmmsg = has(CFunction.RECVMMSG);
        sendmmsg = has(CFunction.SENDMMSG);
        sendfile = has(CFunction.SENDFILE);
        sendfileSbytes = has(CFunction.SENDFILE_SBYTES);
        sendfileLength = has(CFunction.SENDFILE_LENGTH);
        connectx = has(CFunction.CONNECTX);
        disconnectx = has(CFunction.DISCONNECTX);
        open = has(CFunction.OPEN);
        lstat = has(CFunction.LSTAT);
        fstat = has(CFunction.FSTAT);
        unlink = has(CFunction.UNLINK);
        pipe = has(CFunction.PIPE);
        poll = has(CFunction.POLL);
        kqueue = has(CFunction.KQUEUE);
        kevent = has(CFunction.KEVENT);
        epollCreate1 = has(CFunction.EPOLL_CREATE1);
        epollCtl = has(CFunction.EPOLL_CTL);
        epollWait = has(CFunction.EPOLL_WAIT);
        epollPwait2 = has(CFunction.EPOLL_PWAIT2);
        eventfd = has(CFunction.EVENTFD);
        lseek = has(CFunction.LSEEK);
        inotifyInit1 = has(CFunction.INOTIFY_INIT1);
        inotifyAddWatch = has(CFunction.INOTIFY_ADD_WATCH);
        inotifyRmWatch = has(CFunction.INOTIFY_RM_WATCH);
        pidfdOpen = has(CFunction.PIDFD_OPEN);
        waitid = has(CFunction.WAITID);
        ioctl = has(CFunction.IOCTL);
    }

    private int result(int result) {
        return result >= 0 ? result : failed();
    }

    private long result(long result) {
        return result >= 0 ? result : failed();
    }

    /** JNA keeps the errno of this thread's last call; whatever came between would overwrite it. */
    private int failed() {
        int errno = foreignErrno ? MEMORY.getInt(Functions.ErrnoLocation.errnoLocation()) : Native.getLastError();
        // A failure without a reason must not look like the success that -0 would be.
        return errno > 0 ? -errno : unknown;
    }

    @Override
    public boolean has(CFunction function) {
        return library.has(function);
    }

    @Override
    public long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("A heap buffer has no address");
        }
        // GetDirectBufferAddress of JNI: that of index 0
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return result(Functions.Required.socket(domain, type, protocol));
    }

    @Override
    public int bind(int fd, long sockaddr, int length) {
        return result(Functions.Required.bind(fd, sockaddr, length));
    }

    @Override
    public int listen(int fd, int backlog) {
        return result(Functions.Required.listen(fd, backlog));
    }

    @Override
    public int connect(int fd, long sockaddr, int length) {
        return result(Functions.Required.connect(fd, sockaddr, length));
    }

    @Override
    public int accept(int fd, long sockaddr, long lengthPointer) {
        return result(Functions.Required.accept(fd, sockaddr, lengthPointer));
    }

    @Override
    public int accept4(int fd, long sockaddr, long lengthPointer, int flags) {
        return accept4 ? result(Functions.Accept4.accept4(fd, sockaddr, lengthPointer, flags)) : absent;
    }

    @Override
    public int paccept(int fd, long sockaddr, long lengthPointer, long sigmask, int flags) {
        return paccept ? result(Functions.Paccept.paccept(fd, sockaddr, lengthPointer, sigmask, flags)) : absent;
    }

    @Override
    public int getsockname(int fd, long sockaddr, long lengthPointer) {
        return result(Functions.Required.getsockname(fd, sockaddr, lengthPointer));
    }

    @Override
    public int getpeername(int fd, long sockaddr, long lengthPointer) {
        return result(Functions.Required.getpeername(fd, sockaddr, lengthPointer));
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long lengthPointer) {
        return result(Functions.Required.getsockopt(fd, level, name, value, lengthPointer));
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int length) {
        return result(Functions.Required.setsockopt(fd, level, name, value, length));
    }

    @Override
    public int shutdown(int fd, int how) {
        return result(Functions.Required.shutdown(fd, how));
    }

    @Override
    public int close(int fd) {
        return result(Functions.Required.close(fd));
    }

    @Override
    public long read(int fd, long buffer, long length) {
        return result(Functions.Required.read(fd, buffer, length));
    }

    @Override
    public long write(int fd, long buffer, long length) {
        return result(Functions.Required.write(fd, buffer, length));
    }

    @Override
    public long readv(int fd, long iovec, int count) {
        return readv ? result(Functions.Readv.readv(fd, iovec, count)) : absent;
    }

    @Override
    public long writev(int fd, long iovec, int count) {
        return result(Functions.Required.writev(fd, iovec, count));
    }

    @Override
    public long recvfrom(int fd, long buffer, long length, int flags, long sockaddr, long lengthPointer) {
        return recvfrom
                ? result(Functions.Recvfrom.recvfrom(fd, buffer, length, flags, sockaddr, lengthPointer))
                : absent;
    }

    @Override
    public long sendto(int fd, long buffer, long length, int flags, long sockaddr, int sockaddrLength) {
        return sendto ? result(Functions.Sendto.sendto(fd, buffer, length, flags, sockaddr, sockaddrLength)) : absent;
    }

    @Override
    public long recvmsg(int fd, long msghdr, int flags) {
        return recvmsg ? result(Functions.Recvmsg.recvmsg(fd, msghdr, flags)) : absent;
    }

    @Override
    public long sendmsg(int fd, long msghdr, int flags) {
        return sendmsg ? result(Functions.Sendmsg.sendmsg(fd, msghdr, flags)) : absent;
    }

    @Override
    public int recvmmsg(int fd, long mmsghdrs, int count, int flags, long timespec) {
        return recvmmsg ? result(Functions.Recvmmsg.recvmmsg(fd, mmsghdrs, count, flags, timespec)) : absent;
    }

    @Override
    public int sendmmsg(int fd, long mmsghdrs, int count, int flags) {
        return sendmmsg ? result(Functions.Sendmmsg.sendmmsg(fd, mmsghdrs, count, flags)) : absent;
    }

    @Override
    public long sendfile(int out, int in, long offsetPointer, long count) {
        return sendfile ? result(Functions.Sendfile.sendfile(out, in, offsetPointer, count)) : absent;
    }

    @Override
    public int sendfileSbytes(int fd, int s, long offset, long nbytes, long hdtr, long sbytesPointer, int flags) {
        return sendfileSbytes
                ? result(Functions.SendfileSbytes.sendfileSbytes(fd, s, offset, nbytes, hdtr, sbytesPointer, flags))
                : absent;
    }

    @Override
    public int sendfileLength(int fd, int s, long offset, long lengthPointer, long hdtr, int flags) {
        return sendfileLength
                ? result(Functions.SendfileLength.sendfileLength(fd, s, offset, lengthPointer, hdtr, flags))
                : absent;
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
        return connectx
                ? result(Functions.Connectx.connectx(
                        fd, endpoints, associd, flags, iov, iovCount, lengthPointer, connidPointer))
                : absent;
    }

    @Override
    public int disconnectx(int fd, int associd, int connid) {
        return disconnectx ? result(Functions.Disconnectx.disconnectx(fd, associd, connid)) : absent;
    }

    @Override
    public int open(long path, int flags, int mode) {
        return open ? result(variadic.open(path, flags, mode)) : absent;
    }

    @Override
    public int lstat(long path, long stat) {
        return lstat ? result(Functions.Lstat.lstat(path, stat)) : absent;
    }

    @Override
    public int fstat(int fd, long stat) {
        return fstat ? result(Functions.Fstat.fstat(fd, stat)) : absent;
    }

    @Override
    public int unlink(long path) {
        return unlink ? result(Functions.Unlink.unlink(path)) : absent;
    }

    @Override
    public int pipe(long fds) {
        return pipe ? result(Functions.Pipe.pipe(fds)) : absent;
    }

    @Override
    public int poll(long pollfds, long count, int timeoutMillis) {
        return poll ? result(Functions.Poll.poll(pollfds, count, timeoutMillis)) : absent;
    }

    @Override
    public int kqueue() {
        return kqueue ? result(Functions.Kqueue.kqueue()) : absent;
    }

    @Override
    public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
        // The counts go as 64 bits: size_t on NetBSD; where it is int the callee looks at the low half of the register.
        return kevent
                ? result(Functions.Kevent.kevent(kq, changes, changeCount, events, eventCapacity, timespec))
                : absent;
    }

    @Override
    public int epollCreate1(int flags) {
        return epollCreate1 ? result(Functions.EpollCreate1.epollCreate1(flags)) : absent;
    }

    @Override
    public int epollCtl(int epfd, int operation, int fd, long event) {
        return epollCtl ? result(Functions.EpollCtl.epollCtl(epfd, operation, fd, event)) : absent;
    }

    @Override
    public int epollWait(int epfd, long events, int capacity, int timeoutMillis) {
        return epollWait ? result(Functions.EpollWait.epollWait(epfd, events, capacity, timeoutMillis)) : absent;
    }

    @Override
    public int epollPwait2(int epfd, long events, int capacity, long timespec) {
        // No signal mask.
        return epollPwait2 ? result(Functions.EpollPwait2.epollPwait2(epfd, events, capacity, timespec, 0)) : absent;
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return eventfd ? result(Functions.Eventfd.eventfd(initialValue, flags)) : absent;
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        return lseek ? result(Functions.Lseek.lseek(fd, offset, whence)) : absent;
    }

    @Override
    public int inotifyInit1(int flags) {
        return inotifyInit1 ? result(Functions.InotifyInit1.inotifyInit1(flags)) : absent;
    }

    @Override
    public int inotifyAddWatch(int fd, long path, int mask) {
        return inotifyAddWatch ? result(Functions.InotifyAddWatch.inotifyAddWatch(fd, path, mask)) : absent;
    }

    @Override
    public int inotifyRmWatch(int fd, int watch) {
        return inotifyRmWatch ? result(Functions.InotifyRmWatch.inotifyRmWatch(fd, watch)) : absent;
    }

    @Override
    public int pidfdOpen(int pid, int flags) {
        return pidfdOpen ? result(Functions.PidfdOpen.pidfdOpen(pid, flags)) : absent;
    }

    @Override
    public int waitid(int idType, int id, long siginfo, int options) {
        return waitid ? result(Functions.Waitid.waitid(idType, id, siginfo, options)) : absent;
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return result(variadic.fcntl(fd, command, argument));
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return ioctl ? result(variadic.ioctl(fd, request, argument)) : absent;
    }
}
