// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.signals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the server answers with, as it was read from a file at some time. Immutable: a reload makes another one, and answers under way
 * keep theirs.
 *
 * @param text what is answered
 * @param number how often it was read, from 1 on
 */
record Greeting(String text, int number) {
    private static final String WITHOUT_FILE = "hello\n";

    /**
     * Reads it.
     *
     * @param file {@code null} for a greeting that is always the same
     */
    static Greeting read(@Nullable Path file, int number) throws IOException {
        return new Greeting(file == null ? WITHOUT_FILE : Files.readString(file, StandardCharsets.UTF_8), number);
    }
}
