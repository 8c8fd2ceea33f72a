// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.NativeFile;
import io.netty.channel.unix.FileDescriptor;
import java.io.File;
import java.io.IOException;

/** Descriptors of files, which a {@link KQueueIoHandle} with a VNODE filter needs. Any thread. */
public final class KQueueFiles {

    private KQueueFiles() {}

    /**
     * Opens a file, directory, FIFO or device to be told what happens to it. The descriptor is not inherited by other programs,
     * and on macOS does not keep a volume from being unmounted (O_EVTONLY). Elsewhere it is open for reading.
     *
     * <p>Blocks as the file system does, but not for the writer of a FIFO.
     *
     * @return to be closed by the caller, after the registration of its handle has ended. Of its methods that read and write
     *     none works
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws java.nio.file.AccessDeniedException when it may not be opened
     * @throws java.nio.file.FileSystemException when something else is wrong, as when the process or the system has no
     *     descriptor left. The cause of all three is a {@link KQueueIoException} with the errno of open(2)
     * @throws UnsatisfiedLinkError when the transport is not available
     */
    public static FileDescriptor openForEvents(File file) throws IOException {
        return NativeFile.openForEvents(Availability.binding(), file);
    }
}
