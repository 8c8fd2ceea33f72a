// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.spi.ToolProvider;

/** An example in a Java process of its own, on this JDK, as {@code run-example.sh} starts it. */
public final class ExampleProcess implements AutoCloseable {
    private static final String PROPERTIES = "io.github.kqueueffm.";
    private static final long TIMEOUT_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;
    private final CompletableFuture<String> err;

    private ExampleProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        // Not in the common pool, of which this would be the only thread on a machine with two cores.
        this.err = CompletableFuture.supplyAsync(
                () -> readAll(process.getErrorStream()), task -> new Thread(task, "standard error").start());
    }

    public static ExampleProcess start(Class<?> main, List<String> javaOptions, String... args) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), main, javaOptions, args);
    }

    /**
     * The same in a process that may have few descriptors.
     *
     * @param folder for what it takes
     */
    public static ExampleProcess startWithDescriptors(int most, Path folder, Class<?> main, String... args)
            throws IOException {
        return start(
                List.of("sh", "-c", "ulimit -n " + most + " && exec \"$0\" \"$@\""),
                packed(System.getProperty("java.class.path"), folder),
                main,
                List.of(),
                args);
    }

    /** To load a class from a folder takes a descriptor; from a jar, which is open already, it takes none. */
    private static String packed(String classPath, Path folder) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(entry))) {
                String jar = folder.resolve(entries.size() + ".jar").toString();
                int result = ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(System.out, System.err, "--create", "--file", jar, "-C", entry, ".");
                assertThat(result).isZero();
                entries.add(jar);
            } else {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static ExampleProcess start(
            List<String> before, String classPath, Class<?> main, List<String> javaOptions, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(System.getProperty("java.home") + "/bin/java");
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(javaOptions);
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(List.of(args));
        return new ExampleProcess(new ProcessBuilder(command).start());
    }

    /** The next line that it prints. */
    public String line() throws IOException {
        return out.readLine();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        // Not Process.destroy, which would close the streams before they are read.
        process.toHandle().destroy();
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Sends a signal as a user does, with kill(1).
     *
     * @param name without SIG
     */
    public void kill(String name) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exitCode).isZero();
    }

    /** Waits for its end, which must come within a minute. */
    public CommandRun end() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String rest = readAll(out);
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new CommandRun(process.exitValue(), rest, err.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String readAll(BufferedReader reader) throws IOException {
        StringBuilder all = new StringBuilder();
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            all.append((char) c);
        }
        return all.toString();
    }

    private static String readAll(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
