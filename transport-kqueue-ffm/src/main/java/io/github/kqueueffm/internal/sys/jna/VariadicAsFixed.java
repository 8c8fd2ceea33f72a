// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

/** Direct mapping, which cannot say that an argument is variadic: for ABIs where that makes no difference. */
final class VariadicAsFixed implements Variadic {

    @Override
    public int fcntl(int fd, int command, int argument) {
        return Functions.Fcntl.fcntl(fd, command, argument);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return Functions.Ioctl.ioctl(fd, request, argument);
    }

    @Override
    public int open(long path, int flags, int mode) {
        return Functions.Open.open(path, flags, mode);
    }
}
