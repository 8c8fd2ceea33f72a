/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whether the foreign kernel answers as a NetBSD 7.99.34 kernel was observed to. Loads the library named by its argument
 * the way a JVM does, prints a line for each case, and fails if one does.
 */
#define _GNU_SOURCE
#include "../netbsd/abi.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int *(*nb_errno)(void);
static int (*nb_socket)(int, int, int);
static int (*nb_bind)(int, const void *, uint32_t);
static int (*nb_listen)(int, int);
static int (*nb_connect)(int, const void *, uint32_t);
static int (*nb_accept)(int, void *, uint32_t *);
static int (*nb_paccept)(int, void *, uint32_t *, const void *, int);
static int (*nb_shutdown)(int, int);
static int (*nb_getsockname)(int, void *, uint32_t *);
static int (*nb_getpeername)(int, void *, uint32_t *);
static int (*nb_getsockopt)(int, int, int, void *, uint32_t *);
static int (*nb_setsockopt)(int, int, int, const void *, uint32_t);
static int (*nb_close)(int);
static ssize_t (*nb_read)(int, void *, size_t);
static ssize_t (*nb_write)(int, const void *, size_t);
static ssize_t (*nb_writev)(int, const struct iovec *, int);
static ssize_t (*nb_recvfrom)(int, void *, size_t, int, void *, uint32_t *);
static ssize_t (*nb_sendto)(int, const void *, size_t, int, const void *, uint32_t);
static ssize_t (*nb_sendmsg)(int, const struct nb_msghdr *, int);
static ssize_t (*nb_recvmsg)(int, struct nb_msghdr *, int);
static int (*nb_recvmmsg)(int, struct nb_mmsghdr *, unsigned, int, const struct nb_timespec *);
static int (*nb_sendmmsg)(int, struct nb_mmsghdr *, unsigned, int);
static int (*nb_open)(const char *, int, ...);
static int (*nb_unlink)(const char *);
static int (*nb_lstat)(const char *, struct nb_stat *);
static int (*nb_fstat)(int, struct nb_stat *);
static int (*nb_fcntl)(int, int, ...);
static int (*nb_ioctl)(int, unsigned long, ...);
static int (*nb_pipe)(int *);
static int (*nb_poll)(struct nb_pollfd *, uint32_t, int);
static int (*nb_kqueue)(void);
static int (*nb_kevent)(
    int, const struct nb_kevent *, size_t, struct nb_kevent *, size_t, const struct nb_timespec *);

