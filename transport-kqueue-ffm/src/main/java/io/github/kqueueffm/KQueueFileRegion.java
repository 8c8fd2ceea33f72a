// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.RegionAccess;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.internal.ObjectUtil;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file, named by its path. This transport sends it with sendfile(2) wherever the system has it, with no JVM flag;
 * every other transport of Netty's takes it as well.
 *
 * <p>{@link io.netty.channel.DefaultFileRegion} is sent the same way where it can be: made from a {@link File}, and with
 * this transport and Netty on the class path. On the module path that takes {@code --add-opens
 * io.netty.transport/io.netty.channel=io.github.kqueueffm}. Made from a {@link FileChannel}, or opened before it is written, it
 * also takes {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED --add-opens java.base/java.io=ALL-UNNAMED}. Without, such a
 * region is copied, as regions of any other class are.
 *
 * <p>The file is opened when the region's turn to be written comes, and closed when it was written or is released. If it is
 * shorter by then than the region says, the write fails with an {@link IOException}. Reference counting and {@link #touch} may
 * come from any thread, the rest from the event loop's.
 */
public final class KQueueFileRegion extends AbstractReferenceCounted implements FileRegion {

    static final RegionAccess ACCESS = new Access();

    private final Path path;
    private final long position;
    private final long count;
    private long transferred;
    private @Nullable FileChannel channel;

    /**
     * @param position of the first byte in the file, at least 0
     * @param count bytes, at least 0
     */
    public KQueueFileRegion(Path path, long position, long count) {
        this.path = ObjectUtil.checkNotNull(path, "path");
        this.position = ObjectUtil.checkPositiveOrZero(position, "position");
        this.count = ObjectUtil.checkPositiveOrZero(count, "count");
    }

    /**
     * @param position of the first byte in the file, at least 0
     * @param count bytes, at least 0
     */
    public KQueueFileRegion(File file, long position, long count) {
        this(file.toPath(), position, count);
    }

    /** The file. */
    public Path path() {
        return path;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long count() {
        return count;
    }

    /** Bytes that were written so far; of {@link #transferTo} and by the event loop. */
    @Override
    public long transferred() {
        return transferred;
    }

    @Override
    @Deprecated
    public long transfered() {
        return transferred;
    }

    /**
     * Copies, for channels that do not know better.
     *
     * @param offset of the first byte, in the region
     * @return bytes that {@code target} took, perhaps 0
     * @throws IOException if the file cannot be read, or ends before the region
     * @throws IllegalReferenceCountException if the region was released
     */
    @Override
    public long transferTo(WritableByteChannel target, long offset) throws IOException {
        if (offset < 0 || offset > count) {
            throw new IllegalArgumentException("offset: " + offset + " (expected: 0 - " + count + ')');
        }
        FileChannel source = open();
        if (offset == count) {
            return 0;
        }
        long written = source.transferTo(position + offset, count - offset, target);
        if (written > 0) {
            transferred += written;
        } else if (position + offset >= source.size()) {
            throw new IOException("the file ends before the region: " + path + " has " + source.size()
                    + " bytes, the region is " + position + " + " + count);
        }
        return written;
    }

    private FileChannel open() throws IOException {
        if (refCnt() == 0) {
            throw new IllegalReferenceCountException(0);
        }
        FileChannel source = channel;
        if (source == null) {
            source = FileChannel.open(path, StandardOpenOption.READ);
            channel = source;
        }
        return source;
    }

    @Override
    protected void deallocate() {
        FileChannel source = channel;
        channel = null;
        if (source != null) {
            try {
                source.close();
            } catch (IOException e) {
                throw new IllegalStateException("cannot close " + path, e);
            }
        }
    }

    @Override
    public KQueueFileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public KQueueFileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public KQueueFileRegion touch() {
        return this;
    }

    @Override
    public KQueueFileRegion touch(Object hint) {
        return this;
    }

    @Override
    public String toString() {
        return "KQueueFileRegion(" + path + ", " + position + " + " + count + ", transferred " + transferred + ')';
    }

    private static final class Access implements RegionAccess {

        @Override
        public boolean knows(FileRegion region) {
            return region instanceof KQueueFileRegion;
        }

        @Override
        public @Nullable FileChannel channel(FileRegion region) {
            return ((KQueueFileRegion) region).channel;
        }

        @Override
        public @Nullable File file(FileRegion region) {
            Path path = ((KQueueFileRegion) region).path;
            // Of a zip file, say, the kernel knows nothing.
            return path.getFileSystem() == FileSystems.getDefault() ? path.toFile() : null;
        }

        @Override
        public FileChannel open(FileRegion region) throws IOException {
            return ((KQueueFileRegion) region).open();
        }

        @Override
        public void sent(FileRegion region, long bytes) {
            ((KQueueFileRegion) region).transferred += bytes;
        }
    }
}
