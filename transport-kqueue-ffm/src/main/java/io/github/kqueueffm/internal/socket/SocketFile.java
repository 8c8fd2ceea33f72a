// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The file that bind(2) makes for the name of a UNIX socket, and that the kernel never takes away again. Reached by calls of the
 * binding only: the kernel that has it may not be the JDK's. Any thread.
 */
public final class SocketFile {

    private enum Kind {
        GONE,
        SOCKET,
        OTHER,
        /** The C library has no lstat: glibc before 2.33. */
        UNKNOWN
    }

    private final Binding binding;
    private final Syscalls syscalls;
    private final Errno errno;
    private final NativeMemory name;

    private SocketFile(Binding binding, String path) {
        this.binding = binding;
        syscalls = binding.syscalls();
        errno = binding.platform().errno();
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        name = NativeMemory.allocate(syscalls, bytes.length + 1);
        name.buffer().put(0, bytes);
    }

    /** Whether the name has a file: an abstract one (unix(7)) goes with its socket. */
    private static boolean hasFile(Binding binding, String path) {
        return !path.isEmpty() && path.indexOf(0) < 0 && binding.syscalls().has(CFunction.UNLINK);
    }

    /**
     * Deletes the file of a socket that is about to be closed; something else that was put in its place stays. Where its kind
     * cannot be told, it is taken to be still what bind has made of it.
     *
     * @param path the name that was bound
     * @throws IOException if it is there and cannot be deleted
     */
    public static void delete(Binding binding, String path) throws IOException {
        if (hasFile(binding, path)) {
            SocketFile file = new SocketFile(binding, path);
            Kind kind = file.kind();
            if (kind == Kind.SOCKET || kind == Kind.UNKNOWN) {
                file.unlink();
            }
        }
    }

    /**
     * Deletes the file if it is all that is left of a socket, such as that of a server that was killed.
     *
     * @return whether the name is free by now
     */
    static boolean deleteStale(Binding binding, String path) throws IOException {
        if (!hasFile(binding, path)) {
            return false;
        }
        SocketFile file = new SocketFile(binding, path);
        try {
            return switch (file.kind()) {
                case GONE -> true;
                case SOCKET -> file.isStale(path) && file.unlink();
                case OTHER, UNKNOWN -> false;
            };
        } catch (IOException e) {
            // Not ours to look at or to delete: then the name is in use, which the caller is about to say.
            return false;
        }
    }

    /**
     * Whether no open socket has the name. Asked with a socket for datagrams, as a server would see a connection: one for streams
     * that is alive, listening or not, answers EPROTOTYPE (unp_connect of the BSDs, unix_find_bsd of Linux).
     */
    private boolean isStale(String path) throws IOException {
        NativeSocket probe = NativeSocket.newDatagram(binding, SocketProtocolFamily.UNIX);
        try {
            return probe.tryConnect(new DomainSocketAddress(path)) == -errno.ECONNREFUSED();
        } finally {
            probe.close();
        }
    }

    private Kind kind() throws IOException {
        if (!syscalls.has(CFunction.LSTAT)) {
            return Kind.UNKNOWN;
        }
        StructLayouts structs = binding.platform().structs();
        NativeMemory stat = NativeMemory.allocate(syscalls, structs.statSize());
        if (!exists("lstat", syscalls.lstat(name.address(), stat.address()))) {
            return Kind.GONE;
        }
        ByteBuffer answer = stat.buffer();
        int mode = structs.statModeSize() == Short.BYTES
                ? Short.toUnsignedInt(answer.getShort(structs.statMode()))
                : answer.getInt(structs.statMode());
        FileConstants file = binding.platform().file();
        return (mode & file.S_IFMT()) == file.S_IFSOCK() ? Kind.SOCKET : Kind.OTHER;
    }

    /** @return true: the file is gone */
    private boolean unlink() throws IOException {
        exists("unlink", syscalls.unlink(name.address()));
        return true;
    }

    private boolean exists(String call, int result) throws IOException {
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
