// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of a data file beside this class that hold for one target. A line {@code on PATTERN...} limits the lines behind it to the
 * targets that match one of the patterns, where {@code *} stands for any text; the file begins with lines for all.
 */
final class DataFile {

    /** A line without comment, and where it is. */
    record Line(String text, String where) {

        String[] words() {
            return text.split("\\s+");
        }

        IllegalStateException unreadable() {
            return new IllegalStateException(where + ": cannot read '" + text + "'");
        }
    }

    private DataFile() {}

    /** @param target as {@code netbsd-amd64} */
    static List<Line> lines(String file, String target) {
        List<Line> lines = new ArrayList<>();
        boolean holds = true;
        int number = 0;
        for (String raw : content(file).split("\n")) {
            number++;
            String text = raw.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            Line line = new Line(text, file + ':' + number);
            if (text.startsWith("on ")) {
                String[] words = line.words();
                holds = Arrays.stream(words, 1, words.length).anyMatch(pattern -> matches(pattern, target));
            } else if (holds) {
                lines.add(line);
            }
        }
        return lines;
    }

    static boolean matches(String pattern, String text) {
        return text.matches(pattern.replace(".", "\\.").replace("*", ".*"));
    }

    private static String content(String file) {
        try (InputStream in = DataFile.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The test resource " + file + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
