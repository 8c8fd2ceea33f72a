/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A shared library that looks like NetBSD's C library to the transport: the functions that it cannot do without, and
 * paccept, under their NetBSD names. Each answers something that only the right call with the right arguments can produce.
 *
 * OWN_ERRNO    keeps an errno of its own, as a kernel linked as a library with a libc of its own does
 * HOST_ERRNO   has an errno function that leads to the errno of the running system
 * (neither)    exports no errno function and sets the errno of the running system
 * OPTIONAL     has functions too that the transport can do without, and under invented names those of other systems
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
#if defined(OPTIONAL)
/* Addresses come in steps of 8 from the first, so that two that changed places would show. */
#define STEP(base, address, n) ((const char *)(address) - (const char *)(base) == 8 * (n))

/* FreeBSD's form, which has size_t and ssize_t where others have unsigned int and int: the strictest. */
ssize_t recvmmsg(int fd, void *messages, size_t count, int flags, const void *timeout)
{
    return count > 9 || !STEP(messages, timeout, 1) ? -2 : CONCAT(1, fd, (int)count, flags);
}
ssize_t sendmmsg(int fd, void *messages, size_t count, int flags)
{
    (void)messages;
    return count > 9 ? -2 : CONCAT(2, fd, (int)count, flags);
}
ssize_t linux_sendfile(int out, int in, long *offset, size_t count)
{
    *offset += count;
    return (ssize_t)count + CONCAT(0, 3, out, in);
}
int freebsd_sendfile(int fd, int s, long offset, size_t count, const void *headers, long *sent, int flags)
{
    *sent = offset + (long)count;
    return STEP(headers, sent, 1) ? CONCAT(4, fd, s, flags) : -2;
}
int darwin_sendfile(int fd, int s, long offset, long *length, const void *headers, int flags)
{
    *length += offset;
    return STEP(headers, length, 1) ? CONCAT(5, fd, s, flags) : -2;
}
int darwin_connectx(int fd, const void *endpoints, unsigned associd, unsigned flags, const void *iov, unsigned count,
                    size_t *length, unsigned *connid)
{
    if (!STEP(endpoints, iov, 1) || !STEP(endpoints, length, 2) || !STEP(endpoints, connid, 3)) return -2;
    *length = 1UL << 40;
    return CONCAT(fd, (int)associd, (int)flags, (int)count);
}
int darwin_disconnectx(int fd, unsigned associd, unsigned connid) { return CONCAT(6, fd, (int)associd, (int)connid); }
int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    int mode = va_arg(arguments, int);
    va_end(arguments);
    return CONCAT(7, path[0], flags, mode);
}
int __lstat50(const char *path, void *stat) { return STEP(path, stat, 1) ? 8120 : -2; }
int __fstat50(int fd, void *stat) { *(long *)stat = 1L << 40; return CONCAT(8, fd, 3, 0); }
int unlink(const char *path) { return CONCAT(9, path[0], 0, 0); }
#endif
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
