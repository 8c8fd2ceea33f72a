// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueue;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All kinds of buffers once more, in a JVM in which Netty reaches direct memory the way that it does not in this one. JDK 25
 * has Unsafe's memory access off unless asked for it (JEP 498), earlier ones have it on.
 */
class OtherMemoryAccessTest {

    private static final String BUFFERS = "io.github.kqueueffm.testsuite.socket.KQueueBuffersTest";

    @Test
    @Timeout(300)
    void buffersOfEveryKind(@TempDir Path directory) throws Exception {
        boolean unsafe = !PlatformDependent.hasUnsafe();
        Path output = directory.resolve("output");
        Process child = new ProcessBuilder(command(unsafe))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(280, TimeUnit.SECONDS)).as("ends in time").isTrue();
        } finally {
            child.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(said).contains("binding " + KQueue.binding() + ", unsafe " + unsafe);
        assertThat(said).containsPattern("succeeded [1-9][0-9]{2}");
        assertThat(child.exitValue()).as(said).isZero();
    }

    private static List<String> command(boolean unsafe) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=" + (unsafe ? "allow" : "deny"));
        }
        command.add("-Dio.netty.noUnsafe=" + !unsafe);
        command.add("-Dio.github.kqueueffm.binding=" + KQueue.binding());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(BuffersMain.class.getName());
        command.add(BUFFERS);
        return command;
    }
}
