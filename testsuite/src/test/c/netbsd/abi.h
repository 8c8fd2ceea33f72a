/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a program compiled for NetBSD on x86-64 passes to its kernel: NetBSD 7.99.34 headers. The names have an NB_ in
 * front because the headers of the system that this runs on define most of them too, with other values.
 */
#ifndef NETBSD_ABI_H
#define NETBSD_ABI_H

#include <stdint.h>

/* <sys/errno.h> */
enum {
    NB_EPERM = 1, NB_ENOENT = 2, NB_ESRCH = 3, NB_EINTR = 4, NB_EIO = 5, NB_ENXIO = 6, NB_EBADF = 9, NB_ENOMEM = 12,
    NB_EACCES = 13, NB_EFAULT = 14, NB_EEXIST = 17, NB_ENODEV = 19, NB_ENOTDIR = 20, NB_EISDIR = 21, NB_EINVAL = 22,
    NB_ENFILE = 23, NB_EMFILE = 24, NB_ENOTTY = 25, NB_ENOSPC = 28, NB_ESPIPE = 29, NB_EROFS = 30, NB_EPIPE = 32, NB_EDOM = 33,
    NB_EAGAIN = 35, NB_EINPROGRESS = 36, NB_EALREADY = 37, NB_ENOTSOCK = 38, NB_EDESTADDRREQ = 39, NB_EMSGSIZE = 40,
    NB_EPROTOTYPE = 41, NB_ENOPROTOOPT = 42, NB_EPROTONOSUPPORT = 43, NB_ESOCKTNOSUPPORT = 44, NB_EOPNOTSUPP = 45,
    NB_EPFNOSUPPORT = 46, NB_EAFNOSUPPORT = 47, NB_EADDRINUSE = 48, NB_EADDRNOTAVAIL = 49, NB_ENETDOWN = 50,
    NB_ENETUNREACH = 51, NB_ENETRESET = 52, NB_ECONNABORTED = 53, NB_ECONNRESET = 54, NB_ENOBUFS = 55, NB_EISCONN = 56,
    NB_ENOTCONN = 57, NB_ESHUTDOWN = 58, NB_ETOOMANYREFS = 59, NB_ETIMEDOUT = 60, NB_ECONNREFUSED = 61, NB_ELOOP = 62,
    NB_ENAMETOOLONG = 63, NB_EHOSTDOWN = 64, NB_EHOSTUNREACH = 65, NB_ENOSYS = 78, NB_EOVERFLOW = 84, NB_ECANCELED = 87,
    NB_EPROTO = 96
};

/* <sys/event.h>. The filters count up from 0, and are unsigned. */
enum {
    NB_EVFILT_READ = 0, NB_EVFILT_WRITE = 1, NB_EVFILT_AIO = 2, NB_EVFILT_VNODE = 3, NB_EVFILT_PROC = 4,
    NB_EVFILT_SIGNAL = 5, NB_EVFILT_TIMER = 6, NB_EVFILT_USER = 8
};
enum {
    NB_EV_ADD = 0x1, NB_EV_DELETE = 0x2, NB_EV_ENABLE = 0x4, NB_EV_DISABLE = 0x8, NB_EV_ONESHOT = 0x10,
    NB_EV_CLEAR = 0x20, NB_EV_RECEIPT = 0x40, NB_EV_DISPATCH = 0x80, NB_EV_SYSFLAGS = 0xf000, NB_EV_ERROR = 0x4000,
    NB_EV_EOF = 0x8000
};
#define NB_NOTE_LOWAT 0x1u
#define NB_NOTE_TRIGGER 0x01000000u
#define NB_NOTE_FFAND 0x40000000u
#define NB_NOTE_FFOR 0x80000000u
#define NB_NOTE_FFCTRLMASK 0xc0000000u
#define NB_NOTE_FFLAGSMASK 0x00ffffffu

struct nb_kevent {
    uint64_t ident;
    uint32_t filter;
    uint32_t flags;
    uint32_t fflags;
    int64_t data;
    int64_t udata;
};
_Static_assert(sizeof(struct nb_kevent) == 40, "struct kevent of __kevent50");

struct nb_timespec {
    int64_t seconds;
    int64_t nanos;
};

/* <sys/socket.h> */
enum { NB_AF_UNSPEC = 0, NB_AF_UNIX = 1, NB_AF_INET = 2, NB_AF_INET6 = 24 };
enum { NB_SOCK_STREAM = 1, NB_SOCK_DGRAM = 2 };
#define NB_SOCK_CLOEXEC 0x10000000
#define NB_SOCK_NONBLOCK 0x20000000
#define NB_SOCK_NOSIGPIPE 0x40000000
#define NB_SOCK_FLAGS_MASK 0xf0000000u

