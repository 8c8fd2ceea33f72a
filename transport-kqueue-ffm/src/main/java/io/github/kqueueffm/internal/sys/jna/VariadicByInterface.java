// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

import com.sun.jna.Library;

/**
 * Real variadic calls, which only JNA's slower interface mapping can make: for macOS on arm64, which passes variadic
 * arguments on the stack and named ones in registers.
 */
final class VariadicByInterface implements Variadic {

    /** JNA takes the named parameters for fixed and what is in the array for variadic. */
    interface Prototypes extends Library {

        int fcntl(int fd, int command, Object... arguments);

        int ioctl(int fd, long request, Object... arguments);

        int open(long path, int flags, Object... arguments);
    }

    private final Prototypes library;

    VariadicByInterface(Prototypes library) {
        this.library = library;
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        return library.fcntl(fd, command, argument);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        return library.ioctl(fd, request, argument);
    }

    @Override
    public int open(long path, int flags, int mode) {
        return library.open(path, flags, mode);
    }
}
