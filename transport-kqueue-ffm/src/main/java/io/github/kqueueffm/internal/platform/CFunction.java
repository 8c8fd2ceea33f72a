// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * The C library functions that the transport may call. The name each one is looked up under is platform data
 * ({@link Platform#symbol}): {@code kevent} is {@code __kevent50} on NetBSD, for instance.
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
    FCNTL,
    IOCTL,
    PIPE,
    POLL,
    KQUEUE,
    KEVENT,
    EPOLL_CREATE1,
    EPOLL_CTL,
    EPOLL_WAIT,
    EPOLL_PWAIT2,
    EVENTFD,
    /** Returns the address of the calling thread's errno. */
    ERRNO_LOCATION
}