static void load(const char *file)
{
    void *library = dlopen(file, RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    const struct {
        void *function;
        const char *name;
    } symbols[] = {
        {&nb_errno, "__errno"}, {&nb_socket, "__socket30"}, {&nb_bind, "bind"}, {&nb_listen, "listen"},
        {&nb_connect, "connect"}, {&nb_accept, "accept"}, {&nb_paccept, "paccept"}, {&nb_shutdown, "shutdown"},
        {&nb_getsockname, "getsockname"}, {&nb_getpeername, "getpeername"}, {&nb_getsockopt, "getsockopt"},
        {&nb_setsockopt, "setsockopt"}, {&nb_close, "close"}, {&nb_read, "read"}, {&nb_write, "write"},
        {&nb_writev, "writev"}, {&nb_recvfrom, "recvfrom"}, {&nb_sendto, "sendto"}, {&nb_sendmsg, "sendmsg"},
        {&nb_recvmsg, "recvmsg"}, {&nb_recvmmsg, "recvmmsg"}, {&nb_sendmmsg, "sendmmsg"}, {&nb_open, "open"},
        {&nb_unlink, "unlink"}, {&nb_lstat, "__lstat50"}, {&nb_fstat, "__fstat50"}, {&nb_fcntl, "fcntl"}, {&nb_ioctl, "ioctl"}, {&nb_pipe, "pipe"}, {&nb_poll, "poll"},
        {&nb_kqueue, "kqueue"}, {&nb_kevent, "__kevent50"}
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (!address) {
            fprintf(stderr, "%s has no %s\n", file, symbols[i].name);
            exit(2);
        }
        memcpy(symbols[i].function, &address, sizeof address);
    }
}

static int failures;

static void verdict(const char *what, const char *expected, const char *found)
{
    bool same = strcmp(expected, found) == 0;
    printf("%s  %s: %s", same ? "ok  " : "FAIL", what, found);
    printf(same ? "\n" : ", not %s\n", expected);
    failures += !same;
}

static void check(const char *what, long expected, long found)
{
    char one[32];
    char other[32];
    snprintf(one, sizeof one, "%ld", expected);
    snprintf(other, sizeof other, "%ld", found);
    verdict(what, one, other);
}

/* A result, or -errno. */
static long result(long returned)
{
    return returned < 0 ? -*nb_errno() : returned;
}

static int change(int kq, long ident, uint32_t filter, uint32_t flags, uint32_t fflags, int64_t data, int64_t udata)
{
    struct nb_kevent one = {(uint64_t)ident, filter, flags, fflags, data, udata};
    return (int)result(nb_kevent(kq, &one, 1, NULL, 0, NULL));
}

static void add(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t used = strlen(text);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void describe(const struct nb_kevent *event, char *text, size_t size)
{
    static const char *const names[] = {"READ", "WRITE", "AIO", "VNODE", "PROC", "SIGNAL", "TIMER", "7", "USER"};
    add(text, size, "%s{%s", *text ? " " : "", event->filter < 9 ? names[event->filter] : "?");
    static const struct {
        uint32_t bit;
        const char *name;
    } bits[] = {
        {NB_EV_ONESHOT, "ONESHOT"}, {NB_EV_CLEAR, "CLEAR"}, {NB_EV_RECEIPT, "RECEIPT"}, {NB_EV_DISPATCH, "DISPATCH"},
        {NB_EV_EOF, "EOF"}, {NB_EV_ERROR, "ERROR"}
    };
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        if (event->flags & bits[i].bit) {
            add(text, size, " %s", bits[i].name);
        }
    }
    if (event->fflags) {
        add(text, size, " fflags=%u", event->fflags);
    }
    /* The room to send depends on the system below. */
    if (event->filter == NB_EVFILT_WRITE && !(event->flags & NB_EV_ERROR) && event->data >= 2048) {
        add(text, size, " room");
    } else {
        add(text, size, " data=%ld", (long)event->data);
    }
    if (event->udata) {
        add(text, size, " udata=%ld", (long)event->udata);
    }
    add(text, size, "}");
}

static void describe_all(const struct nb_kevent *events, int count, char *text, size_t size)
{
    text[0] = 0;
    for (int i = 0; i < count; i++) {
        describe(&events[i], text, size);
    }
}

/* Adds events to those that came before; the later of two for one filter says what the earlier did not know yet. */
static int merge(struct nb_kevent *all, int count, const struct nb_kevent *events, long more)
{
    for (long i = 0; i < more; i++) {
        int at = 0;
        while (at < count && (all[at].ident != events[i].ident || all[at].filter != events[i].filter)) {
            at++;
        }
        all[at] = events[i];
        count += at == count;
    }
    return count;
}

/* Waits for the events that are expected, for a second at most; "" expects none within a moment. */
static void expect(const char *what, int kq, const char *expected)
{
    char found[1024] = "";
    struct nb_kevent all[16];
    int count = 0;
    for (int calls = 0; calls < 4; calls++) {
        struct nb_kevent events[8];
        struct nb_timespec timeout = {0, *expected ? 250000000 : 20000000};
        long more = result(nb_kevent(kq, NULL, 0, events, 8, &timeout));
        if (more < 0) {
            add(found, sizeof found, "errno %ld", -more);
            break;
        }
        count = merge(all, count, events, more);
        describe_all(all, count, found, sizeof found);
        if (strcmp(found, expected) == 0) {
            break;
        }
    }
    verdict(what, expected, found);
}

/* A list of changes given at once, with room for the answers. */
static void expect_answers(const char *what, int kq, const struct nb_kevent *list, size_t count, size_t room,
    const char *expected)
{
    char found[1024] = "";
    struct nb_kevent events[16];
    struct nb_timespec none = {0, 0};
    long got = result(nb_kevent(kq, list, count, events, room, &none));
    if (got < 0) {
        add(found, sizeof found, "errno %ld", -got);
    }
    for (long i = 0; i < got; i++) {
        describe(&events[i], found, sizeof found);
    }
    verdict(what, expected, found);
}

static int listener(unsigned char *address)
{
    unsigned char any[16] = {16, NB_AF_INET, 0, 0, 127, 0, 0, 1};
    int fd = nb_socket(NB_AF_INET, NB_SOCK_STREAM | NB_SOCK_NONBLOCK, 0);
    uint32_t length = 16;
    if (fd < 0 || nb_bind(fd, any, 16) < 0 || nb_listen(fd, 16) < 0 || nb_getsockname(fd, address, &length) < 0) {
        fprintf(stderr, "no listener: errno %d\n", *nb_errno());
        exit(2);
    }
    return fd;
}

static int tcp(void)
{
    return nb_socket(NB_AF_INET, NB_SOCK_STREAM | NB_SOCK_NONBLOCK, 0);
}

static void pair(int *client, int *server)
{
    unsigned char address[16];
    int l = listener(address);
    *client = tcp();
    nb_connect(*client, address, 16);
    struct nb_pollfd poll[] = {{l, NB_POLLIN, 0}, {*client, NB_POLLOUT, 0}};
    nb_poll(poll, 1, 1000);
    nb_poll(poll + 1, 1, 1000);
    *server = nb_paccept(l, NULL, NULL, NULL, NB_SOCK_NONBLOCK);
    nb_close(l);
}

static void await_bytes(int fd, int bytes)
{
    for (int i = 0; i < 1000; i++) {
        int now = 0;
        nb_ioctl(fd, NB_FIONREAD, &now);
        if (now >= bytes) {
            return;
        }
        usleep(1000);
    }
}

static void numbers_and_errors(void)
{
    int kq = nb_kqueue();
    check("a host descriptor is nothing here", -NB_EBADF, result(nb_write(1, "x", 1)));
    check("READ on a closed descriptor", -NB_EBADF, change(kq, 99, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 0));
    check("filter -1", -NB_EINVAL, change(kq, kq, (uint32_t)-1, NB_EV_ADD, 0, 0, 0));
    check("filter 7", -NB_EINVAL, change(kq, 1, 7, NB_EV_ADD, 0, 0, 0));
    check("EV_DELETE on a closed descriptor", -NB_EBADF, change(kq, 99, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0));
    check("kevent on a kqueue that is none", -NB_EBADF, change(99, 1, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 0));
    struct nb_kevent event;
    struct nb_timespec negative = {-1, 0};
    struct nb_timespec second = {0, 1000000000};
    check("timeout of -1 s", -NB_EINVAL, result(nb_kevent(kq, NULL, 0, &event, 1, &negative)));
    check("timeout of 1e9 ns", -NB_EINVAL, result(nb_kevent(kq, NULL, 0, &event, 1, &second)));
    check("no room and no timeout", 0, result(nb_kevent(kq, NULL, 0, NULL, 0, NULL)));
    check("AF 10, which is Linux's AF_INET6", -NB_EAFNOSUPPORT, result(nb_socket(10, NB_SOCK_STREAM, 0)));
    check("SOCK_NONBLOCK of Linux", -NB_EPROTOTYPE, result(nb_socket(NB_AF_INET, NB_SOCK_STREAM | 0x800, 0)));
    int s = tcp();
    check("kevent on a socket", -NB_EBADF, change(s, 1, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 0));
    check("EV_DELETE of what was not added", -NB_ENOENT, change(kq, s, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0));
    check("EV_ENABLE of what was not added", -NB_ENOENT, change(kq, s, NB_EVFILT_READ, NB_EV_ENABLE, 0, 0, 0));
    check("lowest number first", s, (nb_close(s), tcp()));
    check("F_GETFL", NB_O_RDWR | NB_O_NONBLOCK, nb_fcntl(s, NB_F_GETFL, 0));
    unsigned char host_address[16] = {NB_AF_INET, 0, 0, 0, 127, 0, 0, 1};
    check("an address as Linux has it", -NB_EAFNOSUPPORT, result(nb_bind(s, host_address, 16)));
    nb_close(s);
    nb_close(kq);
}

static void change_lists(void)
{
    int c;
    int s;
    pair(&c, &s);
    int kq = nb_kqueue();
    nb_write(c, "ab", 2);
    await_bytes(s, 2);
    struct nb_kevent list[] = {
        {99, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 11}, {(uint64_t)s, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 22},
        {(uint64_t)s, NB_EVFILT_WRITE, NB_EV_DELETE, 5, 7, 33}
    };
    expect_answers("errors come at once and alone", kq, list, 3, 16,
        "{READ ERROR data=9 udata=11} {WRITE ERROR fflags=5 data=2 udata=33}");
    expect("the good change was applied", kq, "{READ data=2 udata=22}");
    expect_answers("second error has no room", kq, list, 3, 1, "errno 2");
    expect_answers("no room at all", kq, list, 3, 0, "errno 9");
    struct nb_kevent receipts[] = {
        {(uint64_t)s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_RECEIPT, 0, 0, 44},
        {99, NB_EVFILT_READ, NB_EV_ADD | NB_EV_RECEIPT, 0, 0, 45}
    };
    expect_answers("EV_RECEIPT", kq, receipts, 2, 16, "{READ ERROR data=0 udata=44} {READ ERROR data=9 udata=45}");
    struct nb_kevent lost[] = {
        {(uint64_t)s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_RECEIPT, 0, 0, 0}, {(uint64_t)c, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 0}
    };
    expect_answers("EV_RECEIPT without room", kq, lost, 2, 0, "");
    check("... loses what follows", -NB_ENOENT, change(kq, c, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0));
    nb_close(kq);
    nb_close(s);
    nb_close(c);
}

static void listeners(void)
{
    unsigned char address[16];
    int kq = nb_kqueue();
    int l = listener(address);
    change(kq, l, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 7);
    change(kq, l, NB_EVFILT_WRITE, NB_EV_ADD, 0, 0, 0);
    int c[3];
    c[0] = tcp();
    check("nonblocking connect", -NB_EINPROGRESS, result(nb_connect(c[0], address, 16)));
    expect("one waits", kq, "{READ CLEAR data=1 udata=7}");
    for (int i = 1; i < 3; i++) {
        c[i] = tcp();
        nb_connect(c[i], address, 16);
    }
    struct nb_pollfd poll = {c[2], NB_POLLOUT, 0};
    nb_poll(&poll, 1, 1000);
    expect("three wait", kq, "{READ CLEAR data=3 udata=7}");
    expect("told once", kq, "");
    int on = 1;
    nb_setsockopt(l, NB_IPPROTO_TCP, NB_TCP_NODELAY, &on, sizeof on);
    unsigned char peer[128];
    uint32_t length = sizeof peer;
    int s = nb_paccept(l, peer, &length, NULL, NB_SOCK_NONBLOCK | NB_SOCK_CLOEXEC);
    check("length of the peer's address", 16, length);
    check("sa_len and family", 16 * 256 + NB_AF_INET, peer[0] * 256 + peer[1]);
    check("F_GETFL of paccept", NB_O_RDWR | NB_O_NONBLOCK, nb_fcntl(s, NB_F_GETFL, 0));
    check("F_GETFD of paccept", 1, nb_fcntl(s, NB_F_GETFD, 0));
    expect("accepting one of three", kq, "{READ CLEAR data=2 udata=7}");
    int t = nb_accept(l, NULL, NULL);
    check("accept inherits O_NONBLOCK", NB_O_RDWR | NB_O_NONBLOCK, nb_fcntl(t, NB_F_GETFL, 0));
    struct linger reset_on_close = {1, 0};
    nb_setsockopt(c[2], NB_SOL_SOCKET, NB_SO_LINGER, &reset_on_close, sizeof reset_on_close);
    nb_close(c[2]);
    expect("reset before it was accepted", kq, "{READ CLEAR data=1 udata=7}");
    length = sizeof peer;
    check("... accept", -NB_ECONNABORTED, result(nb_accept(l, peer, &length)));
    check("... address length", 16, length);
    check("nothing waits", -NB_EAGAIN, result(nb_accept(l, NULL, NULL)));
    nb_close(l);
    expect("listener closed", kq, "");
    for (int i = 0; i < 2; i++) {
        nb_close(c[i]);
    }
    nb_close(s);
    nb_close(t);
    nb_close(kq);
}

static void reading(void)
{
    int c;
    int s;
    char bytes[256] = "";
    pair(&c, &s);
    int kq = nb_kqueue();
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    expect("nothing to read", kq, "");
    nb_write(c, bytes, 100);
    expect("100 bytes", kq, "{READ CLEAR data=100 udata=1}");
    expect("not read: told once", kq, "");
    nb_write(c, bytes, 50);
    expect("50 more", kq, "{READ CLEAR data=150 udata=1}");
    nb_read(s, bytes, 30);
    expect("after reading 30", kq, "");
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 5);
    expect("EV_ADD again", kq, "{READ CLEAR data=120 udata=5}");
    change(kq, s, NB_EVFILT_READ, NB_EV_DISABLE, 0, 0, 0);
    nb_write(c, bytes, 10);
    await_bytes(s, 130);
    expect("disabled", kq, "");
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 6);
    expect("a plain EV_ADD does not enable", kq, "");
    change(kq, s, NB_EVFILT_READ, NB_EV_ENABLE, 0, 0, 0);
    expect("EV_ENABLE", kq, "{READ CLEAR data=130 udata=6}");
    nb_write(c, bytes, 5);
    await_bytes(s, 135);
    nb_read(s, bytes, sizeof bytes);
    expect("read before kevent: not told of", kq, "");
    change(kq, s, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0);

    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, NB_NOTE_LOWAT, 100, 7);
    nb_write(c, bytes, 50);
    expect("below NOTE_LOWAT", kq, "");
    nb_write(c, bytes, 60);
    expect("above NOTE_LOWAT", kq, "{READ CLEAR data=110 udata=7}");
    nb_read(s, bytes, sizeof bytes);
    change(kq, s, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0);

    change(kq, s, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 8);
    nb_write(c, bytes, 20);
    expect("level", kq, "{READ data=20 udata=8}");
    expect("level again", kq, "{READ data=20 udata=8}");
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 8);
    expect("does not become an edge", kq, "{READ data=20 udata=8}");
    expect("... really not", kq, "{READ data=20 udata=8}");
    change(kq, s, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0);
    expect("deleted", kq, "");

    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_ONESHOT, 0, 0, 9);
    expect("EV_ONESHOT", kq, "{READ ONESHOT data=20 udata=9}");
    expect("... once", kq, "");
    check("... is gone", -NB_ENOENT, change(kq, s, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0));

    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_DISPATCH, 0, 0, 10);
    expect("EV_DISPATCH", kq, "{READ DISPATCH data=20 udata=10}");
    expect("... disabled", kq, "");
    change(kq, s, NB_EVFILT_READ, NB_EV_ENABLE, 0, 0, 0);
    expect("EV_ENABLE does not tell of old bytes", kq, "");
    nb_write(c, bytes, 5);
    expect("... but of new ones", kq, "{READ DISPATCH data=25 udata=10}");
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_ENABLE, 0, 0, 10);
    expect("EV_ADD|EV_ENABLE tells of old bytes", kq, "{READ DISPATCH data=25 udata=10}");
    nb_write(c, bytes, 5);
    await_bytes(s, 30);
    expect("bytes that come while disabled", kq, "");
    change(kq, s, NB_EVFILT_READ, NB_EV_ENABLE, 0, 0, 0);
    expect("... are told of by EV_ENABLE", kq, "{READ DISPATCH data=30 udata=10}");
    change(kq, s, NB_EVFILT_READ, NB_EV_DELETE, 0, 0, 0);

    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR | NB_EV_DISPATCH, 0, 0, 11);
    expect("EV_CLEAR|EV_DISPATCH", kq, "{READ CLEAR DISPATCH data=30 udata=11}");
    nb_write(c, bytes, 10);
    expect("... is not disabled", kq, "{READ CLEAR DISPATCH data=40 udata=11}");
    nb_close(s);
    expect("closed: its knotes are gone", kq, "");
    nb_close(c);
    nb_close(kq);
}

