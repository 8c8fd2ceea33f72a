/* SPDX-License-Identifier: Apache-2.0 */

/* Sockets: from socket(2) to shutdown(2). */
#define _GNU_SOURCE
#include "kernel.h"
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

static int find(int fd, struct file **file)
{
    *file = descriptor_file(fd);
    if (!*file) {
        return -NB_EBADF;
    }
    return (*file)->kind == SOCKET ? 0 : -NB_ENOTSOCK;
}

static struct file *socket_file(int host, int domain, int type, int flags)
{
    struct file *file = file_new(SOCKET, host, NB_O_RDWR | flags);
    file->domain = domain;
    file->type = type;
    file->send_buffer = host_option(host, SOL_SOCKET, SO_SNDBUF) / 2;
    file->receive_buffer = host_option(host, SOL_SOCKET, SO_RCVBUF) / 2;
    if (type == SOCK_DGRAM) {
        /*
         * net.inet.udp.sendspace (observed), and unpdg_sendspace of uipc_usrreq.c: no larger datagram can be sent unless
         * SO_SNDBUF is raised
         */
        file->send_buffer = domain == NB_AF_UNIX ? 2048 : 9216;
    }
    return file;
}

int sys_socket(int domain, int type, int protocol)
{
    int flags = (int)((uint32_t)type & NB_SOCK_FLAGS_MASK);
    int plain = (int)((uint32_t)type & ~NB_SOCK_FLAGS_MASK);
    int host_domain = domain_to_host(domain);
    if (host_domain < 0) {
        return -NB_EAFNOSUPPORT;
    }
    if (plain != NB_SOCK_STREAM && plain != NB_SOCK_DGRAM) {
        return -NB_EPROTOTYPE;
    }
    if (!descriptor_available()) {
        return -NB_EMFILE;
    }
    long host = HOST(socket, host_domain, plain | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (host < 0) {
        return error_from_host(host);
    }
    if (domain == NB_AF_INET6) {
        /* net.inet6.ip6.v6only is 1 (observed) */
        int on = 1;
        HOST(setsockopt, host, IPPROTO_IPV6, IPV6_V6ONLY, &on, (long)sizeof on);
    }
    struct file *file = socket_file((int)host, domain, plain, flags & NB_SOCK_NONBLOCK ? NB_O_NONBLOCK : 0);
    file->nosigpipe = flags & NB_SOCK_NOSIGPIPE;
    return descriptor_new(file, 0, flags & NB_SOCK_CLOEXEC);
}

int sys_bind(int fd, const void *address, uint32_t length)
{
    struct file *file;
    int error = find(fd, &file);
    if (error < 0) {
        return error;
    }
    struct sockaddr_storage host;
    socklen_t host_length;
    error = address_to_host(address, length, &host, &host_length);
    if (error < 0) {
        return error;
    }
    if (host.ss_family != domain_to_host(file->domain)) {
        return -NB_EAFNOSUPPORT;
    }
    long result = HOST(bind, file->host, &host, (long)host_length);
    return result < 0 ? error_from_host(result) : 0;
}

int sys_listen(int fd, int backlog)
{
    struct file *file;
    int error = find(fd, &file);
    if (error < 0) {
        return error;
    }
    if (file->type != NB_SOCK_STREAM) {
        return -NB_EOPNOTSUPP;
    }
    if (file->state != FRESH && file->state != LISTENING) {
        return -NB_EINVAL;
    }
    /* kern.somaxconn */
    int limited = backlog < 0 || backlog > 128 ? 128 : backlog;
    long result = HOST(listen, file->host, limited);
    if (result < 0) {
        return error_from_host(result);
    }
    file->state = LISTENING;
    file->backlog = limited > 0 ? limited : 1;
    return 0;
}

static int connect_stream(struct file *file, const struct sockaddr_storage *host, socklen_t host_length)
{
    if (file->state == CONNECTING) {
        file_refresh(file);
    }
    switch (file->state) {
    case LISTENING:
        return -NB_EOPNOTSUPP;
    case CONNECTING:
        return -NB_EALREADY;
    case CONNECTED:
        return -NB_EISCONN;
    case DISCONNECTED:
        return -NB_EINVAL;
    case FRESH:
        break;
    }
    long result = HOST(connect, file->host, host, (long)host_length);
    if (result < 0 && result != -EINPROGRESS) {
        /* A full backlog of a UNIX listener: try again, says Linux; refused, says NetBSD (observed) */
        return result == -EAGAIN ? -NB_ECONNREFUSED : error_from_host(result);
    }
    if (result == 0) {
        file->state = CONNECTED;
        file_wake(file, WAKE_READ | WAKE_WRITE);
        return 0;
    }
    file->state = CONNECTING;
    if (file->flags & NB_O_NONBLOCK) {
        return -NB_EINPROGRESS;
    }
    while (file->state == CONNECTING) {
        int error = file_sleep(file, POLLOUT);
        if (error < 0) {
            return error;
        }
        file_refresh(file);
    }
    int error = -file->so_error;
    file->so_error = 0;
    return error;
}

/* soconnect(): a connected datagram socket is first disconnected, whatever becomes of the new address. */
static void dissolve(struct file *file)
{
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    if (file->state == CONNECTED) {
        HOST(connect, file->host, &none, (long)sizeof none);
        file->state = FRESH;
    }
}

int sys_connect(int fd, const void *address, uint32_t length)
{
    struct file *file;
    int error = find(fd, &file);
    if (error < 0) {
        return error;
    }
    if (file->type == NB_SOCK_DGRAM && length > 2) {
        dissolve(file);
    }
    struct sockaddr_storage host;
    socklen_t host_length;
    error = address_to_host(address, length, &host, &host_length);
    if (error == -NB_EAFNOSUPPORT && file->domain == NB_AF_UNIX) {
        /* unp_connect() does not look at the family, but for the path, and finds it empty */
        return -NB_ENOENT;
    }
    if (error < 0) {
        return error;
    }
    if (host.ss_family != domain_to_host(file->domain)) {
        return -NB_EAFNOSUPPORT;
    }
    if (file->type == NB_SOCK_STREAM) {
        return connect_stream(file, &host, host_length);
    }
    long result = HOST(connect, file->host, &host, (long)host_length);
    if (result < 0) {
        return error_from_host(result);
    }
    file->state = CONNECTED;
    return 0;
}

/* Accepted sockets have the listener's options but not its IP_TOS (observed), which Linux passes on. */
static void forget_tos(int host, int domain)
{
    int none = 0;
    if (domain == NB_AF_INET) {
        HOST(setsockopt, host, IPPROTO_IP, IP_TOS, &none, (long)sizeof none);
    } else if (domain == NB_AF_INET6) {
        HOST(setsockopt, host, IPPROTO_IPV6, IPV6_TCLASS, &none, (long)sizeof none);
    }
}

int sys_accept(int fd, void *address, uint32_t *length, int flags, bool inherit)
{
    struct file *file;
    int error = find(fd, &file);
    if (error < 0) {
        return error;
    }
    if (flags & ~(NB_SOCK_CLOEXEC | NB_SOCK_NONBLOCK | NB_SOCK_NOSIGPIPE)) {
        return -NB_EINVAL;
    }
    if (file->type != NB_SOCK_STREAM) {
        return -NB_EOPNOTSUPP;
    }
    if (file->state != LISTENING) {
        return -NB_EINVAL;
    }
    if (!descriptor_available()) {
        return -NB_EMFILE;
    }
    file_refresh(file);
    while (file->items == 0) {
        if (file->flags & NB_O_NONBLOCK) {
            return -NB_EAGAIN;
        }
        error = file_sleep(file, POLLIN);
        if (error < 0) {
            return error;
        }
        file_refresh(file);
    }
    struct item *item = item_take(file);
    file_refresh(file);
    /* An edge-triggered knote is told again as long as others wait (observed). */
    file_wake(file, WAKE_READ);
    int lost = file->domain == NB_AF_UNIX ? 0 : host_option(item->host, SOL_SOCKET, SO_ERROR);
    if (lost != 0) {
        address_copy_out(&item->from, item->from_length, address, length);
        item_free(item);
        return -NB_ECONNABORTED;
    }
    int nonblock = inherit ? file->flags & NB_O_NONBLOCK : flags & NB_SOCK_NONBLOCK ? NB_O_NONBLOCK : 0;
    struct file *accepted = socket_file(item->host, file->domain, file->type, nonblock);
    accepted->state = CONNECTED;
    accepted->linger = file->linger;
    accepted->send_low_water = file->send_low_water;
    accepted->nosigpipe = (flags & NB_SOCK_NOSIGPIPE) || file->nosigpipe;
    forget_tos(item->host, file->domain);
    address_copy_out(&item->from, item->from_length, address, length);
    item->host = -1;
    item_free(item);
    return descriptor_new(accepted, 0, flags & NB_SOCK_CLOEXEC);
}

int sys_shutdown(int fd, int how)
{
    struct file *file;
    int error = find(fd, &file);
    if (error < 0) {
        return error;
    }
    if (how < 0 || how > 2) {
        return -NB_EINVAL;
    }
    if (file->type == NB_SOCK_STREAM && file->state != LISTENING) {
        file_refresh(file);
        if (file->state != CONNECTED) {
            return -NB_ENOTCONN;
        }
    }
    long result = HOST(shutdown, file->host, how);
    if (result < 0) {
        return error_from_host(result);
    }
    int wake = 0;
    if (how != 1) {
        file->shut_read = true;
        file->cant_receive = true;
        wake |= WAKE_READ;
    }
    if (how != 0) {
        file->cant_send = true;
        wake |= WAKE_WRITE;
    }
    file_wake(file, wake);
    return 0;
}

int sys_getsockname(int fd, void *address, uint32_t *length)
{
    struct file *file;
    int error = find(fd, &file);
    if (error < 0) {
        return error;
    }
    struct sockaddr_storage host;
    socklen_t host_length = sizeof host;
    long result = HOST(getsockname, file->host, &host, &host_length);
    if (result < 0) {
        return error_from_host(result);
    }
    address_copy_out(&host, host_length, address, length);
    return 0;
}

int sys_getpeername(int fd, void *address, uint32_t *length)
{
    struct file *file;
    int error = find(fd, &file);
    if (error < 0) {
        return error;
    }
    file_refresh(file);
    if (file->state != CONNECTED) {
        return -NB_ENOTCONN;
    }
    struct sockaddr_storage host;
    socklen_t host_length = sizeof host;
    long result = HOST(getpeername, file->host, &host, &host_length);
    if (result < 0) {
        return error_from_host(result);
    }
    address_copy_out(&host, host_length, address, length);
    return 0;
}
