// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;

/** The answer of the last fstat(2). */
final class FileStatus {

    private final Syscalls syscalls;
    private final StructLayouts structs;
    private final FileConstants constants;
    private final NativeMemory memory;

    FileStatus(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        structs = platform.structs();
        constants = platform.file();
        memory = NativeMemory.allocate(syscalls, structs.statSize());
    }

    /** Asks; 0 or {@code -errno}. */
    int read(int fd) {
        int result = syscalls.fstat(fd, memory.address());
        Reference.reachabilityFence(memory);
        return result;
    }

    /** Whether it has a place in a file system: not a socket, nor one of Linux's descriptors without a type (eventfd, ...). */
    boolean isFile() {
        int type = type();
        return type != 0 && type != constants.S_IFSOCK();
    }

    boolean isRegular() {
        return type() == constants.S_IFREG();
    }

    private int type() {
        return memory.buffer().getInt(structs.statMode()) & constants.S_IFMT();
    }

    long device() {
        return memory.buffer().getLong(structs.statDevice());
    }

    long inode() {
        return memory.buffer().getLong(structs.statInode());
    }

    /** Names that the file has, 0 when it was deleted. */
    long links() {
        return structs.statLinksSize() == Long.BYTES
                ? memory.buffer().getLong(structs.statLinks())
                : memory.buffer().getInt(structs.statLinks());
    }

    /** Bytes. */
    long length() {
        return memory.buffer().getLong(structs.statLength());
    }
}
