/* SPDX-License-Identifier: Apache-2.0 */

/* getsockopt(2), setsockopt(2). */
#define _GNU_SOURCE
#include "kernel.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

/* BYTE: set as a char or an int, read back as a char (ip_setmoptions(), ip_getmoptions()). */
enum value_kind { NUMBER, FLAG, BYTES, BYTE };

struct option {
    int level;
    int name;
    int host_level;
    int host_name;
    enum value_kind kind;
    int on; /* what a flag that is set reads back as; how many BYTES there have to be */
};

static const struct option options[] = {
    {NB_SOL_SOCKET, NB_SO_ACCEPTCONN, SOL_SOCKET, SO_ACCEPTCONN, FLAG, 1},
    {NB_SOL_SOCKET, NB_SO_REUSEADDR, SOL_SOCKET, SO_REUSEADDR, FLAG, 1},
    {NB_SOL_SOCKET, NB_SO_REUSEPORT, SOL_SOCKET, SO_REUSEPORT, FLAG, 1},
    {NB_SOL_SOCKET, NB_SO_KEEPALIVE, SOL_SOCKET, SO_KEEPALIVE, FLAG, 1},
    {NB_SOL_SOCKET, NB_SO_DONTROUTE, SOL_SOCKET, SO_DONTROUTE, FLAG, 1},
    {NB_SOL_SOCKET, NB_SO_BROADCAST, SOL_SOCKET, SO_BROADCAST, FLAG, 1},
    {NB_SOL_SOCKET, NB_SO_OOBINLINE, SOL_SOCKET, SO_OOBINLINE, FLAG, 1},
    /* tcp_ctloutput() answers with the bit of t_flags, TF_NODELAY */
    {NB_IPPROTO_TCP, NB_TCP_NODELAY, IPPROTO_TCP, TCP_NODELAY, FLAG, 4},
    {NB_IPPROTO_TCP, NB_TCP_MAXSEG, IPPROTO_TCP, TCP_MAXSEG, NUMBER, 0},
    {NB_IPPROTO_TCP, NB_TCP_KEEPIDLE, IPPROTO_TCP, TCP_KEEPIDLE, NUMBER, 0},
    {NB_IPPROTO_TCP, NB_TCP_KEEPINTVL, IPPROTO_TCP, TCP_KEEPINTVL, NUMBER, 0},
    {NB_IPPROTO_TCP, NB_TCP_KEEPCNT, IPPROTO_TCP, TCP_KEEPCNT, NUMBER, 0},
    {NB_IPPROTO_IP, NB_IP_TOS, IPPROTO_IP, IP_TOS, NUMBER, 0},
    {NB_IPPROTO_IP, NB_IP_TTL, IPPROTO_IP, IP_TTL, NUMBER, 0},
    {NB_IPPROTO_IP, NB_IP_MULTICAST_IF, IPPROTO_IP, IP_MULTICAST_IF, BYTES, 4},
    {NB_IPPROTO_IP, NB_IP_MULTICAST_TTL, IPPROTO_IP, IP_MULTICAST_TTL, BYTE, 0},
    {NB_IPPROTO_IP, NB_IP_MULTICAST_LOOP, IPPROTO_IP, IP_MULTICAST_LOOP, BYTE, 0},
    {NB_IPPROTO_IP, NB_IP_ADD_MEMBERSHIP, IPPROTO_IP, IP_ADD_MEMBERSHIP, BYTES, 8},
    {NB_IPPROTO_IP, NB_IP_DROP_MEMBERSHIP, IPPROTO_IP, IP_DROP_MEMBERSHIP, BYTES, 8},
    {NB_IPPROTO_IPV6, NB_IPV6_UNICAST_HOPS, IPPROTO_IPV6, IPV6_UNICAST_HOPS, NUMBER, 0},
    {NB_IPPROTO_IPV6, NB_IPV6_MULTICAST_IF, IPPROTO_IPV6, IPV6_MULTICAST_IF, BYTES, 4},
    {NB_IPPROTO_IPV6, NB_IPV6_MULTICAST_HOPS, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, NUMBER, 0},
    {NB_IPPROTO_IPV6, NB_IPV6_MULTICAST_LOOP, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, NUMBER, 0},
    {NB_IPPROTO_IPV6, NB_IPV6_JOIN_GROUP, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, BYTES, 20},
    {NB_IPPROTO_IPV6, NB_IPV6_LEAVE_GROUP, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, BYTES, 20},
    {NB_IPPROTO_IPV6, NB_IPV6_V6ONLY, IPPROTO_IPV6, IPV6_V6ONLY, FLAG, 1},
    {NB_IPPROTO_IPV6, NB_IPV6_TCLASS, IPPROTO_IPV6, IPV6_TCLASS, NUMBER, 0}
};