static void writing(void)
{
    static char bytes[65536];
    int c;
    int s;
    pair(&c, &s);
    int kq = nb_kqueue();
    change(kq, c, NB_EVFILT_WRITE, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    expect("room", kq, "{WRITE CLEAR room udata=1}");
    expect("told once", kq, "");
    long sent;
    while ((sent = result(nb_write(c, bytes, sizeof bytes))) > 0) {
    }
    check("full", -NB_EAGAIN, sent);
    change(kq, c, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 2);
    nb_write(s, "x", 1);
    expect("a byte that comes is not room", kq, "{READ CLEAR data=1 udata=2}");
    struct nb_kevent event;
    struct nb_timespec timeout = {0, 0};
    bool told = false;
    for (int i = 0; i < 100000 && !told; i++) {
        nb_read(s, bytes, sizeof bytes);
        told = nb_kevent(kq, NULL, 0, &event, 1, &timeout) == 1;
    }
    check("room again", NB_EVFILT_WRITE, told ? (long)event.filter : -1);
    nb_close(s);
    nb_close(c);
    nb_close(kq);
}

static void ends(void)
{
    int c;
    int s;
    char bytes[16];
    pair(&c, &s);
    int kq = nb_kqueue();
    int mine = nb_kqueue();
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    change(kq, s, NB_EVFILT_WRITE, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 2);
    change(mine, c, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 3);
    change(mine, c, NB_EVFILT_WRITE, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 4);
    expect("idle", kq, "{WRITE CLEAR room udata=2}");
    expect("idle", mine, "{WRITE CLEAR room udata=4}");
    nb_write(c, "abc", 3);
    expect("three bytes", kq, "{READ CLEAR data=3 udata=1}");
    nb_shutdown(c, 1);
    expect("the peer's end raises READ only", kq, "{READ CLEAR EOF data=3 udata=1}");
    expect("one's own end raises WRITE only", mine, "{WRITE CLEAR EOF room udata=4}");
    nb_read(s, bytes, sizeof bytes);
    expect("after the last byte", kq, "");
    check("read at the end", 0, nb_read(s, bytes, sizeof bytes));
    check("write after SHUT_WR", -NB_EPIPE, result(nb_write(c, "x", 1)));
    nb_close(s);
    expect("the other's end", mine, "{READ CLEAR EOF data=0 udata=3} {WRITE CLEAR EOF room udata=4}");
    nb_close(c);
    expect("closed", mine, "");
    nb_close(mine);
    nb_close(kq);
}

static void reset(int fd)
{
    struct linger at_once = {1, 0};
    nb_setsockopt(fd, NB_SOL_SOCKET, NB_SO_LINGER, &at_once, sizeof at_once);
    nb_close(fd);
}

static long so_error(int fd)
{
    int error = -1;
    uint32_t length = sizeof error;
    nb_getsockopt(fd, NB_SOL_SOCKET, NB_SO_ERROR, &error, &length);
    return error;
}

static void resets(void)
{
    int c;
    int s;
    char bytes[16];
    int kq = nb_kqueue();
    pair(&c, &s);
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    reset(c);
    expect("reset", kq, "{READ CLEAR EOF fflags=54 data=0 udata=1}");
    change(kq, s, NB_EVFILT_WRITE, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 2);
    expect("... on WRITE", kq, "{WRITE CLEAR EOF fflags=54 room udata=2}");
    check("SO_ERROR", NB_ECONNRESET, so_error(s));
    check("SO_ERROR again", 0, so_error(s));
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 1);
    expect("SO_ERROR was taken", kq, "{READ CLEAR EOF data=0 udata=1}");
    check("read", 0, result(nb_read(s, bytes, sizeof bytes)));
    check("write", -NB_EPIPE, result(nb_write(s, "x", 1)));
    nb_close(s);

    pair(&c, &s);
    nb_write(c, "abcd", 4);
    await_bytes(s, 4);
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    expect("four bytes", kq, "{READ CLEAR data=4 udata=1}");
    reset(c);
    expect("reset with bytes unread", kq, "{READ CLEAR EOF fflags=54 data=4 udata=1}");
    check("read 1", 4, result(nb_read(s, bytes, sizeof bytes)));
    check("read 2", -NB_ECONNRESET, result(nb_read(s, bytes, sizeof bytes)));
    check("read 3", 0, result(nb_read(s, bytes, sizeof bytes)));
    nb_close(s);
    nb_close(kq);
}

