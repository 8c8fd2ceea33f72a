/* SPDX-License-Identifier: Apache-2.0 */

/* Descriptors. Their numbers have nothing to do with those of the running system. */
#define _GNU_SOURCE
#include "kernel.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* 0, 1 and 2 are the console's. Another start (5000, say) makes every mix-up with a host descriptor an EBADF. */
#ifndef FIRST_DESCRIPTOR
#define FIRST_DESCRIPTOR 3
#endif
#define MOST_DESCRIPTORS 65536

struct descriptor {
    struct file *file;
    bool close_on_exec;
};

static struct descriptor table[MOST_DESCRIPTORS];
static int lowest_free = FIRST_DESCRIPTOR;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;

void kernel_lock(void)
{
    pthread_mutex_lock(&lock);
}

void kernel_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void kernel_wait_change(void)
{
    pthread_cond_wait(&change, &lock);
}

void kernel_tell_change(void)
{
    pthread_cond_broadcast(&change);
}

uint64_t now_nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* RLIMIT_NOFILE; NETBSD_NOFILE in the environment lowers it. */
static int limit(void)
{
    static int known;
    if (known == 0) {
        const char *asked = getenv("NETBSD_NOFILE");
        int number = asked ? atoi(asked) : MOST_DESCRIPTORS;
        known = number > FIRST_DESCRIPTOR && number < MOST_DESCRIPTORS ? number : MOST_DESCRIPTORS;
    }
    return known;
}

static int next_free(int from)
{
    if (from < lowest_free) {
        from = lowest_free;
    }
    while (from < limit() && table[from].file) {
        from++;
    }
    return from < limit() ? from : -NB_EMFILE;
}

bool descriptor_available(void)
{
    return next_free(0) >= 0;
}

/* Takes over the caller's reference, also when there is no number left. */
int descriptor_new(struct file *file, int lowest, bool close_on_exec)
{
    int fd = next_free(lowest);
    if (fd < 0) {
        file_release(file);
        return fd;
    }
    table[fd].file = file;
    table[fd].close_on_exec = close_on_exec;
    file->descriptors++;
    if (fd == lowest_free) {
        lowest_free++;
    }
    return fd;
}

struct file *descriptor_file(int fd)
{
    return fd >= 0 && fd < MOST_DESCRIPTORS ? table[fd].file : NULL;
}

bool *descriptor_close_on_exec(int fd)
{
    return &table[fd].close_on_exec;
}

int descriptor_close(int fd)
{
    struct file *file = descriptor_file(fd);
    if (!file) {
        return -NB_EBADF;
    }
    table[fd].file = NULL;
    if (fd < lowest_free) {
        lowest_free = fd;
    }
    knotes_drop(file, fd);
    file->descriptors--;
    if (file->descriptors == 0 && file->kq) {
        /* Observed: close of a kqueue that a thread waits on blocks until that wait ends. */
        while (file->kq->inside > 0) {
            kernel_wait_change();
        }
    }
    file_release(file);
    return 0;
}

struct file *file_new(enum kind kind, int host, int flags)
{
    struct file *file = calloc(1, sizeof *file);
    if (!file) {
        abort();
    }
    file->kind = kind;
    file->references = 1;
    file->host = host;
    file->flags = flags;
    file->linger = -1;
    file->receive_low_water = 1;
    /* SO_SNDLOWAT of TCP, and PIPE_BUF's quarter of a page for the rest */
    file->send_low_water = kind == SOCKET ? 2048 : 512;
    return file;
}

/* What was never read would make the running system answer the peer with a reset, where NetBSD has thrown it away. */
static void drain(int host)
{
    char bytes[4096];
    while (HOST(read, host, bytes, sizeof bytes) > 0) {
    }
}

static void destroy(struct file *file)
{
    struct item *item;
    while ((item = item_take(file))) {
        if (item->host >= 0) {
            struct linger reset = {1, 0};
            HOST(setsockopt, item->host, SOL_SOCKET, SO_LINGER, &reset, (long)sizeof reset);
        }
        item_free(item);
    }
    if (file->kind == SOCKET && file->shut_read) {
        drain(file->host);
    }
    if (file->linger > 0 && (file->flags & NB_O_NONBLOCK)) {
        /* soclose() of NetBSD does not wait for a socket that is non-blocking; close(2) of Linux does. */
        struct linger off = {0, 0};
        HOST(setsockopt, file->host, SOL_SOCKET, SO_LINGER, &off, (long)sizeof off);
    }
    if (file->kq) {
        kqueue_close(file->kq);
    }
    kernel_unlock();
    HOST(close, file->host);
    kernel_lock();
    free(file);
}

void file_release(struct file *file)
{
    if (--file->references == 0) {
        destroy(file);
    }
}

static bool same_object(int one, int other)
{
    struct stat a;
    struct stat b;
    return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/*
 * The file of a host descriptor that came with SCM_RIGHTS; takes the descriptor over. A descriptor that was passed within
 * this process refers to the file that it was made from.
 */
struct file *file_adopt(int host)
{
    struct stat stat;
    unsigned type = fstat(host, &stat) == 0 ? stat.st_mode & S_IFMT : 0;
    /* A path may have been opened more than once, and each time has an offset of its own. */
    for (int fd = 0; fd < MOST_DESCRIPTORS && (type == S_IFSOCK || type == S_IFIFO); fd++) {
        struct file *file = table[fd].file;
        if (file && same_object(file->host, host)) {
            HOST(close, host);
            file->references++;
            return file;
        }
    }
    int host_flags = (int)HOST(fcntl, host, F_GETFL, 0L);
    struct file *file =
        file_new(type == S_IFSOCK ? SOCKET : type == S_IFIFO ? PIPE : PLAIN, host, host_flags & 3);
    HOST(fcntl, host, F_SETFL, host_flags | O_NONBLOCK);
    if (file->kind == SOCKET) {
        file->domain = domain_from_host(host_option(host, SOL_SOCKET, SO_DOMAIN));
        file->type = host_option(host, SOL_SOCKET, SO_TYPE);
        file->send_buffer = host_option(host, SOL_SOCKET, SO_SNDBUF) / 2;
        file->receive_buffer = host_option(host, SOL_SOCKET, SO_RCVBUF) / 2;
        file->state = host_option(host, SOL_SOCKET, SO_ACCEPTCONN) ? LISTENING : CONNECTED;
        file->backlog = 128;
    }
    return file;
}

/*
 * Sleeps until the host descriptor is ready or a moment has passed, since close(2) by another thread has to be noticed
 * too. The caller tries again.
 */
int file_sleep(struct file *file, short events)
{
    struct pollfd wait = {file->host, events, 0};
    struct timespec moment = {0, 20000000};
    file->references++;
    kernel_unlock();
    long result = HOST(ppoll, &wait, 1L, &moment, NULL, 8L);
    kernel_lock();
    bool closed = file->descriptors == 0;
    file_release(file);
    return closed ? -NB_EBADF : result == -EINTR ? -NB_EINTR : 0;
}
