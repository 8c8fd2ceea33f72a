// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that ran to its end, and what it said. */
record Child(List<String> command, int exitCode, String out, String err) {
    /** Of EchoMain, when the transport is not available. */
    private static final int UNAVAILABLE = 3;

    private static final long SECONDS = 120;

    /** Runs {@code java} of that JDK, without what the environment would add. */
    static Child run(Jdk jdk, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        command.addAll(arguments);
        Path out = Files.createTempFile("child", ".out");
        Path err = Files.createTempFile("child", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "CLASSPATH"));
            Process process = builder.start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("still running after " + SECONDS + " s: " + command + "\n"
                        + Files.readString(out) + Files.readString(err));
            }
            return new Child(command, process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The application did its work with that binding, from that module ("null" is the unnamed one), and nobody warned. */
    void assertEchoed(String binding, String module) {
        assertThat(exitCode).as(this::toString).isZero();
        assertThat(out.lines())
                .as(this::toString)
                .containsExactly("binding=" + binding, "module=" + module, "echoed=" + 256 * 1024, "opened=4");
        assertThat(err).as(this::toString).doesNotContain("WARNING");
    }

    /** The application found the transport unavailable, and could print a cause with all of these texts. */
    void assertUnavailable(String... texts) {
        assertThat(exitCode).as(this::toString).isEqualTo(UNAVAILABLE);
        assertThat(err).as(this::toString).contains(texts);
        assertThat(out).as(this::toString).isEmpty();
    }

    @Override
    public String toString() {
        return String.join(" ", command) + "\nexit code " + exitCode + "\n" + out + err;
    }
}
