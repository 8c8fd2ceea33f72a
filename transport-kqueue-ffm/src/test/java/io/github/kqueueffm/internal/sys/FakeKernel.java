// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles fake_kernel.c. Tests that need it are skipped where there is no C compiler, as on a machine that only runs Java. */
final class FakeKernel {

    private FakeKernel() {}

    static Path compile(Path folder, String name, String... options) throws IOException, InterruptedException {
        boolean compiler = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "cc")));
        assumeTrue(compiler, "no C compiler 'cc' on the PATH");
        Path source = folder.resolve("fake_kernel.c");
        try (InputStream in = FakeKernel.class.getResourceAsStream("fake_kernel.c")) {
            Files.write(source, in.readAllBytes());
        }
        Path library = folder.resolve(name);
        List<String> command = new ArrayList<>(
                List.of("cc", "-shared", "-fPIC", "-fno-builtin", "-o", library.toString(), source.toString()));
        command.addAll(List.of(options));
        Path log = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return library;
    }
}
