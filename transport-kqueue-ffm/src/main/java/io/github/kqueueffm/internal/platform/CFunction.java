// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * The C library functions that the transport may call. The name each one is looked up under is platform data
 * ({@link Platform#symbol}): {@code kevent} is {@code __kevent50} on NetBSD, for instance. Where one C name has other
 * parameters on another system, as sendfile(2) does, each form is a function here.
 */
public enum CFunction {
    SOCKET,
    BIND,
    LISTEN,
    CONNECT,
    ACCEPT,
    ACCEPT4,
    PACCEPT,
    GETSOCKNAME,
    GETPEERNAME,
    GETSOCKOPT,
    SETSOCKOPT,
    SHUTDOWN,
    CLOSE,
    READ,
    WRITE,
    READV,
    WRITEV,
    RECVFROM,
    SENDTO,
    RECVMSG,
    SENDMSG,
    RECVMMSG,
    SENDMMSG,
    /** {@code ssize_t sendfile(int out, int in, off_t *offset, size_t count)}: Linux. */
    SENDFILE,
    /** sendfile(2) with a pointer to where it puts the number of bytes sent: FreeBSD and DragonFly. */
    SENDFILE_SBYTES,
    /** sendfile(2) with a pointer to the length, which becomes the number of bytes sent: macOS. */
    SENDFILE_LENGTH,
    /** macOS. */
    CONNECTX,
    /** macOS. */
    DISCONNECTX,
    FCNTL,
    IOCTL,
    OPEN,
    LSTAT,
    FSTAT,
    UNLINK,
    LSEEK,
    PIPE,
    POLL,
    KQUEUE,
    KEVENT,
    EPOLL_CREATE1,
    EPOLL_CTL,
    EPOLL_WAIT,
    EPOLL_PWAIT2,
    EVENTFD,
    INOTIFY_INIT1,
    INOTIFY_ADD_WATCH,
    INOTIFY_RM_WATCH,
    PIDFD_OPEN,
    /** With the four parameters of POSIX: Linux. */
    WAITID,
    /** Returns the address of the calling thread's errno. */
    ERRNO_LOCATION
}
