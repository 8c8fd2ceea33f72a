/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A shared library that looks like NetBSD's C library to the transport: the functions that it cannot do without, and
 * paccept, under their NetBSD names. Each answers something that only the right call with the right arguments can produce.
 *
 * OWN_ERRNO    keeps an errno of its own, as a kernel linked as a library with a libc of its own does
 * HOST_ERRNO   has an errno function that leads to the errno of the running system
 * (neither)    exports no errno function and sets the errno of the running system
 * KQUEUE_ONLY  has kqueue and kevent alone, under their usual names, as libkqueue does on Linux
 */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#define CONCAT(a, b, c, d) ((a) * 1000 + (b) * 100 + (c) * 10 + (d))

#if !defined(KQUEUE_ONLY)
#if defined(OWN_ERRNO)
static __thread int own_errno;
int *__errno(void) { return &own_errno; }
#elif defined(HOST_ERRNO)
int *__errno(void) { return &errno; }
#endif

/* Fails with 54, NetBSD's ECONNRESET; with an errno of our own, that of the running system says something else. */
static int fail(void)
{
#if defined(OWN_ERRNO)
    own_errno = 54;
    errno = 9;
#else
    errno = 54;
#endif
    return -1;
}

int __socket30(int domain, int type, int protocol) { return CONCAT(0, domain, type, protocol); }
int bind(int fd, const void *address, unsigned length) { (void)address; return CONCAT(1, fd, length, 0); }
int listen(int fd, int backlog) { return CONCAT(2, fd, backlog, 0); }
int connect(int fd, const void *address, unsigned length) { (void)address; return CONCAT(3, fd, length, 0); }
int accept(int fd, void *address, unsigned *length) { (void)address; *length = 7; return CONCAT(4, fd, 0, 0); }
int paccept(int fd, void *address, unsigned *length, const void *mask, int flags)
{
    (void)address; (void)length;
    return mask ? -2 : CONCAT(4, fd, flags, 0);
}
int getsockname(int fd, void *address, unsigned *length) { (void)fd; (void)address; (void)length; return fail(); }
int getpeername(int fd, void *address, unsigned *length) { (void)fd; (void)address; (void)length; return fail(); }
int getsockopt(int fd, int level, int name, void *value, unsigned *length)
{
    (void)value; (void)length;
    return CONCAT(5, fd, level, name);
}
int setsockopt(int fd, int level, int name, const void *value, unsigned length)
{
    (void)value;
    return CONCAT(fd, level, name, length);
}
int shutdown(int fd, int how) { return CONCAT(6, fd, how, 0); }
int close(int fd) { (void)fd; return fail(); }
ssize_t read(int fd, void *buffer, size_t length) { (void)fd; (void)buffer; return (ssize_t)length; }
ssize_t write(int fd, const void *buffer, size_t length) { (void)fd; (void)buffer; (void)length; return fail(); }
ssize_t writev(int fd, const void *iovec, int count) { (void)iovec; return CONCAT(7, fd, count, 0); }
int fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int argument = va_arg(arguments, int);
    va_end(arguments);
    return CONCAT(8, fd, command, argument);
}
#else
#define __kevent50 kevent
#endif

int kqueue(void) { return 42; }

/* The counts are size_t on NetBSD: garbage above their low halves would show. */
int __kevent50(int kq, const void *changes, size_t nchanges, void *events, size_t nevents, const void *timeout)
{
    (void)changes; (void)events; (void)timeout;
    return nchanges > 9 || nevents > 9 ? -2 : CONCAT(9, kq, (int)nchanges, (int)nevents);
}
