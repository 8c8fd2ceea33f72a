// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

/**
 * The C prototypes, for JNA's direct mapping: it binds native methods to the functions that {@link JnaLibrary} finds for
 * them, with size_t, pointers and long as {@code long}.
 *
 * <p>JNA binds all the methods of a class or none, so a function that a library may lack has a class to itself.
 */
final class Functions {

    private Functions() {}

    /** What {@link io.github.kqueueffm.internal.sys.RequiredFunctions} asks for, but fcntl. */
    static final class Required {
        static native int socket(int domain, int type, int protocol);

        static native int bind(int fd, long sockaddr, int length);

        static native int listen(int fd, int backlog);

        static native int connect(int fd, long sockaddr, int length);

        static native int accept(int fd, long sockaddr, long lengthPointer);

        static native int getsockname(int fd, long sockaddr, long lengthPointer);

        static native int getpeername(int fd, long sockaddr, long lengthPointer);

        static native int getsockopt(int fd, int level, int name, long value, long lengthPointer);

        static native int setsockopt(int fd, int level, int name, long value, int length);

        static native int shutdown(int fd, int how);

        static native int close(int fd);

        static native long read(int fd, long buffer, long length);

        static native long write(int fd, long buffer, long length);

        static native long writev(int fd, long iovec, int count);
    }

    static final class Accept4 {
        static native int accept4(int fd, long sockaddr, long lengthPointer, int flags);
    }

    static final class Paccept {
        static native int paccept(int fd, long sockaddr, long lengthPointer, long sigmask, int flags);
    }

    static final class Readv {
        static native long readv(int fd, long iovec, int count);
    }

    static final class Recvfrom {
        static native long recvfrom(int fd, long buffer, long length, int flags, long sockaddr, long lengthPointer);
    }

    static final class Sendto {
        static native long sendto(int fd, long buffer, long length, int flags, long sockaddr, int sockaddrLength);
    }

    static final class Recvmsg {
        static native long recvmsg(int fd, long msghdr, int flags);
    }

    static final class Sendmsg {
        static native long sendmsg(int fd, long msghdr, int flags);
    }

    /**
     * The count is size_t on FreeBSD, as the result is ssize_t; where it is unsigned int the callee looks at the low half of
     * the register, and so do we at that of the result.
     */
    static final class Recvmmsg {
        static native int recvmmsg(int fd, long mmsghdrs, long count, int flags, long timespec);
    }

    /** As recvmmsg. */
    static final class Sendmmsg {
        static native int sendmmsg(int fd, long mmsghdrs, long count, int flags);
    }

    static final class Sendfile {
        static native long sendfile(int out, int in, long offsetPointer, long count);
    }

    static final class SendfileSbytes {
        static native int sendfileSbytes(
                int fd, int s, long offset, long nbytes, long hdtr, long sbytesPointer, int flags);
    }

    static final class SendfileLength {
        static native int sendfileLength(int fd, int s, long offset, long lengthPointer, long hdtr, int flags);
    }

    static final class Connectx {
        static native int connectx(
                int fd,
                long endpoints,
                int associd,
                int flags,
                long iov,
                int iovCount,
                long lengthPointer,
                long connidPointer);
    }

    static final class Disconnectx {
        static native int disconnectx(int fd, int associd, int connid);
    }

    static final class Lstat {
        static native int lstat(long path, long stat);
    }

    static final class Fstat {
        static native int fstat(int fd, long stat);
    }

    static final class Unlink {
        static native int unlink(long path);
    }

    static final class Pipe {
        static native int pipe(long fds);
    }

    static final class Poll {
        static native int poll(long pollfds, long count, int timeoutMillis);
    }

    static final class Kqueue {
        static native int kqueue();
    }

    static final class Kevent {
        static native int kevent(
                int kq, long changes, long changeCount, long events, long eventCapacity, long timespec);
    }

    static final class EpollCreate1 {
        static native int epollCreate1(int flags);
    }

    static final class EpollCtl {
        static native int epollCtl(int epfd, int operation, int fd, long event);
    }

    static final class EpollWait {
        static native int epollWait(int epfd, long events, int capacity, int timeoutMillis);
    }

    static final class EpollPwait2 {
        static native int epollPwait2(int epfd, long events, int capacity, long timespec, long sigmask);
    }

    static final class Eventfd {
        static native int eventfd(int initialValue, int flags);
    }

    static final class Lseek {
        static native long lseek(int fd, long offset, int whence);
    }

    static final class InotifyInit1 {
        static native int inotifyInit1(int flags);
    }

    static final class InotifyAddWatch {
        static native int inotifyAddWatch(int fd, long path, int mask);
    }

    static final class InotifyRmWatch {
        static native int inotifyRmWatch(int fd, int watch);
    }

    static final class PidfdOpen {
        static native int pidfdOpen(int pid, int flags);
    }

    static final class Waitid {
        static native int waitid(int idType, int id, long siginfo, int options);
    }

    /** {@code int *errno_location(void)} */
    static final class ErrnoLocation {
        static native long errnoLocation();
    }

    /** Only for ABIs that pass a variadic argument like a named one. */
    static final class Fcntl {
        static native int fcntl(int fd, int command, int argument);
    }

    /** Only for ABIs that pass a variadic argument like a named one. */
    static final class Ioctl {
        static native int ioctl(int fd, long request, long argument);
    }

    /** Only for ABIs that pass a variadic argument like a named one. */
    static final class Open {
        static native int open(long path, int flags, int mode);
    }
}
