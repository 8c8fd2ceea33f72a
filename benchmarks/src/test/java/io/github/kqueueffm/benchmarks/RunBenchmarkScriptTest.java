// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the script answers before it builds anything; the rest of it starts Maven, which a test cannot. */
@Timeout(60)
class RunBenchmarkScriptTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("run-benchmark.sh");

    @Test
    void helps() throws Exception {
        assertThat(output(0, "--help"))
                .startsWith("Usage: run-benchmark.sh NAME [OPTIONS]")
                .contains("  load  ", "  jmh ");
    }

    @Test
    void refusesAnUnknownBenchmark() throws Exception {
        assertThat(output(1, "laod").lines())
                .containsExactly("error: no benchmark laod; there are load and jmh (--help tells more)");
    }

    @Test
    void refusesToRunNothing() throws Exception {
        assertThat(output(1).lines()).hasSize(1);
    }

    private static String output(int exitCode, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(exitCode);
        return output;
    }
}