enum { NB_SOL_SOCKET = 0xffff, NB_IPPROTO_IP = 0, NB_IPPROTO_TCP = 6, NB_IPPROTO_IPV6 = 41 };
enum {
    NB_SO_ACCEPTCONN = 0x2, NB_SO_REUSEADDR = 0x4, NB_SO_KEEPALIVE = 0x8, NB_SO_DONTROUTE = 0x10, NB_SO_BROADCAST = 0x20,
    NB_SO_LINGER = 0x80, NB_SO_OOBINLINE = 0x100, NB_SO_REUSEPORT = 0x200, NB_SO_NOSIGPIPE = 0x800, NB_SO_SNDBUF = 0x1001,
    NB_SO_RCVBUF = 0x1002, NB_SO_SNDLOWAT = 0x1003, NB_SO_RCVLOWAT = 0x1004, NB_SO_ERROR = 0x1007, NB_SO_TYPE = 0x1008,
    NB_SO_ACCEPTFILTER = 0x1000
};
enum { NB_TCP_NODELAY = 1, NB_TCP_MAXSEG = 2, NB_TCP_KEEPIDLE = 3, NB_TCP_KEEPINTVL = 5, NB_TCP_KEEPCNT = 6 };
enum {
    NB_IP_TOS = 3, NB_IP_TTL = 4, NB_IP_MULTICAST_IF = 9, NB_IP_MULTICAST_TTL = 10, NB_IP_MULTICAST_LOOP = 11,
    NB_IP_ADD_MEMBERSHIP = 12, NB_IP_DROP_MEMBERSHIP = 13
};
enum {
    NB_IPV6_UNICAST_HOPS = 4, NB_IPV6_MULTICAST_IF = 9, NB_IPV6_MULTICAST_HOPS = 10, NB_IPV6_MULTICAST_LOOP = 11,
    NB_IPV6_JOIN_GROUP = 12, NB_IPV6_LEAVE_GROUP = 13, NB_IPV6_V6ONLY = 27, NB_IPV6_TCLASS = 61
};
/* <sys/un.h>: options of level 0 on an AF_UNIX socket */
enum { NB_LOCAL_PEEREID = 3 };

enum {
    NB_MSG_PEEK = 0x2, NB_MSG_TRUNC = 0x10, NB_MSG_CTRUNC = 0x20, NB_MSG_WAITALL = 0x40, NB_MSG_DONTWAIT = 0x80,
    NB_MSG_NOSIGNAL = 0x400, NB_MSG_CMSG_CLOEXEC = 0x800, NB_MSG_WAITFORONE = 0x2000
};
enum { NB_SCM_RIGHTS = 1 };

struct nb_msghdr {
    void *name;
    uint32_t name_length;
    struct iovec *iov;
    int32_t iov_length;
    void *control;
    uint32_t control_length;
    int32_t flags;
};
_Static_assert(sizeof(struct nb_msghdr) == 48, "struct msghdr");

struct nb_mmsghdr {
    struct nb_msghdr header;
    uint32_t length;
};
_Static_assert(sizeof(struct nb_mmsghdr) == 56, "struct mmsghdr");

struct nb_cmsghdr {
    uint32_t length;
    int32_t level;
    int32_t type;
};
_Static_assert(sizeof(struct nb_cmsghdr) == 12, "struct cmsghdr");
#define NB_CMSG_ALIGN(n) (((n) + 7u) & ~7u)

struct nb_unpcbid {
    int32_t pid;
    uint32_t euid;
    uint32_t egid;
};

#define NB_UN_PATH 104
#define NB_IOV_MAX 1024

/* <sys/fcntl.h>, <sys/filio.h>, <sys/poll.h> */
enum {
    NB_F_DUPFD = 0, NB_F_GETFD = 1, NB_F_SETFD = 2, NB_F_GETFL = 3, NB_F_SETFL = 4, NB_F_DUPFD_CLOEXEC = 12
};
enum {
    NB_FD_CLOEXEC = 1, NB_O_WRONLY = 1, NB_O_RDWR = 2, NB_O_NONBLOCK = 4, NB_O_APPEND = 8, NB_O_ASYNC = 0x40,
    NB_O_CREAT = 0x200, NB_O_TRUNC = 0x400, NB_O_EXCL = 0x800, NB_O_CLOEXEC = 0x400000
};
#define NB_FIOCLEX 0x20006601ul
#define NB_FIONCLEX 0x20006602ul
#define NB_FIONREAD 0x4004667ful
#define NB_FIONBIO 0x8004667eul
enum { NB_POLLIN = 1, NB_POLLOUT = 4, NB_POLLERR = 8, NB_POLLHUP = 16, NB_POLLNVAL = 32, NB_POLLRDNORM = 64 };

/* <sys/stat.h>, of __fstat50 and __lstat50; what nobody asks for is left out of it */
struct nb_stat {
    uint64_t device;
    uint32_t mode;
    uint64_t inode;
    uint32_t links;
    uint32_t user;
    uint32_t group;
    uint64_t special;
    struct nb_timespec accessed;
    struct nb_timespec modified;
    struct nb_timespec changed;
    struct nb_timespec born;
    int64_t size;
    int64_t blocks;
    uint32_t block_size;
    uint32_t flags;
    uint32_t generation;
    uint32_t spare[2];
};
_Static_assert(sizeof(struct nb_stat) == 152, "struct stat");

struct nb_pollfd {
    int32_t fd;
    int16_t events;
    int16_t revents;
};

#endif
