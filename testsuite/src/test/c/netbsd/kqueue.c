/* SPDX-License-Identifier: Apache-2.0 */

/*
 * kqueue(2) as NetBSD 7.99.34 has it. The running system's epoll, always edge-triggered, only says which files to look at
 * again; what is reported to whom is decided here, in the order of NetBSD's kqueue_register() and kqueue_scan().
 *
 * WITH_EVFILT_USER    has EVFILT_USER, as NetBSD 10 does
 */
#define _GNU_SOURCE
#include "kernel.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

int sys_kqueue(void)
{
    if (!descriptor_available()) {
        return -NB_EMFILE;
    }
    struct kqueue *kq = calloc(1, sizeof *kq);
    if (!kq) {
        abort();
    }
    kq->epoll = epoll_create1(EPOLL_CLOEXEC);
    kq->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (kq->epoll < 0 || kq->kick < 0) {
        int error = errno;
        HOST(close, kq->epoll);
        free(kq);
        return error_from_host(error);
    }
    struct epoll_event event = {EPOLLIN, {.ptr = NULL}};
    epoll_ctl(kq->epoll, EPOLL_CTL_ADD, kq->kick, &event);
    struct file *file = file_new(KQUEUE, kq->epoll, NB_O_RDWR);
    file->kq = kq;
    return descriptor_new(file, 0, false);
}

static void enqueue(struct knote *knote)
{
    struct kqueue *kq = knote->kq;
    knote->queued = true;
    knote->next_active = NULL;
    if (kq->last) {
        kq->last->next_active = knote;
    } else {
        kq->first = knote;
    }
    kq->last = knote;
    kq->queued++;
    if (kq->waiters > 0) {
        uint64_t one = 1;
        HOST(write, kq->kick, &one, sizeof one);
    }
}

static void unqueue(struct knote *knote)
{
    struct kqueue *kq = knote->kq;
    struct knote *before = NULL;
    for (struct knote *at = kq->first; at; before = at, at = at->next_active) {
        if (at == knote) {
            if (before) {
                before->next_active = knote->next_active;
            } else {
                kq->first = knote->next_active;
            }
            if (kq->last == knote) {
                kq->last = before;
            }
            kq->queued--;
            break;
        }
    }
    knote->queued = false;
}

static void activate(struct knote *knote)
{
    knote->active = true;
    if (!knote->queued && !knote->disabled) {
        enqueue(knote);
    }
}

static bool read_event(struct knote *knote)
{
    struct file *file = knote->file;
    knote->event.data = file_readable(file);
    if (file->kind == SOCKET && file->type == NB_SOCK_STREAM && file->state == LISTENING) {
        return knote->event.data > 0;
    }
    if (file->cant_receive) {
        knote->event.flags |= NB_EV_EOF;
        knote->event.fflags = (uint32_t)file->so_error;
        return true;
    }
    if (file->so_error) {
        return true;
    }
    /* A datagram without bytes and without a sender's address is still one. */
    if (file->kind == SOCKET && file->type == NB_SOCK_DGRAM && file->items > 0 && knote->event.data == 0) {
        return true;
    }
    int64_t low_water = knote->wanted_fflags & NB_NOTE_LOWAT ? knote->wanted_data : file->receive_low_water;
    return knote->event.data >= low_water;
}

static bool write_event(struct knote *knote)
{
    struct file *file = knote->file;
    bool ready;
    knote->event.data = file_writable(file, &ready);
    if (file->cant_send) {
        knote->event.flags |= NB_EV_EOF;
        knote->event.fflags = (uint32_t)file->so_error;
        if (file->kind == PIPE) {
            knote->event.data = 0;
        }
        return true;
    }
    if (file->so_error) {
        return true;
    }
    if (file->kind == SOCKET && file->type == NB_SOCK_STREAM && file->state != CONNECTED) {
        return false;
    }
    return knote->wanted_fflags & NB_NOTE_LOWAT ? knote->event.data >= knote->wanted_data : ready;
}

/* f_event: whether there is something to tell, and if so what. */
static bool has_event(struct knote *knote)
{
    switch (knote->event.filter) {
    case NB_EVFILT_READ:
        return read_event(knote);
    case NB_EVFILT_WRITE:
        return write_event(knote);
    case NB_EVFILT_TIMER:
        return knote->event.data != 0;
    default:
        if (knote->triggered) {
            knote->event.fflags = knote->wanted_fflags;
            knote->event.data = knote->wanted_data;
        }
        return knote->triggered;
    }
}

void knotes_check(struct file *file, uint32_t filter)
{
    for (struct knote *knote = file->knotes; knote; knote = knote->next_of_file) {
        if (knote->event.filter == filter && has_event(knote)) {
            activate(knote);
        }
    }
}

