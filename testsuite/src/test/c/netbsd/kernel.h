/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The inside of the foreign kernel. All of it runs under one lock, which is given up only to sleep. Functions answer
 * >= 0 or -NB_E*; functions whose name starts with host_ call the running system and answer >= 0 or -E*.
 */
#ifndef NETBSD_KERNEL_H
#define NETBSD_KERNEL_H

#include "abi.h"
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* By number: the names of the C library are those that this library exports itself. */
#define HOST(name, ...) host_result(syscall(SYS_##name, __VA_ARGS__))

static inline long host_result(long result)
{
    return result < 0 ? -errno : result;
}

enum kind { SOCKET, PIPE, KQUEUE, PLAIN };
enum state { FRESH, LISTENING, CONNECTING, CONNECTED, DISCONNECTED };

/* A connection that waits to be accepted, or a datagram that waits to be read. */
struct item {
    struct item *next;
    int host;
    struct sockaddr_storage from;
    socklen_t from_length;
    size_t length;
    bool truncated;
    size_t control_length;
    unsigned char *control;
    unsigned char data[];
};

/* What a descriptor refers to. The descriptor of the running system behind it never blocks; O_NONBLOCK is in flags. */
struct file {
    enum kind kind;
    int references;  /* one for each descriptor, and one for each call that sleeps on it */
    int descriptors; /* 0: closed, and sleepers have to go */
    int host;
    int flags;
    struct knote *knotes;

    /* sockets and pipes */
    int domain;
    int type;
    enum state state;
    int so_error;
    bool cant_receive;
    bool cant_send;
    bool hung_up;
    bool shut_read;
    uint64_t taken; /* bytes that were read */
    uint64_t seen;  /* bytes that were read or have been told of */
    bool send_blocked;
    int send_peak; /* most bytes that were waiting to be sent since WRITE was last told */
    bool nosigpipe;
    int send_low_water;
    int receive_low_water;
    int send_buffer;
    int receive_buffer;
    int linger; /* seconds, -1 if off */
    int backlog;
    struct item *first;
    struct item *last;
    int items;
    size_t item_bytes;

    struct kqueue *kq;
};

struct knote {
    struct knote *next_of_file;
    struct knote *next_of_kq; /* knotes without a file */
    struct knote *next_active;
    struct kqueue *kq;
    struct file *file;
    int fd;
    struct nb_kevent event;
    uint32_t wanted_fflags;
    int64_t wanted_data;
    bool disabled;
    bool active;
    bool queued;
    bool triggered;
    uint64_t period; /* nanoseconds */
    uint64_t due;
};

struct kqueue {
    int epoll; /* the host descriptor of the file */
    int kick; /* eventfd, wakes the threads that wait */
    int waiters;
    int inside; /* calls of kevent under way */
    struct knote *first;
    struct knote *last;
    int queued;
    struct knote *others; /* timers and user events */
};

/* The lock. */
void kernel_lock(void);
void kernel_unlock(void);
void kernel_wait_change(void);
void kernel_tell_change(void);
uint64_t now_nanos(void);

/* files.c: descriptors */
int descriptor_new(struct file *file, int lowest, bool close_on_exec);
bool descriptor_available(void);
struct file *descriptor_file(int fd);
bool *descriptor_close_on_exec(int fd);
int descriptor_close(int fd);
struct file *file_new(enum kind kind, int host, int flags);
void file_release(struct file *file);
struct file *file_adopt(int host);
int file_sleep(struct file *file, short events);

/* translate.c: constants and layouts of one system to those of the other */
int error_from_host(long error);
int address_to_host(const void *address, uint32_t length, struct sockaddr_storage *host, socklen_t *host_length);
uint32_t address_from_host(const struct sockaddr_storage *host, socklen_t host_length, void *address);
void address_copy_out(const struct sockaddr_storage *host, socklen_t host_length, void *address, uint32_t *length);
int domain_to_host(int domain);
int domain_from_host(int domain);
int control_to_host(const void *control, uint32_t length, void *host, size_t *host_length);
uint32_t control_from_host(const void *host, size_t host_length, void *control, uint32_t length, int flags, int *truncated);

/* state.c: what has happened to a socket or a pipe */
enum { WAKE_READ = 1, WAKE_WRITE = 2 };
void file_refresh(struct file *file);
void file_wake(struct file *file, int wake);
int64_t file_readable(struct file *file);
int64_t file_writable(struct file *file, bool *ready);
int host_option(int host, int level, int name);
int host_queued(int host, unsigned long request);
void item_free(struct item *item);
struct item *item_take(struct file *file);

/* sockets.c */
int sys_socket(int domain, int type, int protocol);
int sys_bind(int fd, const void *address, uint32_t length);
int sys_listen(int fd, int backlog);
int sys_connect(int fd, const void *address, uint32_t length);
int sys_accept(int fd, void *address, uint32_t *length, int flags, bool inherit);
int sys_shutdown(int fd, int how);
int sys_getsockname(int fd, void *address, uint32_t *length);
int sys_getpeername(int fd, void *address, uint32_t *length);

/* options.c */
int sys_getsockopt(int fd, int level, int name, void *value, uint32_t *length);
int sys_setsockopt(int fd, int level, int name, const void *value, uint32_t length);

/* io.c */
ssize_t sys_receive(int fd, struct nb_msghdr *message, int flags, bool socket_only);
ssize_t sys_send(int fd, const struct nb_msghdr *message, int flags, bool socket_only);
int sys_receive_many(
    int fd, struct nb_mmsghdr *messages, uint32_t count, int flags, const struct nb_timespec *timeout);
int sys_send_many(int fd, struct nb_mmsghdr *messages, uint32_t count, int flags);
int sys_pipe(int *fds);
int sys_fcntl(int fd, int command, int argument);
int sys_ioctl(int fd, unsigned long request, void *argument);
int sys_poll(struct nb_pollfd *fds, uint32_t count, int timeout);

/* paths.c */
int sys_open(const char *path, int flags, int mode);
int sys_unlink(const char *path);
int sys_lstat(const char *path, struct nb_stat *into);
int sys_fstat(int fd, struct nb_stat *into);

/* kqueue.c */
int sys_kqueue(void);
int sys_kevent(
    int fd, const struct nb_kevent *changes, size_t change_count, struct nb_kevent *events, size_t capacity,
    const struct nb_timespec *timeout);
void knotes_check(struct file *file, uint32_t filter);
void knotes_drop(struct file *file, int fd);
void kqueue_close(struct kqueue *kq);

#endif
