// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;

/** What tests do to descriptors behind the transport's back, whichever binding that has. */
public final class LibC {

    private static final NativeLibrary C = NativeLibrary.getInstance("c");

    private LibC() {}

    /** pipe(2): the end to read from, and the end to write to. */
    public static int[] pipe() {
        try (Memory ends = new Memory(2 * Integer.BYTES)) {
            checked("pipe", ends);
            return ends.getIntArray(0, 2);
        }
    }

    /** dup(2). */
    public static int dup(int fd) {
        return checked("dup", fd);
    }

    /** close(2). */
    public static void close(int fd) {
        checked("close", fd);
    }

    /** write(2) of a few bytes. */
    public static void write(int fd, byte[] bytes) {
        int written = checked("write", fd, bytes, (long) bytes.length);
        if (written != bytes.length) {
            throw new IllegalStateException("wrote " + written + " of " + bytes.length + " bytes");
        }
    }

    /** read(2) of a few bytes. */
    public static int read(int fd, byte[] bytes) {
        return checked("read", fd, bytes, (long) bytes.length);
    }

    private static int checked(String function, Object... arguments) {
        int result = C.getFunction(function).invokeInt(arguments);
        if (result < 0) {
            throw new IllegalStateException(function + " failed: errno " + com.sun.jna.Native.getLastError());
        }
        return result;
    }
}
