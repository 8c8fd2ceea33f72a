// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The files of a folder and its subfolders, for requests of {@code /files/...}. Immutable. */
final class StaticFiles {
    private static final String PREFIX = "/files/";

    private final Path root;

    /** @throws IOException if there is no such folder */
    StaticFiles(Path folder) throws IOException {
        root = folder.toRealPath();
    }

    /**
     * Finds the file for the target of a request, in any of the forms of RFC 9112, section 3.2. Asks the file system, which an
     * event loop should not do when that may be slow; an example may.
     *
     * @return {@code null} if there is none, or none that may be read, or not in the folder
     */
    @Nullable
    StaticFile find(String target) {
        String path = path(target);
        if (path == null || !path.startsWith(PREFIX)) {
            return null;
        }
        try {
            // Without links, "." and "..": what is outside of the folder then shows, whichever way it was named.
            Path file = root.resolve(path.substring(PREFIX.length())).toRealPath();
            if (!file.startsWith(root) || !Files.isReadable(file)) {
                return null;
            }
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isRegularFile() ? new StaticFile(file, found.size()) : null;
        } catch (IOException | InvalidPathException e) {
            // Not there, not allowed, or no name that a file can have: to a client all the same.
            return null;
        }
    }

    /** Decoded once, as RFC 3986, section 2.4 says. */
    private static @Nullable String path(String target) {
        try {
            return new URI(target).getPath();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
