// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Data files from memory, laid over those of the jar. */
final class MapOpener implements Function<String, InputStream> {

    private final Map<String, String> files = new HashMap<>();

    MapOpener with(String file, String content) {
        files.put(file, content);
        return this;
    }

    /** The real file with one text in it replaced, which must be there. */
    MapOpener edited(String file, String from, String to) {
        String content = real(file);
        if (!content.contains(from)) {
            throw new AssertionError(file + " has no '" + from + "'");
        }
        return with(file, content.replace(from, to));
    }

    @Override
    public InputStream apply(String file) {
        String content = files.get(file);
        return content == null
                ? Platforms.class.getResourceAsStream(file)
                : new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String real(String file) {
        try (InputStream in = Platforms.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
