// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The file that bind(2) makes for the name of a UNIX socket, and that nobody takes away again. Reached by calls of the binding
 * only: the kernel that has it may not be the JDK's. Any thread.
 */
public final class SocketFile {

    private SocketFile() {}

    /**
     * Deletes the file if it is a socket; something else that was put in its place stays. Where the C library has no lstat
     * (glibc before 2.33), the name is taken to be still what bind has made of it.
     *
     * @param path the name that was bound; nothing is done for an abstract one (unix(7)), which goes with its socket
     * @throws IOException if it is there and cannot be deleted
     */
    public static void delete(Binding binding, String path) throws IOException {
        Syscalls syscalls = binding.syscalls();
        if (path.isEmpty() || path.indexOf(0) >= 0 || !syscalls.has(CFunction.UNLINK)) {
            return;
        }
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        NativeMemory name = NativeMemory.allocate(syscalls, bytes.length + 1);
        name.buffer().put(0, bytes);
        if (syscalls.has(CFunction.LSTAT) && !isSocket(binding, name)) {
            return;
        }
        check(binding, "unlink", syscalls.unlink(name.address()));
    }

    private static boolean isSocket(Binding binding, NativeMemory name) throws IOException {
        StructLayouts structs = binding.platform().structs();
        FileConstants file = binding.platform().file();
        NativeMemory stat = NativeMemory.allocate(binding.syscalls(), structs.statSize());
        if (!check(binding, "lstat", binding.syscalls().lstat(name.address(), stat.address()))) {
            return false;
        }
        ByteBuffer answer = stat.buffer();
        int mode = structs.statModeSize() == Short.BYTES
                ? Short.toUnsignedInt(answer.getShort(structs.statMode()))
                : answer.getInt(structs.statMode());
        return (mode & file.S_IFMT()) == file.S_IFSOCK();
    }

    /** @return whether the file is there */
    private static boolean check(Binding binding, String call, int result) throws IOException {
        Errno errno = binding.platform().errno();
        // Somebody else has deleted it, or its folder: gone, as was asked for.
        if (result == -errno.ENOENT() || result == -errno.ENOTDIR()) {
            return false;
        }
        if (result < 0) {
            throw SocketErrors.plain(binding, call, -result);
        }
        return true;
    }
}