static bool watched(const struct kqueue *kq, const struct file *file)
{
    for (struct knote *knote = file->knotes; knote; knote = knote->next_of_file) {
        if (knote->kq == kq) {
            return true;
        }
    }
    return false;
}

/* More bytes than any receive buffer of the running system comes to hold. */
#define OUT_OF_REACH (64 << 20)

/*
 * What cannot be told of must not end a wait: epoll is asked for what the knotes that are enabled need, and for no bytes
 * where NOTE_LOWAT asks for more than there can be.
 */
static void watch(struct kqueue *kq, struct file *file, int operation)
{
    struct epoll_event event = {EPOLLET, {.ptr = file}};
    for (struct knote *knote = file->knotes; knote; knote = knote->next_of_file) {
        if (knote->kq != kq || knote->disabled) {
            continue;
        }
        if (knote->event.filter == NB_EVFILT_WRITE) {
            event.events |= EPOLLOUT;
        } else {
            bool quiet = knote->wanted_fflags & NB_NOTE_LOWAT && knote->wanted_data > OUT_OF_REACH;
            event.events |= quiet ? EPOLLRDHUP : EPOLLIN | EPOLLRDHUP;
        }
    }
    if (epoll_ctl(kq->epoll, operation, file->host, &event) < 0) {
        abort();
    }
}

static void set_disabled(struct knote *knote, bool disabled)
{
    if (knote->disabled != disabled) {
        knote->disabled = disabled;
        if (knote->file) {
            watch(knote->kq, knote->file, EPOLL_CTL_MOD);
        }
    }
}

static void detach(struct knote *knote)
{
    struct file *file = knote->file;
    struct knote **at = file ? &file->knotes : &knote->kq->others;
    while (*at != knote) {
        at = file ? &(*at)->next_of_file : &(*at)->next_of_kq;
    }
    *at = file ? knote->next_of_file : knote->next_of_kq;
    if (knote->queued) {
        unqueue(knote);
    }
    if (file && watched(knote->kq, file)) {
        watch(knote->kq, file, EPOLL_CTL_MOD);
    } else if (file) {
        epoll_ctl(knote->kq->epoll, EPOLL_CTL_DEL, file->host, NULL);
    }
    free(knote);
}

/* close(2): the knotes go without a word. */
void knotes_drop(struct file *file, int fd)
{
    struct knote *next;
    for (struct knote *knote = file->knotes; knote; knote = next) {
        next = knote->next_of_file;
        if (knote->fd == fd) {
            detach(knote);
        }
    }
}

static void drop_of(struct kqueue *kq, struct file *file)
{
    struct knote *next;
    for (struct knote *knote = file->knotes; knote; knote = next) {
        next = knote->next_of_file;
        if (knote->kq == kq) {
            detach(knote);
        }
    }
}

void kqueue_close(struct kqueue *kq)
{
    for (int fd = 0; fd < 65536; fd++) {
        struct file *file = descriptor_file(fd);
        if (file) {
            drop_of(kq, file);
        }
    }
    while (kq->others) {
        detach(kq->others);
    }
    HOST(close, kq->kick);
    free(kq); /* the epoll is the file's host descriptor */
}

static struct knote *lookup(struct kqueue *kq, struct file *file, const struct nb_kevent *change)
{
    struct knote *knote = file ? file->knotes : kq->others;
    for (; knote; knote = file ? knote->next_of_file : knote->next_of_kq) {
        if (knote->kq == kq && knote->event.filter == change->filter && knote->event.ident == change->ident) {
            return knote;
        }
    }
    return NULL;
}

static int attach(struct kqueue *kq, struct file *file, const struct nb_kevent *change, struct knote **made)
{
    if (change->filter == NB_EVFILT_TIMER && change->data <= 0) {
        return -NB_EINVAL;
    }
    bool first = file && !watched(kq, file);
    struct knote *knote = calloc(1, sizeof *knote);
    if (!knote) {
        abort();
    }
    knote->kq = kq;
    knote->file = file;
    knote->fd = file ? (int)change->ident : -1;
    knote->event = *change;
    knote->event.fflags = 0;
    knote->event.data = 0;
    if (change->filter == NB_EVFILT_TIMER) {
        /* milliseconds: this release does not look at fflags (observed) */
        knote->period = (uint64_t)change->data * 1000000u;
        knote->due = now_nanos() + knote->period;
        knote->event.flags |= NB_EV_CLEAR;
    }
    struct knote **list = file ? &file->knotes : &kq->others;
    if (file) {
        knote->next_of_file = *list;
    } else {
        knote->next_of_kq = *list;
    }
    *list = knote;
    if (file) {
        watch(kq, file, first ? EPOLL_CTL_ADD : EPOLL_CTL_MOD);
    }
    *made = knote;
    return 0;
}

