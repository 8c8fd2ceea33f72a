// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastLinesTest {
    @TempDir
    Path dir;

    private String last(String content, int lines) throws Exception {
        Path file = Files.writeString(dir.resolve("file"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            return content.substring((int) LastLines.start(channel, lines));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "1, c|", "2, b|c|", "3, a|b|c|", "4, a|b|c|"})
    void wholeLines(int lines, String expected) throws Exception {
        assertThat(last("a\nb\nc\n", lines)).isEqualTo(expected.replace('|', '\n'));
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "1, c", "2, b|c", "3, a|b|c"})
    void lastLineWithoutEnd(int lines, String expected) throws Exception {
        assertThat(last("a\nb\nc", lines)).isEqualTo(expected.replace('|', '\n'));
    }

    @Test
    void emptyFile() throws Exception {
        assertThat(last("", 10)).isEmpty();
        assertThat(last("\n\n\n", 2)).isEqualTo("\n\n");
    }

    /** Around the ends of the blocks that are read. */
    @Test
    void longLines() throws Exception {
        for (int length = 8188; length < 8197; length++) {
            String line = "x".repeat(length) + "\n";
            assertThat(last(line.repeat(5), 3)).hasSize(3 * line.length());
        }
    }

    @Test
    void farBackItStops() throws Exception {
        assertThat(last("x".repeat(3 << 20), 1)).hasSize(1 << 20);
    }
}