static void connects(void)
{
    unsigned char address[16];
    nb_close(listener(address));
    int kq = nb_kqueue();
    int c = tcp();
    change(kq, c, NB_EVFILT_WRITE, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    change(kq, c, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 2);
    expect("not connected", kq, "");
    check("connect to a closed port", -NB_EINPROGRESS, result(nb_connect(c, address, 16)));
    char found[256] = "";
    struct nb_kevent events[2];
    struct nb_timespec second = {1, 0};
    int got = 0;
    for (int i = 0; i < 4 && got < 2; i++) {
        int n = nb_kevent(kq, NULL, 0, events + got, (size_t)(2 - got), &second);
        got += n > 0 ? n : 0;
    }
    /* In either order. */
    bool swap = got == 2 && events[0].filter == NB_EVFILT_READ;
    for (int i = 0; i < got; i++) {
        describe(&events[swap ? 1 - i : i], found, sizeof found);
    }
    verdict("refused", "{WRITE CLEAR EOF fflags=61 room udata=1} {READ CLEAR EOF fflags=61 data=0 udata=2}", found);
    check("SO_ERROR", NB_ECONNREFUSED, so_error(c));
    check("SO_ERROR again", 0, so_error(c));
    check("second connect", -NB_EINVAL, result(nb_connect(c, address, 16)));
    nb_close(c);

    int l = listener(address);
    c = tcp();
    check("connect to a listener", -NB_EINPROGRESS, result(nb_connect(c, address, 16)));
    change(kq, c, NB_EVFILT_WRITE, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    expect("connected", kq, "{WRITE CLEAR room udata=1}");
    expect("told once", kq, "");
    check("connect once connected", -NB_EISCONN, result(nb_connect(c, address, 16)));
    nb_close(c);
    nb_close(l);
    int blocking = nb_socket(NB_AF_INET, NB_SOCK_STREAM, 0);
    check("blocking connect refused", -NB_ECONNREFUSED, result(nb_connect(blocking, address, 16)));
    nb_close(blocking);
    nb_close(kq);
}

static void socket_options(void)
{
    unsigned char address[16];
    int l = listener(address);
    int value = 1;
    uint32_t length = sizeof value;
    nb_setsockopt(l, NB_IPPROTO_TCP, NB_TCP_NODELAY, &value, sizeof value);
    nb_getsockopt(l, NB_IPPROTO_TCP, NB_TCP_NODELAY, &value, &length);
    check("TCP_NODELAY reads back as", 4, value);
    value = 8;
    nb_setsockopt(l, NB_IPPROTO_IP, NB_IP_TOS, &value, sizeof value);
    value = 20000;
    nb_setsockopt(l, NB_SOL_SOCKET, NB_SO_RCVBUF, &value, sizeof value);
    value = 0;
    nb_getsockopt(l, NB_SOL_SOCKET, NB_SO_RCVBUF, &value, &length);
    check("SO_RCVBUF is not doubled", 20000, value);
    value = 1 << 20;
    check("SO_SNDBUF of 1 MiB", -NB_ENOBUFS, result(nb_setsockopt(l, NB_SOL_SOCKET, NB_SO_SNDBUF, &value, sizeof value)));
    value = 1;
    check("TCP_FASTOPEN of Linux", -NB_ENOPROTOOPT,
        result(nb_setsockopt(l, NB_IPPROTO_TCP, 23, &value, sizeof value)));
    check("SOL_SOCKET of Linux", -NB_ENOPROTOOPT, result(nb_setsockopt(l, 1, 2, &value, sizeof value)));
    int c = tcp();
    nb_connect(c, address, 16);
    struct nb_pollfd poll = {l, NB_POLLIN, 0};
    nb_poll(&poll, 1, 1000);
    int s = nb_accept(l, NULL, NULL);
    nb_getsockopt(s, NB_IPPROTO_TCP, NB_TCP_NODELAY, &value, &length);
    check("TCP_NODELAY is inherited", 4, value);
    nb_getsockopt(s, NB_IPPROTO_IP, NB_IP_TOS, &value, &length);
    check("IP_TOS is not", 0, value);
    int six = nb_socket(NB_AF_INET6, NB_SOCK_STREAM, 0);
    if (six >= 0) {
        nb_getsockopt(six, NB_IPPROTO_IPV6, NB_IPV6_V6ONLY, &value, &length);
        check("IPV6_V6ONLY", 1, value);
        unsigned char loopback[28] = {28, NB_AF_INET6};
        loopback[23] = 1;
        check("bind to ::1", 0, result(nb_bind(six, loopback, 28)));
        unsigned char name[128];
        length = sizeof name;
        nb_getsockname(six, name, &length);
        check("length, sa_len, family", 28 * 65536 + 28 * 256 + 24, (long)length * 65536 + name[0] * 256 + name[1]);
        nb_close(six);
    }
    nb_close(s);
    nb_close(c);
    nb_close(l);
}

static void datagrams(void)
{
    unsigned char any[16] = {16, NB_AF_INET, 0, 0, 127, 0, 0, 1};
    unsigned char address[16];
    char bytes[64] = "";
    int s = nb_socket(NB_AF_INET, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    int c = nb_socket(NB_AF_INET, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    uint32_t length = sizeof address;
    nb_bind(s, any, 16);
    nb_bind(c, any, 16);
    nb_getsockname(s, address, &length);
    int kq = nb_kqueue();
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    nb_sendto(c, bytes, 10, 0, address, 16);
    expect("UDP counts the address", kq, "{READ CLEAR data=26 udata=1}");
    nb_sendto(c, bytes, 7, 0, address, 16);
    nb_sendto(c, bytes, 0, 0, address, 16);
    await_bytes(s, 65);
    expect("three datagrams", kq, "{READ CLEAR data=65 udata=1}");
    unsigned char from[128];
    length = sizeof from;
    check("recvfrom", 10, result(nb_recvfrom(s, bytes, sizeof bytes, 0, from, &length)));
    check("its address", 16 * 256 + NB_AF_INET, (long)length * 256 + from[1]);
    expect("after one", kq, "");
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD, 0, 0, 1);
    expect("EV_ADD again", kq, "{READ CLEAR data=39 udata=1}");
    nb_close(s);
    nb_connect(c, address, 16);
    change(kq, c, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    nb_write(c, "x", 1);
    expect("nobody there", kq, "{READ CLEAR data=0 udata=1}");
    check("read", -NB_ECONNREFUSED, result(nb_read(c, bytes, sizeof bytes)));
    check("read again", -NB_EAGAIN, result(nb_read(c, bytes, sizeof bytes)));
    nb_close(c);
    c = nb_socket(NB_AF_INET, NB_SOCK_DGRAM, 0);
    static char large[9217];
    check("a datagram of 9217 bytes", -NB_EMSGSIZE, result(nb_sendto(c, large, 9217, 0, address, 16)));
    nb_close(c);
    nb_close(kq);
}

/* A pair of datagram sockets, connected to each other. */
static void datagram_pair(int *one, int *other, unsigned char *address, unsigned char *other_address)
{
    unsigned char any[16] = {16, NB_AF_INET, 0, 0, 127, 0, 0, 1};
    int *sockets[] = {one, other};
    unsigned char *addresses[] = {address, other_address};
    for (int i = 0; i < 2; i++) {
        uint32_t length = 16;
        *sockets[i] = nb_socket(NB_AF_INET, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
        nb_bind(*sockets[i], any, 16);
        nb_getsockname(*sockets[i], addresses[i], &length);
    }
    nb_connect(*one, other_address, 16);
    nb_connect(*other, address, 16);
}

static void batches(void)
{
    unsigned char address[16];
    unsigned char other[16];
    unsigned char from[4][32];
    char bytes[4][16] = {"a", "bb", "ccc", "dddd"};
    struct iovec iov[4];
    struct nb_mmsghdr messages[4];
    int s;
    int c;
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < 4; i++) {
        iov[i] = (struct iovec){bytes[i], (size_t)i + 1};
        messages[i].header.iov = &iov[i];
        messages[i].header.iov_length = 1;
    }
    datagram_pair(&s, &c, address, other);
    check("sendmmsg", 3, result(nb_sendmmsg(c, messages, 3, 0)));
    check("msg_len of the last", 3, messages[2].length);
    await_bytes(s, 6 + 3 * 16);
    for (int i = 0; i < 4; i++) {
        iov[i].iov_len = 16;
        messages[i].header.name = from[i];
        messages[i].header.name_length = sizeof from[i];
    }
    check("recvmmsg of three into four", 3, result(nb_recvmmsg(s, messages, 4, 0, NULL)));
    check("msg_len of each", 123, messages[0].length * 100 + messages[1].length * 10 + messages[2].length);
    check("msg_namelen", 16, messages[2].header.name_length);
    /* The rest was not observed but read, in sys_recvmmsg(), sys_sendmmsg(). */
    check("recvmmsg of none", -NB_EAGAIN, result(nb_recvmmsg(s, messages, 4, 0, NULL)));
    int error = -1;
    uint32_t length = sizeof error;
    nb_getsockopt(s, NB_SOL_SOCKET, NB_SO_ERROR, &error, &length);
    check("... which stays in SO_ERROR", NB_EAGAIN, error);
    static char large[9217];
    messages[0].header.name = messages[1].header.name = NULL;
    iov[0].iov_len = 1;
    iov[1] = (struct iovec){large, sizeof large};
    check("sendmmsg whose second is too large", 1, result(nb_sendmmsg(c, messages, 2, 0)));
    check("... is told of by the next call", -NB_EMSGSIZE, result(nb_write(c, "x", 1)));
    check("... once", 1, result(nb_write(c, "x", 1)));
    nb_close(s);
    nb_close(c);
}

static void disconnecting(void)
{
    unsigned char address[16];
    unsigned char other[16];
    unsigned char none[16] = {16, NB_AF_UNSPEC};
    unsigned char peer[32];
    uint32_t length = sizeof peer;
    char bytes[16];
    int s;
    int c;
    datagram_pair(&s, &c, address, other);
    check("sendto on a connected socket", -NB_EISCONN, result(nb_sendto(c, "x", 1, 0, address, 16)));
    check("connect(AF_UNSPEC)", -NB_EAFNOSUPPORT, result(nb_connect(c, none, 16)));
    check("... disconnects", -NB_ENOTCONN, result(nb_getpeername(c, peer, &length)));
    check("write without a peer", -NB_EDESTADDRREQ, result(nb_write(c, "x", 1)));
    check("sendto", 1, result(nb_sendto(c, "x", 1, 0, address, 16)));
    nb_close(c);
    c = nb_socket(NB_AF_INET6, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    int d = nb_socket(NB_AF_INET6, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    unsigned char six[28] = {28, NB_AF_INET6};
    six[23] = 1;
    nb_bind(d, six, 28);
    length = sizeof six;
    nb_getsockname(d, six, &length);
    int kq = nb_kqueue();
    change(kq, d, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    nb_sendto(c, "abc", 3, 0, six, 28);
    expect("an IPv6 address counts as 28 bytes", kq, "{READ CLEAR data=31 udata=1}");
    length = sizeof peer;
    check("recvfrom", 3, result(nb_recvfrom(d, bytes, sizeof bytes, 0, peer, &length)));
    check("length of the sender's address", 28, length);
    nb_close(c);
    nb_close(d);
    nb_close(s);
    nb_close(kq);
}

static void multicast(void)
{
    unsigned char any[16] = {16, NB_AF_INET};
    unsigned char membership[8] = {239, 1, 2, 3, 127, 0, 0, 1};
    unsigned char loopback[4] = {127, 0, 0, 1};
    unsigned char value[4] = {9, 9, 9, 9};
    char bytes[16];
    int s = nb_socket(NB_AF_INET, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    int c = nb_socket(NB_AF_INET, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    nb_bind(s, any, 16);
    uint32_t length = 4;
    nb_getsockopt(c, NB_IPPROTO_IP, NB_IP_MULTICAST_TTL, value, &length);
    check("IP_MULTICAST_TTL is a char", 1 * 65536 + 1 * 256 + 9, (long)length * 65536 + value[0] * 256 + value[1]);
    int two = 2;
    check("set as an int", 0, result(nb_setsockopt(c, NB_IPPROTO_IP, NB_IP_MULTICAST_TTL, &two, sizeof two)));
    check("IP_MULTICAST_IF", 0, result(nb_setsockopt(c, NB_IPPROTO_IP, NB_IP_MULTICAST_IF, loopback, 4)));
    check("of another size", -NB_EINVAL, result(nb_setsockopt(c, NB_IPPROTO_IP, NB_IP_MULTICAST_IF, membership, 8)));
    check("IP_ADD_MEMBERSHIP", 0, result(nb_setsockopt(s, NB_IPPROTO_IP, NB_IP_ADD_MEMBERSHIP, membership, 8)));
    unsigned char group[16] = {16, NB_AF_INET};
    length = sizeof any;
    nb_getsockname(s, any, &length);
    memcpy(group + 2, any + 2, 2);
    memcpy(group + 4, membership, 4);
    check("sendto the group", 4, result(nb_sendto(c, "mult", 4, 0, group, 16)));
    await_bytes(s, 20);
    check("recvfrom", 4, result(nb_recvfrom(s, bytes, sizeof bytes, 0, NULL, NULL)));
    check("IP_DROP_MEMBERSHIP", 0, result(nb_setsockopt(s, NB_IPPROTO_IP, NB_IP_DROP_MEMBERSHIP, membership, 8)));
    nb_close(s);
    nb_close(c);
}

static void paths(void)
{
    char path[64];
    char bytes[8] = "";
    struct nb_stat stat;
    snprintf(path, sizeof path, "/tmp/netbsd-check-%d", (int)getpid());
    check("lstat of nothing", -NB_ENOENT, result(nb_lstat(path, &stat)));
    int fd = nb_open(path, NB_O_CREAT | NB_O_EXCL | NB_O_RDWR | NB_O_CLOEXEC, 0600);
    check("write to a file", 5, result(nb_write(fd, "hello", 5)));
    check("FD_CLOEXEC", NB_FD_CLOEXEC, nb_fcntl(fd, NB_F_GETFD, 0));
    nb_close(fd);
    fd = nb_open(path, 0);
    check("st_mode, st_size", 0100600 + 5, result(nb_fstat(fd, &stat)) + stat.mode + (long)stat.size);
    check("read", 5, result(nb_read(fd, bytes, sizeof bytes)));
    check("end", 0, result(nb_read(fd, bytes, sizeof bytes)));
    check("write where it is for reading", -NB_EBADF, result(nb_write(fd, "x", 1)));
    nb_close(fd);
    check("unlink", 0, result(nb_unlink(path)));
    check("unlink again", -NB_ENOENT, result(nb_unlink(path)));
    int l = nb_socket(NB_AF_UNIX, NB_SOCK_STREAM, 0);
    unsigned char address[106] = {0, NB_AF_UNIX};
    strcpy((char *)address + 2, path);
    nb_bind(l, address, 2 + (uint32_t)strlen(path));
    nb_lstat(path, &stat);
    check("a socket's file", 0140000, stat.mode & 0170000);
    nb_close(l);
    nb_unlink(path);
}

static void unix_datagrams(void)
{
    unsigned char address[106] = {0, NB_AF_UNIX};
    unsigned char sender[106];
    char bytes[8];
    snprintf((char *)address + 2, sizeof address - 2, "/tmp/netbsd-check-%d", (int)getpid());
    uint32_t full = 2 + (uint32_t)strlen((char *)address + 2) + 1;
    int kq = nb_kqueue();
    int s = nb_socket(NB_AF_UNIX, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    int c = nb_socket(NB_AF_UNIX, NB_SOCK_DGRAM | NB_SOCK_NONBLOCK, 0);
    nb_bind(s, address, full);
    check("AF_UNIX datagrams: sendto without a name", 5, result(nb_sendto(c, "hello", 5, 0, address, full)));
    check("and again", 3, result(nb_sendto(c, "you", 3, 0, address, full)));
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    expect("two bytes of address with each", kq, "{READ CLEAR data=12 udata=1}");
    uint32_t length = sizeof sender;
    check("recvfrom", 5, result(nb_recvfrom(s, bytes, sizeof bytes, 0, sender, &length)));
    check("the name of a sender without one", 2 * 256 + NB_AF_UNIX, (long)length * 256 + sender[1]);
    static char large[2049];
    check("more than unpdg_sendspace", -NB_EMSGSIZE, result(nb_sendto(c, large, sizeof large, 0, address, full)));
    struct nb_unpcbid id;
    length = sizeof id;
    check("LOCAL_PEEREID", -NB_ENOTCONN, result(nb_getsockopt(c, 0, NB_LOCAL_PEEREID, &id, &length)));
    check("connect", 0, result(nb_connect(c, address, full)));
    check("LOCAL_PEEREID of connected datagrams", -NB_ENOTCONN,
        result(nb_getsockopt(c, 0, NB_LOCAL_PEEREID, &id, &length)));
    long sent;
    do {
        sent = result(nb_write(c, "x", 1));
    } while (sent > 0);
    check("a full receiver", -NB_ENOBUFS, sent);
    unsigned char none[106] = {16, NB_AF_UNSPEC};
    check("connect(AF_UNSPEC)", -NB_ENOENT, result(nb_connect(c, none, 16)));
    check("... disconnects", -NB_ENOTCONN, result(nb_write(c, "x", 1)));
    nb_close(s);
    nb_unlink((char *)address + 2);
    check("sendto a path without a file", -NB_ENOENT, result(nb_sendto(c, "x", 1, 0, address, full)));
    nb_close(c);
    nb_close(kq);
}

static void unix_sockets(void)
{
    unsigned char address[106] = {0, NB_AF_UNIX};
    snprintf((char *)address + 2, sizeof address - 2, "/tmp/netbsd-check-%d", (int)getpid());
    uint32_t full = 2 + (uint32_t)strlen((char *)address + 2) + 1;
    int kq = nb_kqueue();
    int l = nb_socket(NB_AF_UNIX, NB_SOCK_STREAM | NB_SOCK_NONBLOCK, 0);
    int c = nb_socket(NB_AF_UNIX, NB_SOCK_STREAM | NB_SOCK_NONBLOCK, 0);
    check("AF_UNIX bind", 0, result(nb_bind(l, address, full)));
    nb_listen(l, 5);
    change(kq, l, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    check("AF_UNIX connect", 0, result(nb_connect(c, address, full)));
    expect("AF_UNIX listener", kq, "{READ CLEAR data=1 udata=1}");
    unsigned char peer[128];
    uint32_t length = sizeof peer;
    int s = nb_paccept(l, peer, &length, NULL, NB_SOCK_NONBLOCK);
    check("name of a peer without one", 2 * 256 + NB_AF_UNIX, (long)length * 256 + peer[1]);
    length = sizeof peer;
    nb_getsockname(s, peer, &length);
    check("length of the name", full, length);
    check("sun_len", full, peer[0]);
    struct nb_unpcbid id;
    length = sizeof id;
    nb_getsockopt(c, 0, NB_LOCAL_PEEREID, &id, &length);
    check("LOCAL_PEEREID", getpid(), id.pid);

    int fds[2];
    nb_pipe(fds);
    unsigned char control[24] = {0};
    struct nb_cmsghdr header = {20, NB_SOL_SOCKET, NB_SCM_RIGHTS};
    memcpy(control, &header, sizeof header);
    memcpy(control + 16, &fds[0], sizeof(int));
    struct iovec iov = {"x", 1};
    struct nb_msghdr message = {.iov = &iov, .iov_length = 1, .control = control, .control_length = sizeof control};
    check("sendmsg with SCM_RIGHTS", 1, result(nb_sendmsg(c, &message, 0)));
    char byte;
    unsigned char came[64];
    struct iovec into = {&byte, 1};
    struct nb_msghdr received = {.iov = &into, .iov_length = 1, .control = came, .control_length = sizeof came};
    check("recvmsg", 1, result(nb_recvmsg(s, &received, 0)));
    check("msg_controllen", 24, received.control_length);
    int passed;
    memcpy(&passed, came + 16, sizeof passed);
    nb_close(fds[0]);
    nb_write(fds[1], "y", 1);
    check("the descriptor that was passed", 1, result(nb_read(passed, &byte, 1)));
    nb_close(passed);
    nb_close(fds[1]);

    nb_write(s, "unread", 6);
    change(kq, s, NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 2);
    nb_close(c);
    expect("AF_UNIX peer closes with bytes unread", kq, "{READ CLEAR EOF data=0 udata=2}");
    check("read", 0, result(nb_read(s, &byte, 1)));
    nb_close(s);
    nb_close(l);
    c = nb_socket(NB_AF_UNIX, NB_SOCK_STREAM | NB_SOCK_NONBLOCK, 0);
    check("connect to a dead file", -NB_ECONNREFUSED, result(nb_connect(c, address, full)));
    unlink((char *)address + 2);
    check("connect to a missing file", -NB_ENOENT, result(nb_connect(c, address, full)));
    nb_close(c);
    nb_close(kq);
}

struct delayed {
    int fd;
    int kq;
};

static void *write_later(void *argument)
{
    struct delayed *delayed = argument;
    usleep(50000);
    nb_write(delayed->fd, "x", 1);
    return NULL;
}

static void *close_later(void *argument)
{
    struct delayed *delayed = argument;
    usleep(50000);
    nb_close(delayed->fd);
    return NULL;
}

static void pipes_and_threads(void)
{
    int fds[2];
    int kq = nb_kqueue();
    nb_pipe(fds);
    nb_fcntl(fds[0], NB_F_SETFL, NB_O_NONBLOCK);
    change(kq, fds[0], NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    struct delayed delayed = {fds[1], kq};
    pthread_t thread;
    pthread_create(&thread, NULL, write_later, &delayed);
    struct nb_kevent event;
    check("woken by another thread's write", 1, nb_kevent(kq, NULL, 0, &event, 1, NULL));
    check("... with one byte", 1, event.data);
    pthread_join(thread, NULL);
    char byte;
    nb_read(fds[0], &byte, 1);
    check("empty pipe", -NB_EAGAIN, result(nb_read(fds[0], &byte, 1)));
    delayed.fd = kq;
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    pthread_create(&thread, NULL, close_later, &delayed);
    struct nb_timespec timeout = {0, 300000000};
    check("close of a kqueue that is waited on", 0, nb_kevent(kq, NULL, 0, &event, 1, &timeout));
    clock_gettime(CLOCK_MONOTONIC, &after);
    long waited = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    check("... does not end the wait", 1, waited >= 290);
    pthread_join(thread, NULL);
    kq = nb_kqueue();
    change(kq, fds[0], NB_EVFILT_READ, NB_EV_ADD | NB_EV_CLEAR, 0, 0, 1);
    nb_write(fds[1], "abc", 3);
    expect("pipe", kq, "{READ CLEAR data=3 udata=1}");
    nb_close(fds[1]);
    expect("writer closed", kq, "{READ CLEAR EOF data=3 udata=1}");
    nb_close(fds[0]);
    change(kq, 1, NB_EVFILT_TIMER, NB_EV_ADD | NB_EV_ONESHOT, 0, 50, 7);
    expect("timer", kq, "{TIMER ONESHOT CLEAR data=1 udata=7}");
    nb_close(kq);
}

static void order(void)
{
    int kq = nb_kqueue();
    int c[4];
    int s[4];
    for (int i = 0; i < 4; i++) {
        pair(&c[i], &s[i]);
        nb_write(c[i], "x", 1);
        await_bytes(s[i], 1);
        change(kq, s[i], NB_EVFILT_READ, NB_EV_ADD, 0, 0, i);
    }
    char found[64] = "";
    for (int i = 0; i < 4; i++) {
        struct nb_kevent events[2];
        struct nb_timespec none = {0, 0};
        int n = nb_kevent(kq, NULL, 0, events, 2, &none);
        for (int k = 0; k < n; k++) {
            add(found, sizeof found, "%ld ", (long)events[k].udata);
        }
    }
    verdict("four level knotes, two at a time", "0 1 2 3 0 1 2 3 ", found);
    for (int i = 0; i < 4; i++) {
        nb_close(c[i]);
        nb_close(s[i]);
    }
    nb_close(kq);
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: %s library\n", arguments[0]);
        return 2;
    }
    load(arguments[1]);
    numbers_and_errors();
    change_lists();
    listeners();
    reading();
    writing();
    ends();
    resets();
    connects();
    socket_options();
    datagrams();
    batches();
    disconnecting();
    multicast();
    paths();
    unix_sockets();
    unix_datagrams();
    pipes_and_threads();
    order();
    printf("%d failed\n", failures);
    return failures != 0;
}