/* filt_usertouch() of NetBSD 10 */
static void touch(struct knote *knote, const struct nb_kevent *change)
{
    uint32_t flags = change->fflags & NB_NOTE_FFLAGSMASK;
    if (change->fflags & NB_NOTE_TRIGGER) {
        knote->triggered = true;
    }
    switch (change->fflags & NB_NOTE_FFCTRLMASK) {
    case NB_NOTE_FFAND:
        knote->wanted_fflags &= flags;
        break;
    case NB_NOTE_FFOR:
        knote->wanted_fflags |= flags;
        break;
    case NB_NOTE_FFCTRLMASK:
        knote->wanted_fflags = flags;
        break;
    default:
        break;
    }
    knote->wanted_data = change->data;
    knote->event.udata = change->udata;
    if (change->flags & NB_EV_CLEAR) {
        /* takes the trigger back that it carries */
        knote->triggered = false;
        knote->wanted_data = 0;
        knote->wanted_fflags = 0;
    }
}

static int file_of(const struct nb_kevent *change, struct file **file)
{
    *file = NULL;
    switch (change->filter) {
    case NB_EVFILT_READ:
    case NB_EVFILT_WRITE:
        *file = change->ident < INT32_MAX ? descriptor_file((int)change->ident) : NULL;
        return *file ? 0 : -NB_EBADF;
    case NB_EVFILT_TIMER:
        return 0;
#ifdef WITH_EVFILT_USER
    case NB_EVFILT_USER:
        return 0;
#endif
    case NB_EVFILT_VNODE:
    case NB_EVFILT_PROC:
    case NB_EVFILT_SIGNAL:
        return -NB_EOPNOTSUPP;
    default:
        return -NB_EINVAL;
    }
}

/* kqueue_register() */
static int apply(struct kqueue *kq, const struct nb_kevent *change)
{
    struct file *file;
    int error = file_of(change, &file);
    if (error < 0) {
        return error;
    }
    struct knote *knote = lookup(kq, file, change);
    bool user = change->filter == NB_EVFILT_USER;
    if (!knote) {
        if (!(change->flags & NB_EV_ADD)) {
            return -NB_ENOENT;
        }
        if (file && file->kind == PLAIN) {
            return -NB_EOPNOTSUPP; /* as files outside tmpfs (observed) */
        }
        if (file && file->kind == KQUEUE) {
            /* NetBSD lets a kqueue watch another for READ; nothing here has a use for that. */
            return change->filter == NB_EVFILT_WRITE ? -NB_EPERM : -NB_EOPNOTSUPP;
        }
        error = attach(kq, file, change, &knote);
        if (error < 0) {
            return error;
        }
        if (user) {
            struct nb_kevent first = *change;
            first.flags &= ~(uint32_t)NB_EV_CLEAR;
            touch(knote, &first);
        }
    } else if (user && !(change->flags & NB_EV_DELETE)) {
        touch(knote, change);
    }
    if (change->flags & NB_EV_DELETE) {
        detach(knote);
        return 0;
    }
    if (change->flags & NB_EV_ADD && !user) {
        /* The flags stay those of the first EV_ADD: neither trigger kind nor EV_RECEIPT changes (observed). */
        knote->wanted_fflags = change->fflags;
        knote->wanted_data = change->data;
        knote->event.udata = change->udata;
        if (file) {
            watch(kq, file, EPOLL_CTL_MOD);
        }
    }
    if (file && change->flags & (NB_EV_ADD | NB_EV_ENABLE)) {
        /* What has come while nothing was asked for. */
        file_refresh(file);
    }
    if ((user || change->flags & NB_EV_ADD) && has_event(knote)) {
        activate(knote);
    }
    if (change->flags & NB_EV_DISABLE) {
        set_disabled(knote, true);
    }
    if (change->flags & NB_EV_ENABLE) {
        set_disabled(knote, false);
        if (knote->active && !knote->queued) {
            enqueue(knote);
        }
    }
    return 0;
}

/* Looks at what has happened since the last time. */
static void harvest(struct kqueue *kq)
{
    struct epoll_event events[64];
    int count;
    do {
        count = epoll_wait(kq->epoll, events, 64, 0);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr) {
                file_refresh(events[i].data.ptr);
            } else {
                uint64_t kicks;
                HOST(read, kq->kick, &kicks, sizeof kicks);
            }
        }
    } while (count == 64);
    uint64_t now = now_nanos();
    for (struct knote *knote = kq->others; knote; knote = knote->next_of_kq) {
        if (knote->period > 0 && now >= knote->due) {
            bool oneshot = knote->event.flags & NB_EV_ONESHOT;
            uint64_t expired = oneshot ? 1 : 1 + (now - knote->due) / knote->period;
            knote->event.data += (int64_t)expired;
            knote->due = oneshot ? UINT64_MAX : knote->due + expired * knote->period;
            activate(knote);
        }
    }
}

