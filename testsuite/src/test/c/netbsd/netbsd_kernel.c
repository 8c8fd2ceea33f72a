/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A kernel of another operating system for a process that runs on Linux: exports the C functions that the transport calls
 * on NetBSD for x86-64, under their names there and with that system's structs, constants, errno values and descriptor
 * numbers, and carries them out with the sockets of the running system.
 *
 * WITH_ACCEPT4       exports accept4, which releases that have paccept need not have
 * WITH_EVFILT_USER   see kqueue.c
 * WITH_QUIET_BATCHES see io.c
 * WITH_OWN_ERRNO     keeps an errno of its own and leaves nonsense in that of the running system, as a kernel does that
 *                    was linked with a C library of its own; otherwise __errno leads to that of the running system
 */
#define _GNU_SOURCE
#include "kernel.h"
#include <stdarg.h>

/* The labels keep these names away from the declarations of the running system's headers. */
#define EXPORT(type, name, ...) \
    __attribute__((visibility("default"))) type netbsd_##name(__VA_ARGS__) __asm__(#name); \
    type netbsd_##name(__VA_ARGS__)

#ifdef WITH_OWN_ERRNO
static __thread int own_errno;
#endif

EXPORT(int *, __errno, void)
{
#ifdef WITH_OWN_ERRNO
    return &own_errno;
#else
    return &errno;
#endif
}

static long finish(long result)
{
    if (result >= 0) {
        return result;
    }
#ifdef WITH_OWN_ERRNO
    own_errno = (int)-result;
    errno = 0x7fff;
#else
    errno = (int)-result;
#endif
    return -1;
}

#define CALL(call) \
    do { \
        kernel_lock(); \
        long result = (call); \
        kernel_unlock(); \
        return (__typeof__(call))finish(result); \
    } while (0)

EXPORT(int, __socket30, int domain, int type, int protocol) { CALL(sys_socket(domain, type, protocol)); }
EXPORT(int, bind, int fd, const void *address, uint32_t length) { CALL(sys_bind(fd, address, length)); }
EXPORT(int, listen, int fd, int backlog) { CALL(sys_listen(fd, backlog)); }
EXPORT(int, connect, int fd, const void *address, uint32_t length) { CALL(sys_connect(fd, address, length)); }
EXPORT(int, accept, int fd, void *address, uint32_t *length) { CALL(sys_accept(fd, address, length, 0, true)); }
EXPORT(int, paccept, int fd, void *address, uint32_t *length, const void *mask, int flags)
{
    (void)mask; /* only for the time of the wait, and these sockets are asked when there is nothing to wait for */
    CALL(sys_accept(fd, address, length, flags, false));
}
#ifdef WITH_ACCEPT4
EXPORT(int, accept4, int fd, void *address, uint32_t *length, int flags)
{
    CALL(sys_accept(fd, address, length, flags, false));
}
#endif
EXPORT(int, shutdown, int fd, int how) { CALL(sys_shutdown(fd, how)); }
EXPORT(int, getsockname, int fd, void *address, uint32_t *length) { CALL(sys_getsockname(fd, address, length)); }
EXPORT(int, getpeername, int fd, void *address, uint32_t *length) { CALL(sys_getpeername(fd, address, length)); }
EXPORT(int, getsockopt, int fd, int level, int name, void *value, uint32_t *length)
{
    CALL(sys_getsockopt(fd, level, name, value, length));
}
EXPORT(int, setsockopt, int fd, int level, int name, const void *value, uint32_t length)
{
    CALL(sys_setsockopt(fd, level, name, value, length));
}
EXPORT(int, close, int fd) { CALL(descriptor_close(fd)); }

EXPORT(ssize_t, readv, int fd, struct iovec *iov, int count)
{
    struct nb_msghdr message = {.iov = iov, .iov_length = count};
    CALL(sys_receive(fd, &message, 0, false));
}
EXPORT(ssize_t, read, int fd, void *buffer, size_t length)
{
    struct iovec iov = {buffer, length};
    struct nb_msghdr message = {.iov = &iov, .iov_length = 1};
    CALL(sys_receive(fd, &message, 0, false));
}
EXPORT(ssize_t, recvfrom, int fd, void *buffer, size_t length, int flags, void *address, uint32_t *address_length)
{
    struct iovec iov = {buffer, length};
    struct nb_msghdr message = {
        .name = address, .name_length = address_length ? *address_length : 0, .iov = &iov, .iov_length = 1
    };
    kernel_lock();
    ssize_t result = sys_receive(fd, &message, flags, true);
    kernel_unlock();
    if (result >= 0 && address_length) {
        *address_length = message.name_length;
    }
    return finish(result);
}
EXPORT(ssize_t, recvmsg, int fd, struct nb_msghdr *message, int flags) { CALL(sys_receive(fd, message, flags, true)); }

EXPORT(ssize_t, writev, int fd, struct iovec *iov, int count)
{
    struct nb_msghdr message = {.iov = iov, .iov_length = count};
    CALL(sys_send(fd, &message, 0, false));
}
EXPORT(ssize_t, write, int fd, void *buffer, size_t length)
{
    struct iovec iov = {buffer, length};
    struct nb_msghdr message = {.iov = &iov, .iov_length = 1};
    CALL(sys_send(fd, &message, 0, false));
}
EXPORT(ssize_t, sendto, int fd, void *buffer, size_t length, int flags, void *address, uint32_t address_length)
{
    struct iovec iov = {buffer, length};
    struct nb_msghdr message = {.name = address, .name_length = address_length, .iov = &iov, .iov_length = 1};
    CALL(sys_send(fd, &message, flags, true));
}
EXPORT(ssize_t, sendmsg, int fd, const struct nb_msghdr *message, int flags)
{
    CALL(sys_send(fd, message, flags, true));
}

EXPORT(
    int, recvmmsg, int fd, struct nb_mmsghdr *messages, uint32_t count, int flags, const struct nb_timespec *timeout)
{
    CALL(sys_receive_many(fd, messages, count, flags, timeout));
}
EXPORT(int, sendmmsg, int fd, struct nb_mmsghdr *messages, uint32_t count, int flags)
{
    CALL(sys_send_many(fd, messages, count, flags));
}

EXPORT(int, open, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    int mode = va_arg(arguments, int);
    va_end(arguments);
    CALL(sys_open(path, flags, mode));
}
EXPORT(int, unlink, const char *path) { CALL(sys_unlink(path)); }
EXPORT(int, __lstat50, const char *path, struct nb_stat *into) { CALL(sys_lstat(path, into)); }
EXPORT(int, __fstat50, int fd, struct nb_stat *into) { CALL(sys_fstat(fd, into)); }

EXPORT(int, fcntl, int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int argument = va_arg(arguments, int);
    va_end(arguments);
    CALL(sys_fcntl(fd, command, argument));
}
EXPORT(int, ioctl, int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    CALL(sys_ioctl(fd, request, argument));
}
EXPORT(int, pipe, int *fds) { CALL(sys_pipe(fds)); }
EXPORT(int, poll, struct nb_pollfd *fds, uint32_t count, int timeout) { CALL(sys_poll(fds, count, timeout)); }

EXPORT(int, kqueue, void) { CALL(sys_kqueue()); }
EXPORT(
    int, __kevent50, int fd, const struct nb_kevent *changes, size_t change_count, struct nb_kevent *events,
    size_t capacity, const struct nb_timespec *timeout)
{
    CALL(sys_kevent(fd, changes, change_count, events, capacity, timeout));
}
