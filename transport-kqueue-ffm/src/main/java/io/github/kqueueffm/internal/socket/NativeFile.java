// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.ErrnoNames;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** A file that is open for reading, or to be watched. */
public final class NativeFile extends NativeDescriptor {

    /** How the JDK writes file names; UTF-8 but in old locales. */
    private static final Charset NAMES = Charset.forName(
            System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));

    private NativeFile(SocketSystem system, int fd) {
        super(system, fd);
    }

    /**
     * Opens a file. Blocking as file systems are.
     *
     * @return {@code null} if that does not work. Whoever opens it with the JDK then gets the reason, in the JDK's words
     */
    public static @Nullable NativeFile open(Binding binding, File file) {
        if (!binding.jdkKernel() || !binding.syscalls().has(CFunction.OPEN)) {
            return null;
        }
        ByteBuffer name = encode(file.getPath());
        if (name == null) {
            return null;
        }
        SocketSystem system = SocketSystem.of(binding);
        FileConstants constants = binding.platform().file();
        int fd = open(system, name, constants.O_RDONLY() | constants.O_CLOEXEC());
        return fd < 0 ? null : new NativeFile(system, fd);
    }

    /**
     * Opens a file, directory, or whatever else has a name, only to be told what happens to it. Blocking as file systems are,
     * but not for the other end of a FIFO.
     *
     * @throws NoSuchFileException when there is no such file
     * @throws AccessDeniedException when it may not be opened
     * @throws FileSystemException for other reasons. All three have a {@link KQueueIoException} as their cause, if the system was
     *     asked
     */
    public static NativeFile openForEvents(Binding binding, File file) throws IOException {
        ByteBuffer name = encode(file.getPath());
        if (name == null) {
            throw new FileSystemException(file.getPath(), null, "Not the name of a file");
        }
        SocketSystem system = SocketSystem.of(binding);
        FileConstants constants = binding.platform().file();
        // A file that is open with O_EVTONLY does not keep its volume from being unmounted (open(2) of macOS).
        int access = Platform.has(constants.O_EVTONLY()) ? constants.O_EVTONLY() : constants.O_RDONLY();
        int fd = open(system, name, access | constants.O_CLOEXEC() | constants.O_NONBLOCK());
        if (fd < 0) {
            throw error(binding, file, -fd);
        }
        return new NativeFile(system, fd);
    }

    private static int open(SocketSystem system, ByteBuffer name, int flags) {
        int length = name.remaining();
        NativeMemory path = system.scratch().value(length + 1);
        path.buffer().put(0, name, 0, length).put(length, (byte) 0);
        int fd;
        do {
            fd = system.syscalls.open(path.address(), flags, 0);
            // A signal came first (open(2), EINTR).
        } while (fd == -system.platform.errno().EINTR());
        return fd;
    }

    private static IOException error(Binding binding, File file, int number) {
        Errno errno = binding.platform().errno();
        KQueueIoException cause = SocketErrors.plain(binding, "open", number);
        FileSystemException error;
        if (number == errno.ENOENT()) {
            error = new NoSuchFileException(file.getPath());
        } else if (number == errno.EACCES() || number == errno.EPERM()) {
            error = new AccessDeniedException(file.getPath());
        } else {
            error = new FileSystemException(file.getPath(), null, ErrnoNames.describe(errno, number));
        }
        error.initCause(cause);
        return error;
    }

    private static @Nullable ByteBuffer encode(String path) {
        // The kernel would stop at a NUL, and open another file.
        if (path.isEmpty() || path.indexOf(0) >= 0) {
            return null;
        }
        try {
            return NAMES.newEncoder()
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(path));
        } catch (CharacterCodingException e) {
            // A name that this locale has no bytes for; the JDK cannot open it either.
            return null;
        }
    }
}
