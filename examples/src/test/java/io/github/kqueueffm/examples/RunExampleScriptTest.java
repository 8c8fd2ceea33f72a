// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script answers before it builds anything; the rest of it starts Maven, which a test cannot. */
class RunExampleScriptTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("run-example.sh");

    @TempDir
    Path dir;

    @Test
    void helps() throws Exception {
        CommandRun run = run(Map.of(), "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("Usage: run-example.sh NAME [OPTIONS]")
                .contains("  echo  ", "  http  ", "  datagrams\n", "  unix PATH\n", "  watch DIR\n", "  signals\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void refusesAnUnknownExample() throws Exception {
        CommandRun run = run(Map.of(), "htpp");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly("error: no example htpp; there are echo, http, datagrams, unix, watch and signals"
                        + " (--help tells more)");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void refusesToRunNothing() throws Exception {
        CommandRun run = run(Map.of());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void refusesAJavaHomeWithoutJava() throws Exception {
        CommandRun run = run(Map.of("JAVA_HOME", dir.toString()), "echo");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).containsExactly("error: JAVA_HOME is " + dir + ", where there is no bin/java");
    }

    @Test
    void refusesAJavaHomeThatIsTooOld() throws Exception {
        Path java = Files.createDirectory(dir.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(dir.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"11.0.20\"\n");

        CommandRun run = run(Map.of("JAVA_HOME", dir.toString()), "echo");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).containsExactly("error: JAVA_HOME is Java 11; the examples need 17 or later");
    }

    private CommandRun run(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(List.of(args));
        Path out = dir.resolve("out.txt");
        Path err = dir.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        return new CommandRun(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
