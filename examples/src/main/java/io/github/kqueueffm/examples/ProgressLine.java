// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import java.io.PrintWriter;

/**
 * A line that tells how far something is: rewritten in place on a terminal, appended where the output is a file or a
 * pipe. For one thread.
 */
public final class ProgressLine {
    /** Set to {@code true} by {@code run-example.sh} when standard output is a terminal, which Java 17 cannot tell. */
    public static final String TERMINAL_PROPERTY = "io.github.kqueueffm.examples.terminal";

    private final PrintWriter out;
    private final boolean terminal;
    private int shownLength;

    public ProgressLine(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether standard output is known to be a terminal. */
    public static boolean onTerminal() {
        return Boolean.getBoolean(TERMINAL_PROPERTY);
    }

    /** Milliseconds between two updates that a reader can follow: often on a terminal, seldom in a log. */
    public long intervalMillis() {
        return terminal ? 200 : 1000;
    }

    /** Shows the text in place of the last one. */
    public void show(String text) {
        if (terminal) {
            out.print("\r" + text + " ".repeat(Math.max(0, shownLength - text.length())));
            shownLength = text.length();
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** Removes the line from a terminal, so that what is printed next starts on an empty one. */
    public void clear() {
        if (terminal && shownLength > 0) {
            out.print("\r" + " ".repeat(shownLength) + "\r");
            shownLength = 0;
        }
        out.flush();
    }
}
