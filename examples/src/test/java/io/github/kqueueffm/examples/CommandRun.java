// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** What a command did when it was run within this process. */
public record CommandRun(int exitCode, String out, String err) {

    public static CommandRun of(Callable<Integer> command, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Commands.newCommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return new CommandRun(line.execute(args), out.toString(), err.toString());
    }

    /** It was not run: one line names {@code option}, of which the value does not count, and where to find help. */
    public void assertRefused(String option) {
        assertThat(exitCode).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err.lines()).hasSize(1);
        assertThat(err)
                .startsWith("error: ")
                .contains(option.split("=")[0])
                .endsWith(" (--help lists the options)" + System.lineSeparator());
    }
}
