/* SPDX-License-Identifier: Apache-2.0 */

/* Constants and layouts of one system to those of the other. */
#define _GNU_SOURCE
#include "kernel.h"
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static const struct {
    int host;
    int netbsd;
} errors[] = {
    {EPERM, NB_EPERM}, {ENOENT, NB_ENOENT}, {ESRCH, NB_ESRCH}, {EINTR, NB_EINTR}, {EIO, NB_EIO}, {ENXIO, NB_ENXIO},
    {EBADF, NB_EBADF}, {ENOMEM, NB_ENOMEM}, {EACCES, NB_EACCES}, {EFAULT, NB_EFAULT}, {EEXIST, NB_EEXIST},
    {ENODEV, NB_ENODEV}, {ENOTDIR, NB_ENOTDIR}, {EISDIR, NB_EISDIR}, {EINVAL, NB_EINVAL}, {ENFILE, NB_ENFILE},
    {EMFILE, NB_EMFILE}, {ENOTTY, NB_ENOTTY}, {ENOSPC, NB_ENOSPC}, {ESPIPE, NB_ESPIPE}, {EROFS, NB_EROFS},
    {EPIPE, NB_EPIPE}, {EAGAIN, NB_EAGAIN}, {EINPROGRESS, NB_EINPROGRESS}, {EALREADY, NB_EALREADY},
    {ENOTSOCK, NB_ENOTSOCK}, {EDESTADDRREQ, NB_EDESTADDRREQ}, {EMSGSIZE, NB_EMSGSIZE}, {EPROTOTYPE, NB_EPROTOTYPE},
    {ENOPROTOOPT, NB_ENOPROTOOPT}, {EPROTONOSUPPORT, NB_EPROTONOSUPPORT}, {ESOCKTNOSUPPORT, NB_ESOCKTNOSUPPORT},
    {EOPNOTSUPP, NB_EOPNOTSUPP}, {EPFNOSUPPORT, NB_EPFNOSUPPORT}, {EAFNOSUPPORT, NB_EAFNOSUPPORT},
    {EADDRINUSE, NB_EADDRINUSE}, {EADDRNOTAVAIL, NB_EADDRNOTAVAIL}, {ENETDOWN, NB_ENETDOWN},
    {ENETUNREACH, NB_ENETUNREACH}, {ENETRESET, NB_ENETRESET}, {ECONNABORTED, NB_ECONNABORTED},
    {ECONNRESET, NB_ECONNRESET}, {ENOBUFS, NB_ENOBUFS}, {EISCONN, NB_EISCONN}, {ENOTCONN, NB_ENOTCONN},
    {ESHUTDOWN, NB_ESHUTDOWN}, {ETOOMANYREFS, NB_ETOOMANYREFS}, {ETIMEDOUT, NB_ETIMEDOUT},
    {ECONNREFUSED, NB_ECONNREFUSED}, {ELOOP, NB_ELOOP}, {ENAMETOOLONG, NB_ENAMETOOLONG}, {EHOSTDOWN, NB_EHOSTDOWN},
    {EHOSTUNREACH, NB_EHOSTUNREACH}, {ENOSYS, NB_ENOSYS}, {EOVERFLOW, NB_EOVERFLOW}, {ECANCELED, NB_ECANCELED},
    {EPROTO, NB_EPROTO}
};

/* Takes -E* or E*, gives -NB_E*. */
int error_from_host(long error)
{
    int positive = (int)(error < 0 ? -error : error);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (errors[i].host == positive) {
            return -errors[i].netbsd;
        }
    }
    fprintf(stderr, "netbsd kernel: no number for host errno %d\n", positive);
    abort();
}

int domain_to_host(int domain)
{
    return domain == NB_AF_INET ? AF_INET : domain == NB_AF_INET6 ? AF_INET6 : domain == NB_AF_UNIX ? AF_UNIX : -1;
}

int domain_from_host(int domain)
{
    return domain == AF_INET ? NB_AF_INET : domain == AF_INET6 ? NB_AF_INET6 : NB_AF_UNIX;
}

/*
 * The kernel sets sa_len to the length of the argument itself (sockargs()), so what the caller has put there does not
 * matter. The length of an internet address has to be right to the byte (in_pcbbind(), in_pcbconnect()).
 */
int address_to_host(const void *address, uint32_t length, struct sockaddr_storage *host, socklen_t *host_length)
{
    const unsigned char *bytes = address;
    memset(host, 0, sizeof *host);
    if (length <= 2 || length > UINT8_MAX) {
        return -NB_EINVAL;
    }
    switch (bytes[1]) {
    case NB_AF_INET: {
        struct sockaddr_in *in = (struct sockaddr_in *)host;
        if (length != 16) {
            return -NB_EINVAL;
        }
        in->sin_family = AF_INET;
        memcpy(&in->sin_port, bytes + 2, 2);
        memcpy(&in->sin_addr, bytes + 4, 4);
        *host_length = sizeof *in;
        return 0;
    }
    case NB_AF_INET6: {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)host;
        if (length != 28) {
            return -NB_EINVAL;
        }
        in6->sin6_family = AF_INET6;
        memcpy(&in6->sin6_port, bytes + 2, 2);
        memcpy(&in6->sin6_flowinfo, bytes + 4, 4);
        memcpy(&in6->sin6_addr, bytes + 8, 16);
        memcpy(&in6->sin6_scope_id, bytes + 24, 4);
        *host_length = sizeof *in6;
        return 0;
    }
    case NB_AF_UNIX: {
        struct sockaddr_un *un = (struct sockaddr_un *)host;
        size_t path = strnlen((const char *)bytes + 2, length - 2);
        /* A path that starts with a zero is a name of its own kind on Linux, and an empty path here. */
        if (path == 0) {
            return -NB_ENOENT;
        }
        if (path >= NB_UN_PATH) {
            return -NB_EINVAL;
        }
        un->sun_family = AF_UNIX;
        memcpy(un->sun_path, bytes + 2, path);
        *host_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path + 1);
        return 0;
    }
    default:
        return -NB_EAFNOSUPPORT;
    }
}

