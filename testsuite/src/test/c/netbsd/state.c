/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What has happened to a socket or a pipe, found out by asking the running system, and told to the knotes in the places
 * where NetBSD would: when bytes, connections or errors arrive, when the stream ends, when room to send appears.
 */
#define _GNU_SOURCE
#include "kernel.h"
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

int host_option(int host, int level, int name)
{
    int value = 0;
    socklen_t length = sizeof value;
    HOST(getsockopt, host, level, name, &value, &length);
    return value;
}

int host_queued(int host, unsigned long request)
{
    int bytes = 0;
    /* SIOCINQ is refused where nothing can be queued (a listener): that is 0 */
    HOST(ioctl, host, request, &bytes);
    return bytes;
}

static short host_poll(int host)
{
    struct pollfd poll = {host, POLLIN | POLLOUT | POLLRDHUP, 0};
    struct timespec none = {0, 0};
    HOST(ppoll, &poll, 1L, &none, NULL, 8L);
    return poll.revents;
}

void item_free(struct item *item)
{
    if (item->host >= 0) {
        HOST(close, item->host);
    }
    if (item->control_length > 0) {
        int truncated = 0;
        /* closes the descriptors that were passed to nobody */
        control_from_host(item->control, item->control_length, NULL, 0, 0, &truncated);
    }
    free(item->control);
    free(item);
}

struct item *item_take(struct file *file)
{
    struct item *item = file->first;
    if (item) {
        file->first = item->next;
        if (!file->first) {
            file->last = NULL;
        }
        file->items--;
        file->item_bytes -= item->length;
    }
    return item;
}

static struct item *item_add(struct file *file, const void *data, size_t length)
{
    struct item *item = calloc(1, sizeof *item + length);
    if (!item) {
        abort();
    }
    item->host = -1;
    item->length = length;
    if (length > 0) {
        memcpy(item->data, data, length);
    }
    if (file->last) {
        file->last->next = item;
    } else {
        file->first = item;
    }
    file->last = item;
    file->items++;
    file->item_bytes += length;
    return item;
}

