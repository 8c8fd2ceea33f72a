// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles the foreign kernel, and starts programs that need it. */
final class ForeignKernel {

    private static final int COMPILE_SECONDS = 120;

    private final Path folder;

    private ForeignKernel(Path folder) {
        this.folder = folder;
    }

    /**
     * Compiles it.
     *
     * @param folder where to
     * @param options of the C compiler: what kind of kernel it is to be
     * @throws AssertionError if there is no C compiler, or it finds fault
     */
    static ForeignKernel compile(Path folder, List<String> options) throws IOException, InterruptedException {
        assertThat(compilerExists())
                .as("No C compiler 'cc' on the PATH, and the tests over a foreign kernel need one: install gcc "
                        + "(Debian: apt-get install gcc libc6-dev), or leave them out with -DskipForeignKernel")
                .isTrue();
        // Surefire tells the folder of the module; whoever starts a test otherwise does so in it.
        Path module = Path.of(System.getProperty("basedir", ""));
        List<String> command = new ArrayList<>(
                List.of("sh", module.resolve("src/test/c/build.sh").toString(), folder.toString()));
        command.addAll(options);
        run(command, COMPILE_SECONDS);
        return new ForeignKernel(folder);
    }

    private static boolean compilerExists() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "cc")));
    }

    Path library() {
        return folder.resolve("libnetbsdkernel.so").toAbsolutePath();
    }

    /** The program that compares its answers with those of a NetBSD kernel. */
    Path check() {
        return folder.resolve("netbsd-check").toAbsolutePath();
    }

    /**
     * Runs a program.
     *
     * @return what it printed
     * @throws AssertionError if it fails or takes too long, with what it printed
     */
    static String run(List<String> command, int seconds) throws IOException, InterruptedException {
        Path output = Files.createTempFile("foreign", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            // They would add flags of the build's own.
            builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "CLASSPATH"));
            Process process = builder.start();
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output);
            assertThat(ended)
                    .as("%s ended within %d s:%n%s", command, seconds, text)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("exit code of %s:%n%s", command, text)
                    .isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