static const struct option *lookup(const struct file *file, int level, int name)
{
    bool wrong_level = (file->domain == NB_AF_UNIX && level != NB_SOL_SOCKET)
        || (level == NB_IPPROTO_TCP && file->type != NB_SOCK_STREAM)
        || (level == NB_IPPROTO_IP && file->domain != NB_AF_INET)
        || (level == NB_IPPROTO_IPV6 && file->domain != NB_AF_INET6);
    for (size_t i = 0; !wrong_level && i < sizeof options / sizeof *options; i++) {
        if (options[i].level == level && options[i].name == name) {
            return &options[i];
        }
    }
    return NULL;
}

static int put(const void *from, uint32_t size, void *value, uint32_t *length)
{
    if (*length > size) {
        *length = size;
    }
    memcpy(value, from, *length);
    return 0;
}

static int put_number(int32_t number, void *value, uint32_t *length)
{
    return put(&number, sizeof number, value, length);
}

static int get_peer(struct file *file, void *value, uint32_t *length)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    long result = HOST(getsockopt, file->host, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
    if (result < 0) {
        return error_from_host(result);
    }
    /* Noted at the connect and the listen of a stream (UNP_EIDSVALID), never for datagrams */
    if (file->state != CONNECTED || file->type != NB_SOCK_STREAM) {
        return -NB_ENOTCONN;
    }
    struct nb_unpcbid peer = {credentials.pid, credentials.uid, credentials.gid};
    return put(&peer, sizeof peer, value, length);
}

int sys_getsockopt(int fd, int level, int name, void *value, uint32_t *length)
{
    struct file *file = descriptor_file(fd);
    if (!file) {
        return -NB_EBADF;
    }
    if (file->kind != SOCKET) {
        return -NB_ENOTSOCK;
    }
    if (level == 0 && name == NB_LOCAL_PEEREID && file->domain == NB_AF_UNIX) {
        return get_peer(file, value, length);
    }
    if (level == NB_SOL_SOCKET) {
        switch (name) {
        case NB_SO_ERROR: {
            file_refresh(file);
            int error = file->so_error;
            file->so_error = 0;
            return put_number(error, value, length);
        }
        case NB_SO_ACCEPTFILTER:
            /* accept_filt_getopt(): not a listener, or one without a filter */
            return -NB_EINVAL;
        case NB_SO_TYPE:
            return put_number(file->type, value, length);
        case NB_SO_LINGER: {
            int32_t linger[2] = {file->linger >= 0, file->linger >= 0 ? file->linger : 0};
            return put(linger, sizeof linger, value, length);
        }
        case NB_SO_SNDBUF:
            return put_number(file->send_buffer, value, length);
        case NB_SO_RCVBUF:
            return put_number(file->receive_buffer, value, length);
        case NB_SO_SNDLOWAT:
            return put_number(file->send_low_water, value, length);
        case NB_SO_RCVLOWAT:
            return put_number(file->receive_low_water, value, length);
        case NB_SO_NOSIGPIPE:
            return put_number(file->nosigpipe, value, length);
        default:
            break;
        }
    }
    const struct option *option = lookup(file, level, name);
    if (!option) {
        return -NB_ENOPROTOOPT;
    }
    unsigned char bytes[sizeof(int)];
    socklen_t size = sizeof bytes;
    long result = HOST(getsockopt, file->host, option->host_level, option->host_name, bytes, &size);
    if (result < 0) {
        return error_from_host(result);
    }
    if (option->kind == BYTES || option->kind == BYTE) {
        return put(bytes, option->kind == BYTE ? 1 : size, value, length);
    }
    int number;
    memcpy(&number, bytes, sizeof number);
    return put_number(option->kind == FLAG ? (number ? option->on : 0) : number, value, length);
}

