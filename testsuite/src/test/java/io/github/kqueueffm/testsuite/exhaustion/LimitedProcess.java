// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.exhaustion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts a program of this package in a JVM that may have few descriptors. */
final class LimitedProcess {

    private static final int DESCRIPTORS = 200;

    private LimitedProcess() {}

    /**
     * @param program its one argument is a file that it can open again and again
     * @param folder for that file, and for what the JVM needs
     */
    static Process start(Class<?> program, Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("hoarded"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String command = "ulimit -n " + DESCRIPTORS + " && exec '" + java + "' -XX:+IgnoreUnrecognizedVMOptions"
                + " --enable-native-access=ALL-UNNAMED -Dio.github.kqueueffm.binding="
                + System.getProperty("io.github.kqueueffm.binding", "") + " -cp '"
                + PackedClassPath.pack(folder) + "' "
                + program.getName() + " '" + file + "'";
        return new ProcessBuilder("sh", "-c", command.replace("-Dio.github.kqueueffm.binding= ", ""))
                .redirectErrorStream(true)
                .start();
    }
}
