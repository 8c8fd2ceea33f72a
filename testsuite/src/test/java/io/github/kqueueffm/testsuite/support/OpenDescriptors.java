// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sockets, pipes and anonymous inodes (event queues, timers) that this process has open, each with how often. Files
 * are left out, since the JVM opens and closes those on its own. Empty where there is no {@code /proc/self/fd}.
 */
public final class OpenDescriptors {

    private static final Path FD = Path.of("/proc/self/fd");

    private final Map<String, Integer> counts;

    private OpenDescriptors(Map<String, Integer> counts) {
        this.counts = counts;
    }

    /** What is open now. */
    public static OpenDescriptors now() {
        Map<String, Integer> counts = new HashMap<>();
        if (Files.isDirectory(FD)) {
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(FD)) {
                for (Path descriptor : descriptors) {
                    count(descriptor, counts);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new OpenDescriptors(counts);
    }

    private static void count(Path descriptor, Map<String, Integer> counts) throws IOException {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            if (target.startsWith("socket:") || target.startsWith("pipe:") || target.startsWith("anon_inode:")) {
                counts.merge(target, 1, Integer::sum);
            }
        } catch (NoSuchFileException closed) {
            // Another thread closed it between the listing and the look at it.
        }
    }

    /** What is here and not in {@code before}, by what it refers to. */
    public Map<String, Integer> minus(OpenDescriptors before) {
        Map<String, Integer> more = new TreeMap<>();
        counts.forEach((target, count) -> {
            int excess = count - before.counts.getOrDefault(target, 0);
            if (excess > 0) {
                more.put(target, excess);
            }
        });
        return more;
    }
}
