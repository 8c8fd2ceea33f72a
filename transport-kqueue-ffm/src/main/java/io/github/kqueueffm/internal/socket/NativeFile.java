// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/** A file that is open for reading. */
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
        int length = name.remaining();
        NativeMemory path = system.scratch().value(length + 1);
        path.buffer().put(0, name, 0, length).put(length, (byte) 0);
        FileConstants constants = binding.platform().file();
        int fd;
        do {
            fd = binding.syscalls().open(path.address(), constants.O_RDONLY() | constants.O_CLOEXEC(), 0);
            // A signal came first (open(2), EINTR).
        } while (fd == -binding.platform().errno().EINTR());
        return fd < 0 ? null : new NativeFile(system, fd);
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
