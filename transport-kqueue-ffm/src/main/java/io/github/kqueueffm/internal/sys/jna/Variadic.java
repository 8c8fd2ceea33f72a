// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

/** The C functions with variable arguments, with the one argument that we pass. */
interface Variadic {

    int fcntl(int fd, int command, int argument);

    int ioctl(int fd, long request, long argument);

    int open(long path, int flags, int mode);
}
