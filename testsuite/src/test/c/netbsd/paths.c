/* SPDX-License-Identifier: Apache-2.0 */

/* Files that have a path. */
#define _GNU_SOURCE
#include "kernel.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
    int netbsd;
    int host;
} flags_of_open[] = {
    {NB_O_APPEND, O_APPEND}, {NB_O_CREAT, O_CREAT}, {NB_O_TRUNC, O_TRUNC}, {NB_O_EXCL, O_EXCL}
};

int sys_open(const char *path, int flags, int mode)
{
    int left = flags & ~(3 | NB_O_NONBLOCK | NB_O_CLOEXEC);
    int host_flags = (flags & 3) | O_CLOEXEC | O_NONBLOCK;
    for (size_t i = 0; i < sizeof flags_of_open / sizeof *flags_of_open; i++) {
        if (left & flags_of_open[i].netbsd) {
            host_flags |= flags_of_open[i].host;
            left &= ~flags_of_open[i].netbsd;
        }
    }
    /* As with MSG_*: what is no flag here would be ignored, and is to be noticed. */
    if (left != 0) {
        return -NB_EINVAL;
    }
    if (!descriptor_available()) {
        return -NB_EMFILE;
    }
    long host = HOST(openat, AT_FDCWD, path, host_flags, mode);
    if (host < 0) {
        /* vn_open() says so of a socket's file, which Linux has ENXIO for */
        return host == -ENXIO ? -NB_EOPNOTSUPP : error_from_host(host);
    }
    struct file *file = file_new(PLAIN, (int)host, flags & (3 | NB_O_NONBLOCK | NB_O_APPEND));
    return descriptor_new(file, 0, flags & NB_O_CLOEXEC);
}

int sys_unlink(const char *path)
{
    long result = HOST(unlinkat, AT_FDCWD, path, 0L);
    return result < 0 ? error_from_host(result) : 0;
}

static void fill(const struct stat *host, struct nb_stat *into)
{
    memset(into, 0, sizeof *into);
    into->device = host->st_dev;
    into->mode = host->st_mode;
    into->inode = host->st_ino;
    into->links = (uint32_t)host->st_nlink;
    into->user = host->st_uid;
    into->group = host->st_gid;
    into->size = host->st_size;
    into->blocks = host->st_blocks;
    into->block_size = (uint32_t)host->st_blksize;
}

int sys_lstat(const char *path, struct nb_stat *into)
{
    struct stat host;
    if (lstat(path, &host) < 0) {
        return error_from_host(errno);
    }
    fill(&host, into);
    return 0;
}

int sys_fstat(int fd, struct nb_stat *into)
{
    struct file *file = descriptor_file(fd);
    struct stat host;
    if (!file) {
        return -NB_EBADF;
    }
    if (fstat(file->host, &host) < 0) {
        return error_from_host(errno);
    }
    fill(&host, into);
    return 0;
}