static int set_buffer(struct file *file, int host_name, int size, int *kept)
{
    if (size <= 0) {
        return -NB_EINVAL;
    }
    /* sbreserve(): kern.sbmax, 256 KiB, less what the mbufs around the clusters take */
    if (size > 262144 / 2560 * 2048) {
        return -NB_ENOBUFS;
    }
    long result = HOST(setsockopt, file->host, SOL_SOCKET, host_name, &size, (long)sizeof size);
    if (result < 0) {
        return error_from_host(result);
    }
    *kept = size;
    return 0;
}

static int set_linger(struct file *file, const void *value, uint32_t length)
{
    int32_t linger[2];
    if (length != sizeof linger) {
        return -NB_EINVAL;
    }
    memcpy(linger, value, sizeof linger);
    /* sosetopt(): clock ticks are an int */
    if (linger[1] < 0 || linger[1] > INT32_MAX / 100) {
        return -NB_EDOM;
    }
    struct linger host = {linger[0] != 0, linger[1]};
    long result = HOST(setsockopt, file->host, SOL_SOCKET, SO_LINGER, &host, (long)sizeof host);
    if (result < 0) {
        return error_from_host(result);
    }
    file->linger = linger[0] ? linger[1] : -1;
    return 0;
}

int sys_setsockopt(int fd, int level, int name, const void *value, uint32_t length)
{
    struct file *file = descriptor_file(fd);
    if (!file) {
        return -NB_EBADF;
    }
    if (file->kind != SOCKET) {
        return -NB_ENOTSOCK;
    }
    if (level == NB_SOL_SOCKET && name == NB_SO_LINGER) {
        return set_linger(file, value, length);
    }
    if (level == NB_SOL_SOCKET && name == NB_SO_ACCEPTFILTER) {
        /* accept_filt_setopt(), in a kernel that has no such filter */
        return file->state == LISTENING ? -NB_ENOENT : -NB_EINVAL;
    }
    int number = 0;
    bool is_number = length == sizeof number;
    if (is_number) {
        memcpy(&number, value, sizeof number);
    }
    if (level == NB_SOL_SOCKET) {
        int *kept = name == NB_SO_SNDLOWAT ? &file->send_low_water : name == NB_SO_RCVLOWAT ? &file->receive_low_water : NULL;
        if (kept || name == NB_SO_SNDBUF || name == NB_SO_RCVBUF || name == NB_SO_NOSIGPIPE) {
            if (!is_number) {
                return -NB_EINVAL;
            }
        }
        if (kept) {
            if (number <= 0) {
                return -NB_EINVAL;
            }
            *kept = number;
            return 0;
        }
        switch (name) {
        case NB_SO_SNDBUF:
            return set_buffer(file, SO_SNDBUF, number, &file->send_buffer);
        case NB_SO_RCVBUF:
            return set_buffer(file, SO_RCVBUF, number, &file->receive_buffer);
        case NB_SO_NOSIGPIPE:
            file->nosigpipe = number != 0;
            return 0;
        default:
            break;
        }
    }
    const struct option *option = lookup(file, level, name);
    if (!option || option->host_name == SO_ACCEPTCONN) {
        return -NB_ENOPROTOOPT;
    }
    /* sockopt_get() and sockopt_getint() want the size of the value, neither less nor more */
    bool right_size = option->kind == BYTES  ? length == (uint32_t)option->on
                      : option->kind == BYTE ? length == 1 || is_number
                                             : is_number;
    if (!right_size) {
        return -NB_EINVAL;
    }
    long result = HOST(setsockopt, file->host, option->host_level, option->host_name, value, (long)length);
    return result < 0 ? error_from_host(result) : 0;
}