/* Writes up to sizeof(struct sockaddr_storage) bytes and answers how many. */
uint32_t address_from_host(const struct sockaddr_storage *host, socklen_t host_length, void *address)
{
    unsigned char *bytes = address;
    uint32_t length;
    memset(bytes, 0, sizeof *host);
    if (host_length < sizeof(sa_family_t)) {
        /* A peer without a name: an empty AF_UNIX address. */
        length = 2;
        bytes[1] = NB_AF_UNIX;
    } else if (host->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)host;
        length = 16;
        bytes[1] = NB_AF_INET;
        memcpy(bytes + 2, &in->sin_port, 2);
        memcpy(bytes + 4, &in->sin_addr, 4);
    } else if (host->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)host;
        length = 28;
        bytes[1] = NB_AF_INET6;
        memcpy(bytes + 2, &in6->sin6_port, 2);
        memcpy(bytes + 4, &in6->sin6_flowinfo, 4);
        memcpy(bytes + 8, &in6->sin6_addr, 16);
        memcpy(bytes + 24, &in6->sin6_scope_id, 4);
    } else {
        const struct sockaddr_un *un = (const struct sockaddr_un *)host;
        length = host_length;
        bytes[1] = NB_AF_UNIX;
        memcpy(bytes + 2, un->sun_path, host_length - 2);
    }
    bytes[0] = (unsigned char)length;
    return length;
}

void address_copy_out(const struct sockaddr_storage *host, socklen_t host_length, void *address, uint32_t *length)
{
    unsigned char bytes[sizeof(struct sockaddr_storage)];
    if (!address || !length) {
        return;
    }
    uint32_t full = address_from_host(host, host_length, bytes);
    /* copyout_sockname(): the length that comes back is that of what was copied. */
    if (*length > full) {
        *length = full;
    }
    memcpy(address, bytes, *length);
}

int control_to_host(const void *control, uint32_t length, void *host, size_t *host_length)
{
    const unsigned char *bytes = control;
    unsigned char *out = host;
    size_t used = 0;
    uint32_t at = 0;
    while (at + sizeof(struct nb_cmsghdr) <= length) {
        struct nb_cmsghdr header;
        memcpy(&header, bytes + at, sizeof header);
        uint32_t data = NB_CMSG_ALIGN(sizeof header);
        if (header.length < data || header.length > length - at) {
            return -NB_EINVAL;
        }
        if (header.level != NB_SOL_SOCKET || header.type != NB_SCM_RIGHTS) {
            return -NB_EINVAL;
        }
        size_t count = (header.length - data) / sizeof(int32_t);
        size_t space = CMSG_SPACE(count * sizeof(int));
        if (used + space > *host_length) {
            return -NB_EINVAL;
        }
        struct cmsghdr *to = (struct cmsghdr *)(out + used);
        memset(to, 0, space);
        to->cmsg_level = SOL_SOCKET;
        to->cmsg_type = SCM_RIGHTS;
        to->cmsg_len = CMSG_LEN(count * sizeof(int));
        for (size_t i = 0; i < count; i++) {
            int32_t fd;
            memcpy(&fd, bytes + at + data + i * sizeof fd, sizeof fd);
            struct file *file = descriptor_file(fd);
            if (!file) {
                return -NB_EBADF;
            }
            if (file->kind == KQUEUE) {
                return -NB_EOPNOTSUPP;
            }
            memcpy(CMSG_DATA(to) + i * sizeof(int), &file->host, sizeof(int));
        }
        used += space;
        at += NB_CMSG_ALIGN(header.length);
    }
    *host_length = used;
    return 0;
}

static int32_t receive_descriptor(int host, bool close_on_exec)
{
    return descriptor_new(file_adopt(host), 0, close_on_exec);
}

/* Descriptors that find no room are closed, as a kernel does. */
uint32_t control_from_host(
    const void *host, size_t host_length, void *control, uint32_t length, int flags, int *truncated)
{
    struct msghdr walk = {.msg_control = (void *)(uintptr_t)host, .msg_controllen = host_length};
    unsigned char *out = control;
    uint32_t used = 0;
    for (struct cmsghdr *from = CMSG_FIRSTHDR(&walk); from; from = CMSG_NXTHDR(&walk, from)) {
        if (from->cmsg_level != SOL_SOCKET || from->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t count = (from->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        uint32_t data = NB_CMSG_ALIGN(sizeof(struct nb_cmsghdr));
        uint32_t needed = data + (uint32_t)(count * sizeof(int32_t));
        bool room = control && used + needed <= length;
        struct nb_cmsghdr header = {needed, NB_SOL_SOCKET, NB_SCM_RIGHTS};
        for (size_t i = 0; i < count; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(from) + i * sizeof(int), sizeof descriptor);
            if (!room) {
                HOST(close, descriptor);
                *truncated = NB_MSG_CTRUNC;
                continue;
            }
            int32_t fd = receive_descriptor(descriptor, flags & NB_MSG_CMSG_CLOEXEC);
            memcpy(out + used + data + i * sizeof fd, &fd, sizeof fd);
        }
        if (room) {
            memcpy(out + used, &header, sizeof header);
            used += NB_CMSG_ALIGN(needed) <= length - used ? NB_CMSG_ALIGN(needed) : needed;
        }
    }
    return used;
}
