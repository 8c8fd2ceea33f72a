// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.channel.FileRegion;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** What {@link FileRegion} does not tell of a kind of regions, and writing them well needs. Event loop's thread. */
public interface RegionAccess {

    /** Whether the region is of this kind, and does nothing of its own when it is transferred. */
    boolean knows(FileRegion region);

    /** The open file that the region is to be read from, {@code null} as long as there is none. */
    @Nullable
    FileChannel channel(FileRegion region);

    /** The file to open, {@code null} if it has no name that the kernel knows. */
    @Nullable
    File file(FileRegion region);

    /** Opens the file if it is not open, and leaves it to the region to close it. */
    FileChannel open(FileRegion region) throws IOException;

    /** Makes {@link FileRegion#transferred} that much more. */
    void sent(FileRegion region, long bytes);
}
