// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import io.github.kqueueffm.probe.BindingProbe;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts {@link BindingProbe} in a JVM of its own, since a binding is chosen once in the life of one. */
final class ChildJvm {

    private final Jdk jdk;
    private final List<String> flags = new ArrayList<>();
    private final List<Path> classPath = new ArrayList<>();

    /** With our classes and JNA on the class path. */
    ChildJvm(Jdk jdk) {
        this.jdk = jdk;
        classPath.add(locationOf(BindingProbe.class));
        classPath.add(locationOf(BindingLoader.class));
        classPath.add(locationOf(Native.class));
    }

    static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    ChildJvm without(Class<?> type) {
        assertThat(classPath.remove(locationOf(type))).isTrue();
        return this;
    }

    ChildJvm on(Path location) {
        classPath.add(location);
        return this;
    }

    ChildJvm flag(String flag) {
        flags.add(flag);
        return this;
    }

    ChildJvm property(String name, Object value) {
        return flag("-D" + name + '=' + value);
    }

    /** Native access as a user is told to allow it. */
    ChildJvm allowed() {
        return jdk.hasFfm() ? flag("--enable-native-access=ALL-UNNAMED") : this;
    }

    /** Output of a run that ends well. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(jdk.home().resolve("bin/java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        command.add(BindingProbe.class.getName());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("probe", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            // They would add flags of the build's to the ones under test.
            builder.environment().remove("JDK_JAVA_OPTIONS");
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            Process process = builder.start();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(output);
            assertThat(ended).as("ended in time: %s%n%s", command, text).isTrue();
            assertThat(process.exitValue()).as("exit of %s%n%s", command, text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
