// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where the last lines of a file begin. */
final class LastLines {
    private static final int BLOCK = 8192;
    // A file without line ends is not read from its beginning.
    private static final long FARTHEST = 1 << 20;

    private LastLines() {}

    /**
     * Looks back from the end of a file.
     *
     * @param lines 0 or more; one without an end counts, too
     * @return the position of the first byte of these lines, at most 1 MiB before the end
     */
    static long start(FileChannel file, int lines) throws IOException {
        long end = file.size();
        long first = Math.max(0, end - FARTHEST);
        if (lines == 0) {
            return end;
        }
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        int left = lines;
        for (long from = end; from > first; ) {
            long to = from;
            from = Math.max(first, to - BLOCK);
            block.clear().limit((int) (to - from));
            int length = file.read(block, from);
            for (int i = length - 1; i >= 0; i--) {
                // The end of the last line begins no other one.
                if (block.get(i) == '\n' && from + i + 1 < end && --left == 0) {
                    return from + i + 1;
                }
            }
        }
        return first;
    }
}
