/* SPDX-License-Identifier: Apache-2.0 */

/* Bytes in and out, and the odd calls that any descriptor takes. */
#define _GNU_SOURCE
#include "kernel.h"
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <string.h>

/* Any other bit is of another system: NetBSD would ignore it, here it is to be noticed. */
#define KNOWN_MESSAGE_FLAGS (NB_MSG_PEEK | NB_MSG_WAITALL | NB_MSG_DONTWAIT | NB_MSG_NOSIGNAL | NB_MSG_CMSG_CLOEXEC)

static bool blocks(const struct file *file, int flags)
{
    return !(file->flags & NB_O_NONBLOCK) && !(flags & NB_MSG_DONTWAIT);
}

static size_t total(const struct nb_msghdr *message)
{
    size_t bytes = 0;
    for (int i = 0; i < message->iov_length; i++) {
        bytes += message->iov[i].iov_len;
    }
    return bytes;
}

static int take_error(struct file *file, int flags)
{
    int error = file->so_error;
    if (!(flags & NB_MSG_PEEK)) {
        file->so_error = 0;
    }
    return -error;
}

static ssize_t receive_datagram(struct file *file, struct nb_msghdr *message, int flags)
{
    file_refresh(file);
    while (file->items == 0) {
        if (file->so_error) {
            return take_error(file, flags);
        }
        if (file->cant_receive) {
            return 0;
        }
        if (!blocks(file, flags)) {
            return -NB_EAGAIN;
        }
        int error = file_sleep(file, POLLIN);
        if (error < 0) {
            return error;
        }
        file_refresh(file);
    }
    struct item *item = file->first;
    size_t copied = 0;
    for (int i = 0; i < message->iov_length && copied < item->length; i++) {
        size_t part = item->length - copied;
        if (part > message->iov[i].iov_len) {
            part = message->iov[i].iov_len;
        }
        memcpy(message->iov[i].iov_base, item->data + copied, part);
        copied += part;
    }
    message->flags = copied < item->length ? NB_MSG_TRUNC : 0;
    uint32_t name_length = message->name_length;
    address_copy_out(&item->from, item->from_length, message->name, &name_length);
    message->name_length = message->name ? name_length : 0;
    if (flags & NB_MSG_PEEK) {
        message->control_length = 0;
        return (ssize_t)copied;
    }
    item_take(file);
    message->control_length = control_from_host(
        item->control, item->control_length, message->control, message->control_length, flags, &message->flags);
    item->control_length = 0; /* its descriptors are the receiver's now, or closed */
    item_free(item);
    return (ssize_t)copied;
}

static ssize_t host_receive(struct file *file, struct nb_msghdr *message, int flags, size_t skip)
{
    /* Left over from the bytes that came before, for MSG_WAITALL and for a read that was cut short */
    struct iovec *iov = message->iov;
    struct iovec rest[1];
    size_t count = (size_t)message->iov_length;
    while (count > 0 && skip >= iov->iov_len && skip > 0) {
        skip -= iov->iov_len;
        iov++;
        count--;
    }
    if (skip > 0) {
        rest[0].iov_base = (char *)iov->iov_base + skip;
        rest[0].iov_len = iov->iov_len - skip;
        iov = rest;
        count = 1;
    }
    if (file->kind != SOCKET) {
        return HOST(readv, file->host, iov, count);
    }
    unsigned char control[4096];
    struct msghdr host = {
        .msg_iov = iov, .msg_iovlen = count, .msg_control = message->control ? control : NULL,
        .msg_controllen = message->control ? sizeof control : 0
    };
    int host_flags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC | (flags & NB_MSG_PEEK ? MSG_PEEK : 0);
    ssize_t result = HOST(recvmsg, file->host, &host, host_flags);
    if (result >= 0 && message->control) {
        message->control_length = control_from_host(
            control, host.msg_controllen, message->control, message->control_length, flags, &message->flags);
        if (host.msg_flags & MSG_CTRUNC) {
            message->flags |= NB_MSG_CTRUNC;
        }
    }
    return result;
}