/* Takes connections as they are established, so that the length of the queue is known as a BSD kernel knows it. */
static int refresh_listener(struct file *file)
{
    int wake = 0;
    while (file->items < file->backlog) {
        struct sockaddr_storage from;
        socklen_t from_length = sizeof from;
        long host = HOST(accept4, file->host, &from, &from_length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (host < 0) {
            break;
        }
        struct item *item = item_add(file, NULL, 0);
        item->host = (int)host;
        item->from = from;
        item->from_length = from_length;
        wake = WAKE_READ;
    }
    return wake;
}

static void fail(struct file *file, int error)
{
    if (file->so_error == 0) {
        file->so_error = -error_from_host(error);
    }
}

static int refresh_datagrams(struct file *file)
{
    static unsigned char bytes[65536];
    static unsigned char control[4096];
    int wake = 0;
    while (file->item_bytes < (size_t)file->receive_buffer) {
        struct sockaddr_storage from;
        struct iovec iov = {bytes, sizeof bytes};
        struct msghdr message = {
            .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
            .msg_controllen = sizeof control
        };
        long length = HOST(recvmsg, file->host, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (length == -EAGAIN) {
            break;
        }
        if (length < 0) {
            fail(file, (int)-length);
            wake = WAKE_READ | WAKE_WRITE;
            break;
        }
        struct item *item = item_add(file, bytes, (size_t)length);
        item->from = from;
        item->from_length = message.msg_namelen;
        if (message.msg_controllen > 0) {
            item->control = malloc(message.msg_controllen);
            if (!item->control) {
                abort();
            }
            memcpy(item->control, control, message.msg_controllen);
            item->control_length = message.msg_controllen;
        }
        wake |= WAKE_READ;
    }
    if (file->send_blocked && (host_poll(file->host) & POLLOUT)) {
        file->send_blocked = false;
        wake |= WAKE_WRITE;
    }
    return wake;
}

/* Bytes that came since this was last asked; the next reader would otherwise be told of the same ones again. */
static int arrivals(struct file *file)
{
    uint64_t before = file->seen;
    file->seen = file->taken + (uint64_t)host_queued(file->host, FIONREAD);
    return file->seen > before ? WAKE_READ : 0;
}

/* Room: WRITE is told when bytes have gone since it was last told. */
static int departures(struct file *file, int waiting)
{
    if (!file->send_blocked && waiting >= file->send_peak) {
        return 0;
    }
    file->send_blocked = false;
    file->send_peak = waiting;
    return WAKE_WRITE;
}

static void disconnect(struct file *file)
{
    file->state = DISCONNECTED;
    file->cant_receive = true;
    file->cant_send = true;
}

static void drop_input(struct file *file)
{
    char bytes[4096];
    while (HOST(recvfrom, file->host, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL) > 0) {
    }
}

static int refresh_stream(struct file *file)
{
    short events = host_poll(file->host);
    int wake = 0;
    if (events & POLLERR) {
        int error = host_option(file->host, SOL_SOCKET, SO_ERROR);
        /* A UNIX socket closed with unread bytes: an error for its peer on Linux, a plain end here (observed). */
        if (error != 0 && !(file->domain == NB_AF_UNIX && error == ECONNRESET)) {
            fail(file, error);
            disconnect(file);
            wake = WAKE_READ | WAKE_WRITE;
        }
    }
    if (file->state == CONNECTING) {
        if (events & POLLHUP) {
            disconnect(file);
            wake = WAKE_READ | WAKE_WRITE;
        } else if (events & POLLOUT) {
            file->state = CONNECTED;
            wake = WAKE_READ | WAKE_WRITE;
        } else {
            return wake;
        }
    }
    if ((events & (POLLRDHUP | POLLHUP)) && !file->cant_receive) {
        file->cant_receive = true;
        wake |= WAKE_READ;
    }
    /* Both directions have ended: soisdisconnected() tells both, whoever ended them. */
    if ((events & POLLHUP) && !file->hung_up) {
        file->hung_up = true;
        file->cant_send = true;
        wake |= WAKE_READ | WAKE_WRITE;
    }
    if (file->shut_read) {
        drop_input(file);
    } else {
        wake |= arrivals(file);
    }
    if ((events & POLLOUT) && file->state == CONNECTED) {
        wake |= departures(file, host_queued(file->host, SIOCOUTQ));
    }
    return wake;
}

static int refresh_pipe(struct file *file)
{
    short events = host_poll(file->host);
    if ((file->flags & 3) != NB_O_WRONLY) {
        int wake = arrivals(file);
        if ((events & POLLHUP) && !file->cant_receive) {
            file->cant_receive = true;
            wake |= WAKE_READ;
        }
        return wake;
    }
    if ((events & POLLERR) && !file->cant_send) {
        file->cant_send = true;
        return WAKE_WRITE;
    }
    return events & POLLOUT ? departures(file, host_queued(file->host, FIONREAD)) : 0;
}

static int refresh(struct file *file)
{
    if (file->kind == PIPE) {
        return refresh_pipe(file);
    }
    if (file->kind != SOCKET || (file->type == SOCK_STREAM && file->state == FRESH)) {
        return 0;
    }
    if (file->type == SOCK_DGRAM) {
        return refresh_datagrams(file);
    }
    return file->state == LISTENING ? refresh_listener(file) : refresh_stream(file);
}

void file_wake(struct file *file, int wake)
{
    if (wake & WAKE_READ) {
        knotes_check(file, NB_EVFILT_READ);
    }
    if (wake & WAKE_WRITE) {
        knotes_check(file, NB_EVFILT_WRITE);
    }
}

void file_refresh(struct file *file)
{
    file_wake(file, refresh(file));
}

/* Bytes as EVFILT_READ and FIONREAD count them, connections for a listener. */
int64_t file_readable(struct file *file)
{
    if (file->kind == SOCKET && file->type == SOCK_DGRAM) {
        /* sb_cc counts the sender's address in front of each datagram (observed) */
        int64_t bytes = 0;
        for (struct item *item = file->first; item; item = item->next) {
            unsigned char address[sizeof(struct sockaddr_storage)];
            bytes += (int64_t)item->length + address_from_host(&item->from, item->from_length, address);
        }
        return bytes;
    }
    if (file->kind == SOCKET && file->state == LISTENING) {
        return file->items;
    }
    return file->shut_read || file->state == CONNECTING ? 0 : host_queued(file->host, FIONREAD);
}

/* Bytes as EVFILT_WRITE counts them, and whether there is enough room to say so. */
int64_t file_writable(struct file *file, bool *ready)
{
    bool room = host_poll(file->host) & POLLOUT;
    int64_t waiting = host_queued(file->host, file->kind == PIPE ? FIONREAD : SIOCOUTQ);
    int64_t size = file->kind == PIPE ? 16384 : file->send_buffer;
    int64_t space = size > waiting ? size - waiting : 0;
    *ready = room;
    /* The running system's buffers are larger: where it has room, so has this one. */
    if (room && space < file->send_low_water) {
        return file->send_low_water;
    }
    return room || space < file->send_low_water ? space : file->send_low_water - 1;
}
