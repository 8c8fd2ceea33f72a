// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A folder whose files are shown, with all in it and below that is not a link out of it. Asks the file system, which an event loop
 * should not do when that may be slow; an example may. Immutable.
 */
final class WatchedFolder {
    private final Path root;

    /** @throws IOException if there is no such folder */
    WatchedFolder(Path folder) throws IOException {
        root = folder.toRealPath();
    }

    /** The folder, without links. */
    Path root() {
        return root;
    }

    /**
     * Finds what the target of a request names, in any of the forms of RFC 9112, section 3.2.
     *
     * @return its folder without links, and its name; {@code null} if there is none, or it is not in the folder
     */
    @Nullable
    Path find(String target) {
        String path = path(target);
        if (path == null || !path.startsWith("/")) {
            return null;
        }
        try {
            Path named = root.resolve(path.substring(1)).normalize();
            Path real = named.toRealPath();
            if (!isIn(real)) {
                return null;
            }
            Path parent = named.getParent();
            Path name = named.getFileName();
            // The last name is kept as it is: it may become another file's.
            return real.equals(root) || parent == null || name == null
                    ? root
                    : parent.toRealPath().resolve(name);
        } catch (IOException | InvalidPathException e) {
            // Not there, not allowed, or no name that a file can have: to a client all the same.
            return null;
        }
    }

    /** Whether a path, as {@link #find} gave it, names a file that may be shown, now. */
    boolean isShown(Path path) {
        try {
            return isIn(path.toRealPath()) && Files.isRegularFile(path) && Files.isReadable(path);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isIn(Path real) {
        return real.startsWith(root);
    }

    /** The folders and files in a folder, a line each, as paths for a request. */
    String list(Path folder) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                try {
                    Path real = entry.toRealPath();
                    if (isIn(real) && Files.isDirectory(real)) {
                        lines.add(request(entry) + "/\n");
                    } else if (isShown(entry)) {
                        lines.add(String.format(Locale.ROOT, "%s  %,d bytes%n", request(entry), Files.size(real)));
                    }
                } catch (NoSuchFileException e) {
                    // Removed since, or a link that leads nowhere.
                    continue;
                }
            }
        }
        return String.join("", lines);
    }

    private String request(Path entry) throws IOException {
        try {
            String path = "/" + root.relativize(entry).toString();
            return new URI(null, null, path, null).getRawPath();
        } catch (URISyntaxException e) {
            throw new IOException("a name that no request can have: " + entry, e);
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