/* The end of the stream, or the error that ended it. */
static ssize_t ended(struct file *file, int flags)
{
    return file->so_error ? take_error(file, flags) : 0;
}

static ssize_t receive_stream(struct file *file, struct nb_msghdr *message, int flags)
{
    size_t wanted = total(message);
    size_t got = 0;
    message->name_length = 0;
    message->flags = 0;
    if (file->kind == SOCKET) {
        if (file->state == CONNECTING) {
            file_refresh(file);
        }
        if (file->state == FRESH || file->state == LISTENING) {
            return -NB_ENOTCONN;
        }
    }
    if (file->shut_read) {
        file_refresh(file);
        message->control_length = 0;
        return ended(file, flags);
    }
    if (wanted == 0) {
        message->control_length = 0;
        return 0;
    }
    for (;;) {
        ssize_t result = file->kind == SOCKET && file->state == CONNECTING
            ? -EAGAIN
            : host_receive(file, message, flags, got);
        if (result > 0) {
            if (!(flags & NB_MSG_PEEK)) {
                file->taken += (uint64_t)result;
            }
            got += (size_t)result;
            if (got < wanted && (flags & NB_MSG_WAITALL) && blocks(file, flags)) {
                continue;
            }
            return (ssize_t)got;
        }
        if (got > 0 && result != -EAGAIN) {
            return (ssize_t)got;
        }
        if (result == 0) {
            return ended(file, flags);
        }
        if (result != -EAGAIN) {
            bool gone = file->kind == SOCKET && file->state == DISCONNECTED;
            file_refresh(file);
            if (file->so_error) {
                return take_error(file, flags);
            }
            /* What the running system says of a connection whose error was fetched; and see refresh_stream(). */
            if ((gone && result == -ENOTCONN) || (file->domain == NB_AF_UNIX && result == -ECONNRESET)) {
                return 0;
            }
            return error_from_host(result);
        }
        if (file->so_error) {
            return take_error(file, flags);
        }
        if (!blocks(file, flags)) {
            return got > 0 ? (ssize_t)got : -NB_EAGAIN;
        }
        int error = file_sleep(file, POLLIN);
        if (error < 0) {
            return got > 0 ? (ssize_t)got : error;
        }
        if (file->kind == SOCKET && file->state == CONNECTING) {
            file_refresh(file);
        }
    }
}

ssize_t sys_receive(int fd, struct nb_msghdr *message, int flags, bool socket_only)
{
    struct file *file = descriptor_file(fd);
    if (!file || (file->flags & 3) == NB_O_WRONLY) {
        return -NB_EBADF;
    }
    if (file->kind != SOCKET && socket_only) {
        return -NB_ENOTSOCK;
    }
    if (file->kind == KQUEUE) {
        return -NB_ENXIO;
    }
    if (flags & ~KNOWN_MESSAGE_FLAGS) {
        return -NB_EOPNOTSUPP;
    }
    if (message->iov_length < 0 || message->iov_length > NB_IOV_MAX) {
        return socket_only ? -NB_EMSGSIZE : -NB_EINVAL;
    }
    return file->kind == SOCKET && file->type == NB_SOCK_DGRAM ? receive_datagram(file, message, flags)
                                                               : receive_stream(file, message, flags);
}

