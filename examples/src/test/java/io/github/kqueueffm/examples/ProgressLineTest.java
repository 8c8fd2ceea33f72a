// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter written = new StringWriter();

    @Test
    void rewritesALineOnATerminal() {
        ProgressLine line = new ProgressLine(new PrintWriter(written), true);
        line.show("longer");
        line.show("short");
        line.clear();

        assertThat(written).hasToString("\rlonger\rshort \r     \r");
    }

    @Test
    void appendsLinesElsewhere() {
        ProgressLine line = new ProgressLine(new PrintWriter(written), false);
        line.show("one");
        line.show("two");
        line.clear();

        assertThat(written.toString().lines()).containsExactly("one", "two");
        assertThat(written.toString()).doesNotContain("\r");
    }
}