static size_t collect(struct kqueue *kq, struct nb_kevent *events, size_t capacity)
{
    size_t count = 0;
    /* Those that are queued again on the way are for the next call. */
    for (int left = kq->queued; left > 0 && kq->first && count < capacity; left--) {
        struct knote *knote = kq->first;
        if (knote->file) {
            file_refresh(knote->file);
        }
        unqueue(knote);
        if (knote->disabled) {
            continue;
        }
        bool oneshot = knote->event.flags & NB_EV_ONESHOT;
        if (!oneshot && !has_event(knote)) {
            knote->active = false;
            continue;
        }
        events[count++] = knote->event;
        if (oneshot) {
            detach(knote);
        } else if (knote->event.flags & NB_EV_CLEAR) {
            knote->event.data = 0;
            knote->event.fflags = 0;
            knote->triggered = false;
            knote->active = false;
        } else if (knote->event.flags & NB_EV_DISPATCH) {
            set_disabled(knote, true);
            knote->active = false;
        } else {
            enqueue(knote);
        }
    }
    return count;
}

static uint64_t earliest_timer(const struct kqueue *kq)
{
    uint64_t earliest = UINT64_MAX;
    for (const struct knote *knote = kq->others; knote; knote = knote->next_of_kq) {
        if (knote->period > 0 && !knote->disabled && knote->due < earliest) {
            earliest = knote->due;
        }
    }
    return earliest;
}

static int wait_until(struct kqueue *kq, uint64_t end)
{
    uint64_t timer = earliest_timer(kq);
    uint64_t wake = timer < end ? timer : end;
    uint64_t now = now_nanos();
    uint64_t left = wake > now ? wake - now : 0;
    struct timespec timeout = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    struct pollfd poll = {kq->epoll, POLLIN, 0};
    kq->waiters++;
    kernel_unlock();
    long result = HOST(ppoll, &poll, 1L, wake == UINT64_MAX ? NULL : &timeout, NULL, 8L);
    kernel_lock();
    kq->waiters--;
    return result == -EINTR ? -NB_EINTR : 0;
}

static int scan(
    struct kqueue *kq, struct nb_kevent *events, size_t capacity, const struct nb_timespec *timeout)
{
    uint64_t end = UINT64_MAX;
    if (capacity == 0) {
        return 0;
    }
    if (timeout) {
        if (timeout->seconds < 0 || timeout->nanos < 0 || timeout->nanos >= 1000000000) {
            return -NB_EINVAL;
        }
        /* A hundred years is for ever, and does not overflow. */
        if (timeout->seconds < 100 * 365 * 86400ll) {
            end = now_nanos() + (uint64_t)timeout->seconds * 1000000000u + (uint64_t)timeout->nanos;
        }
    }
    for (;;) {
        harvest(kq);
        size_t count = collect(kq, events, capacity);
        if (count > 0) {
            return (int)count;
        }
        if (timeout && now_nanos() >= end) {
            return 0;
        }
        int error = wait_until(kq, end);
        if (error < 0) {
            return error;
        }
    }
}

/* kevent1() */
static int run(
    struct kqueue *kq, const struct nb_kevent *changes, size_t change_count, struct nb_kevent *events, size_t capacity,
    const struct nb_timespec *timeout)
{
    int told = 0;
    for (size_t i = 0; i < change_count; i++) {
        struct nb_kevent change = changes[i];
        change.flags &= ~(uint32_t)NB_EV_SYSFLAGS;
        int error = apply(kq, &change);
        if (error == 0 && !(change.flags & NB_EV_RECEIPT)) {
            continue;
        }
        if (capacity == 0) {
            /* Also with EV_RECEIPT and no error: the rest of the list is lost (observed). */
            return error;
        }
        change.flags = NB_EV_ERROR;
        change.data = -error;
        *events++ = change;
        capacity--;
        told++;
    }
    return told > 0 ? told : scan(kq, events, capacity, timeout);
}

int sys_kevent(
    int fd, const struct nb_kevent *changes, size_t change_count, struct nb_kevent *events, size_t capacity,
    const struct nb_timespec *timeout)
{
    struct file *file = descriptor_file(fd);
    if (!file || file->kind != KQUEUE) {
        return -NB_EBADF;
    }
    struct kqueue *kq = file->kq;
    kq->inside++;
    int result = run(kq, changes, change_count, events, capacity, timeout);
    kq->inside--;
    kernel_tell_change();
    return result;
}