static ssize_t host_send(struct file *file, struct msghdr *message)
{
    return file->kind != SOCKET ? HOST(writev, file->host, message->msg_iov, message->msg_iovlen)
                                : HOST(sendmsg, file->host, message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static ssize_t send_datagram(struct file *file, struct msghdr *message, size_t length, int flags)
{
    if (file->cant_send) {
        return -NB_EPIPE;
    }
    if (file->so_error) {
        return take_error(file, 0);
    }
    if (!message->msg_name && file->state != CONNECTED) {
        return file->domain == NB_AF_UNIX ? -NB_ENOTCONN : -NB_EDESTADDRREQ;
    }
    if (message->msg_name && file->state == CONNECTED) {
        return -NB_EISCONN;
    }
    if (length > (size_t)file->send_buffer) {
        return -NB_EMSGSIZE;
    }
    for (;;) {
        ssize_t result = host_send(file, message);
        if (result >= 0) {
            return result;
        }
        if (result != -EAGAIN) {
            return error_from_host(result);
        }
        if (file->domain == NB_AF_UNIX) {
            /* unp_output(): the datagram goes into the receiver's buffer or nowhere, and nobody tells when there is room */
            return -NB_ENOBUFS;
        }
        file->send_blocked = true;
        if (!blocks(file, flags)) {
            return -NB_EAGAIN;
        }
        int error = file_sleep(file, POLLOUT);
        if (error < 0) {
            return error;
        }
    }
}

static void skip(struct msghdr *message, size_t bytes)
{
    while (bytes > 0 && bytes >= message->msg_iov->iov_len) {
        bytes -= message->msg_iov->iov_len;
        message->msg_iov++;
        message->msg_iovlen--;
    }
    if (bytes > 0) {
        message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + bytes;
        message->msg_iov->iov_len -= bytes;
    }
}

/*
 * NetBSD says EPIPE of a connection that was reset and keeps the error for SO_ERROR; Linux hands the error over with the
 * write, once.
 */
static ssize_t send_failed(struct file *file, long result)
{
    if (file->kind != SOCKET) {
        return error_from_host(result);
    }
    file_refresh(file);
    if (result == -EPIPE) {
        return -NB_EPIPE;
    }
    if (file->cant_send) {
        if (file->so_error == 0 && file->domain != NB_AF_UNIX) {
            file->so_error = -error_from_host(result);
            file_wake(file, WAKE_READ | WAKE_WRITE);
        }
        return -NB_EPIPE;
    }
    return error_from_host(result);
}

static ssize_t send_stream(struct file *file, struct msghdr *message, size_t length, int flags)
{
    size_t sent = 0;
    if (file->kind == SOCKET) {
        if (file->state == CONNECTING) {
            file_refresh(file);
        }
        if (file->cant_send) {
            return -NB_EPIPE;
        }
        if (file->so_error) {
            return take_error(file, 0);
        }
        if (file->state != CONNECTED) {
            return -NB_ENOTCONN;
        }
    }
    for (;;) {
        ssize_t result = host_send(file, message);
        if (result >= 0) {
            sent += (size_t)result;
            message->msg_control = NULL;
            message->msg_controllen = 0;
            int waiting = host_queued(file->host, file->kind == PIPE ? FIONREAD : SIOCOUTQ);
            if (waiting > file->send_peak) {
                file->send_peak = waiting;
            }
            if (sent == length) {
                return (ssize_t)sent;
            }
            skip(message, (size_t)result);
        } else if (result != -EAGAIN) {
            return sent > 0 ? (ssize_t)sent : send_failed(file, result);
        }
        file->send_blocked = true;
        if (!blocks(file, flags)) {
            return sent > 0 ? (ssize_t)sent : -NB_EAGAIN;
        }
        int error = file_sleep(file, POLLOUT);
        if (error < 0) {
            return sent > 0 ? (ssize_t)sent : error;
        }
    }
}

ssize_t sys_send(int fd, const struct nb_msghdr *message, int flags, bool socket_only)
{
    struct file *file = descriptor_file(fd);
    if (!file || (file->flags & 3) == 0) {
        return -NB_EBADF;
    }
    if (file->kind != SOCKET && socket_only) {
        return -NB_ENOTSOCK;
    }
    if (file->kind == KQUEUE) {
        return -NB_ENXIO;
    }
    if (flags & ~KNOWN_MESSAGE_FLAGS) {
        return -NB_EOPNOTSUPP;
    }
    if (message->iov_length < 0 || message->iov_length > NB_IOV_MAX) {
        return socket_only ? -NB_EMSGSIZE : -NB_EINVAL;
    }
    /* A copy: a write that blocks is carried on from where it stopped. */
    struct iovec iov[NB_IOV_MAX];
    memcpy(iov, message->iov, (size_t)message->iov_length * sizeof *iov);
    struct msghdr host = {.msg_iov = iov, .msg_iovlen = (size_t)message->iov_length};
    struct sockaddr_storage name;
    if (message->name) {
        if (file->type == NB_SOCK_STREAM) {
            return -NB_EISCONN;
        }
        socklen_t name_length;
        int error = address_to_host(message->name, message->name_length, &name, &name_length);
        if (error < 0) {
            return error;
        }
        if (name.ss_family != domain_to_host(file->domain)) {
            return -NB_EAFNOSUPPORT;
        }
        host.msg_name = &name;
        host.msg_namelen = name_length;
    }
    unsigned char control[4096];
    if (message->control && message->control_length > 0) {
        size_t control_length = sizeof control;
        if (file->domain != NB_AF_UNIX) {
            return -NB_EINVAL;
        }
        int error = control_to_host(message->control, message->control_length, control, &control_length);
        if (error < 0) {
            return error;
        }
        host.msg_control = control;
        host.msg_controllen = control_length;
    }
    size_t length = total(message);
    return file->kind == SOCKET && file->type == NB_SOCK_DGRAM ? send_datagram(file, &host, length, flags)
                                                               : send_stream(file, &host, length, flags);
}

/*
 * Where NetBSD 7.99.34 leaves the error that ended a batch, also that of an empty or full buffer: sys_recvmmsg() and
 * sys_sendmmsg() put it into so_error, from where the next call fetches it. WITH_QUIET_BATCHES: later releases do not.
 */
static int batch_ended(int fd, uint32_t done, int error)
{
#ifndef WITH_QUIET_BATCHES
    struct file *file = descriptor_file(fd);
    if (error < 0 && file && file->kind == SOCKET) {
        file->so_error = -error;
    }
#else
    (void)fd;
#endif
    return done > 0 ? (int)done : error;
}

#define MOST_OF_A_BATCH 1024

int sys_receive_many(
    int fd, struct nb_mmsghdr *messages, uint32_t count, int flags, const struct nb_timespec *timeout)
{
    uint64_t end = timeout ? now_nanos() + (uint64_t)timeout->seconds * 1000000000u + (uint64_t)timeout->nanos : 0;
    uint32_t done = 0;
    int each = flags & ~NB_MSG_WAITFORONE;
    int error = 0;
    count = count > MOST_OF_A_BATCH ? MOST_OF_A_BATCH : count;
    while (done < count) {
        ssize_t length = sys_receive(fd, &messages[done].header, each, true);
        if (length < 0) {
            error = length == -NB_EAGAIN && done > 0 ? 0 : (int)length;
            break;
        }
        messages[done++].length = (uint32_t)length;
        if (timeout && now_nanos() > end) {
            break;
        }
        if (flags & NB_MSG_WAITFORONE) {
            each |= NB_MSG_DONTWAIT;
        }
    }
    return batch_ended(fd, done, error);
}

int sys_send_many(int fd, struct nb_mmsghdr *messages, uint32_t count, int flags)
{
    uint32_t done = 0;
    int error = 0;
    count = count > MOST_OF_A_BATCH ? MOST_OF_A_BATCH : count;
    while (done < count) {
        ssize_t length = sys_send(fd, &messages[done].header, flags, true);
        if (length < 0) {
            error = (int)length;
            break;
        }
        messages[done++].length = (uint32_t)length;
    }
    return batch_ended(fd, done, error);
}

int sys_pipe(int *fds)
{
    int host[2];
    long result = HOST(pipe2, host, O_NONBLOCK | O_CLOEXEC);
    if (result < 0) {
        return error_from_host(result);
    }
    int reader = descriptor_new(file_new(PIPE, host[0], 0), 0, false);
    int writer = descriptor_new(file_new(PIPE, host[1], NB_O_WRONLY), 0, false);
    if (reader < 0 || writer < 0) {
        descriptor_close(reader);
        descriptor_close(writer);
        return -NB_EMFILE;
    }
    fds[0] = reader;
    fds[1] = writer;
    return 0;
}

int sys_fcntl(int fd, int command, int argument)
{
    struct file *file = descriptor_file(fd);
    if (!file) {
        return -NB_EBADF;
    }
    switch (command) {
    case NB_F_DUPFD:
    case NB_F_DUPFD_CLOEXEC:
        if (argument < 0) {
            return -NB_EINVAL;
        }
        file->references++;
        return descriptor_new(file, argument, command == NB_F_DUPFD_CLOEXEC);
    case NB_F_GETFD:
        return *descriptor_close_on_exec(fd) ? NB_FD_CLOEXEC : 0;
    case NB_F_SETFD:
        *descriptor_close_on_exec(fd) = argument & NB_FD_CLOEXEC;
        return 0;
    case NB_F_GETFL:
        return file->flags;
    case NB_F_SETFL:
        /* As with MSG_*: what is no flag here would be ignored, and is to be noticed. */
        if (argument & ~(3 | NB_O_NONBLOCK | NB_O_APPEND | NB_O_ASYNC)) {
            return -NB_EINVAL;
        }
        file->flags = (file->flags & 3) | (argument & ~3);
        return 0;
    default:
        return -NB_EINVAL;
    }
}

int sys_ioctl(int fd, unsigned long request, void *argument)
{
    struct file *file = descriptor_file(fd);
    if (!file) {
        return -NB_EBADF;
    }
    switch (request) {
    case NB_FIOCLEX:
    case NB_FIONCLEX:
        *descriptor_close_on_exec(fd) = request == NB_FIOCLEX;
        return 0;
    case NB_FIONBIO: {
        int on;
        memcpy(&on, argument, sizeof on);
        file->flags = on ? file->flags | NB_O_NONBLOCK : file->flags & ~NB_O_NONBLOCK;
        return 0;
    }
    case NB_FIONREAD: {
        if (file->kind == KQUEUE) {
            return -NB_ENOTTY;
        }
        file_refresh(file);
        int bytes = (int)file_readable(file);
        memcpy(argument, &bytes, sizeof bytes);
        return 0;
    }
    default:
        return -NB_ENOTTY;
    }
}

static int16_t poll_now(struct nb_pollfd *entry)
{
    struct file *file = descriptor_file(entry->fd);
    if (entry->fd < 0) {
        return 0;
    }
    if (!file) {
        return NB_POLLNVAL;
    }
    if (file->kind == KQUEUE) {
        return 0;
    }
    file_refresh(file);
    int ready = 0;
    bool room;
    bool unconnected = file->kind == SOCKET && file->type == NB_SOCK_STREAM && (file->state == FRESH);
    if (!unconnected && (file_readable(file) > 0 || file->items > 0 || file->cant_receive || file->so_error)) {
        ready |= NB_POLLIN | NB_POLLRDNORM;
    }
    file_writable(file, &room);
    bool writes = file->kind == PIPE ? (file->flags & 3) == NB_O_WRONLY
                                     : file->type == NB_SOCK_DGRAM || file->state == CONNECTED;
    if ((writes && room) || file->cant_send || file->so_error) {
        ready |= NB_POLLOUT;
    }
    return (int16_t)(ready & entry->events);
}

int sys_poll(struct nb_pollfd *fds, uint32_t count, int timeout)
{
    uint64_t end = now_nanos() + (uint64_t)(timeout < 0 ? 0 : timeout) * 1000000u;
    for (;;) {
        int ready = 0;
        for (uint32_t i = 0; i < count; i++) {
            fds[i].revents = poll_now(&fds[i]);
            ready += fds[i].revents != 0;
        }
        if (ready > 0 || (timeout >= 0 && now_nanos() >= end)) {
            return ready;
        }
        /* Looks again and again: nothing in the transport waits in poll(2) for long. */
        struct timespec moment = {0, 1000000};
        kernel_unlock();
        long result = HOST(ppoll, NULL, 0L, &moment, NULL, 8L);
        kernel_lock();
        if (result == -EINTR) {
            return -NB_EINTR;
        }
    }
}
