// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.github.kqueueffm.KQueue;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.Future;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No descriptors left: in a JVM of its own, which may open only a few. */
@Timeout(180)
class HandleExhaustionTest {

    private static final Class<?>[] LOCATIONS = {
        ExhaustedProbe.class,
        KQueue.class,
        Channel.class,
        ByteBuf.class,
        Future.class,
        AddressResolver.class,
        FileDescriptor.class,
        Native.class
    };

    @TempDir
    Path dir;

    @Test
    void handlesFailAndLeaveNothing() throws Exception {
        Path output = dir.resolve("output");
        Path watched = Files.createFile(dir.resolve("watched"));
        String classPath = Stream.of(LOCATIONS)
                .map(HandleExhaustionTest::locationOf)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 100; exec \"$0\" \"$@\"",
                        java,
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:-MaxFDLimit",
                        "-cp",
                        classPath,
                        "-Dio.github.kqueueffm.binding=" + KQueue.binding(),
                        "--enable-native-access=ALL-UNNAMED",
                        ExhaustedProbe.class.getName(),
                        watched.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("at first")
                        || line.startsWith("exhausted")
                        || line.startsWith("again")
                        || line.startsWith("leaked"))
                .toList();
        assertThat(lines)
                .as(Files.readString(output))
                .containsExactly(
                        "at first: timer taken, user event taken, process taken, file taken",
                        // User events share the descriptor by which they end the wait.
                        "exhausted: timer taken, user event taken, process EMFILE, file FileSystemException EMFILE",
                        "again: timer taken, user event taken, process taken, file taken",
                        "leaked: 0");
    }

    private static String locationOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
