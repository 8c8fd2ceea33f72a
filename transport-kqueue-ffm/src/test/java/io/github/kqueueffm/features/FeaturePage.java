// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** docs/features.md: its tables, each below the heading that names it. */
final class FeaturePage {

    private final Path path;
    private final List<String> lines;

    private FeaturePage(Path path, List<String> lines) {
        this.path = path;
        this.lines = lines;
    }

    static FeaturePage read() throws IOException {
        Path path = Path.of("..", "docs", "features.md");
        return new FeaturePage(path, Files.readAllLines(path));
    }

    List<String> lines() {
        return lines;
    }

    /** The same page with each table replaced by what {@code change} makes of it and of the heading before it. */
    FeaturePage with(BiFunction<String, MarkdownTable, MarkdownTable> change) {
        List<String> changed = new ArrayList<>();
        String heading = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#")) {
                heading = line.replaceFirst("^#+ ", "");
            }
            if (!line.startsWith("|")) {
                changed.add(line);
                continue;
            }
            int start = i;
            while (i + 1 < lines.size() && lines.get(i + 1).startsWith("|")) {
                i++;
            }
            changed.addAll(change.apply(heading, MarkdownTable.parse(lines.subList(start, i + 1)))
                    .lines());
        }
        return new FeaturePage(path, changed);
    }

    void write() throws IOException {
        Files.write(path, lines);
    }
}
