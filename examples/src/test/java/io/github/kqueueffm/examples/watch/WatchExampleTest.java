// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.examples.CommandRun;
import io.github.kqueueffm.examples.ExampleProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class WatchExampleTest {
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    @TempDir
    Path dir;

    private Path folder;
    private Path log;
    private ExampleProcess process;
    private int port;

    private void start() throws Exception {
        folder = Files.createDirectory(dir.resolve("folder")).toRealPath();
        log = folder.resolve("file.log");
        Files.writeString(log, "1\n2\n3\n");
        Files.createDirectory(folder.resolve("sub"));
        Files.writeString(dir.resolve("secret"), "secret\n");
        Files.createSymbolicLink(folder.resolve("out"), dir.resolve("secret"));
        process = ExampleProcess.start(
                WatchExample.class,
                List.of("-Dio.netty.leakDetection.level=paranoid"),
                folder.toString(),
                "--port=0",
                "--lines=2");
        String line = process.line();
        Matcher greeting = Pattern.compile(
                        "watching \\Q" + folder + "\\E at http://127\\.0\\.0\\.1:(\\d+)/ over kqueue .*; Ctrl-C stops")
                .matcher(line);
        assertThat(greeting.matches()).as(line).isTrue();
        port = Integer.parseInt(greeting.group(1));
        assertThat(process.line()).startsWith("  curl http://127.0.0.1:" + port + "/ ");
        assertThat(process.line()).startsWith("  curl -N http://127.0.0.1:" + port + "/FILE ");
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.close();
        }
    }

    /** An answer of HTTP/1.0, which has no chunks. */
    private final class Client implements AutoCloseable {
        final Socket socket = new Socket("127.0.0.1", port);
        final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        final String status;

        Client(String method, String target) throws IOException {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((method + " " + target + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            status = in.readLine();
            String header = in.readLine();
            while (!header.isEmpty()) {
                header = in.readLine();
            }
        }

        String line() throws IOException {
            return in.readLine();
        }

        List<String> lines() {
            return in.lines().toList();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Client get(String target) throws IOException {
        return new Client("GET", target);
    }

    private void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private void end() throws Exception {
        process.terminate();
        CommandRun run = process.end();
        // Nothing on standard error: no leak was found either.
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT_CODE);
    }

    @Test
    void listsTheFolder() throws Exception {
        start();
        try (Client client = get("/")) {
            assertThat(client.status).isEqualTo("HTTP/1.1 200 OK");
            assertThat(client.lines()).containsExactly("/file.log  6 bytes", "/sub/");
        }
        try (Client client = get("/sub/")) {
            assertThat(client.lines()).isEmpty();
        }
        end();
    }

    @Test
    void showsNothingElse() throws Exception {
        start();
        List<String> targets = List.of(
                "/nothing",
                "/../secret",
                "/%2e%2e/secret",
                "/sub/../../secret",
                "/out",
                "//etc/passwd",
                "/%00",
                "/%zz",
                "*");
        for (String target : targets) {
            try (Client client = get(target)) {
                assertThat(client.status).as(target).isEqualTo("HTTP/1.1 404 Not Found");
                assertThat(client.lines()).as(target).containsExactly("no such file; / lists them");
            }
        }
        end();
    }

    @Test
    void takesGetAndHeadOnly() throws Exception {
        start();
        try (Client client = new Client("POST", "/file.log")) {
            assertThat(client.status).isEqualTo("HTTP/1.1 405 Method Not Allowed");
        }
        try (Client client = new Client("HEAD", "/file.log")) {
            assertThat(client.status).isEqualTo("HTTP/1.1 200 OK");
            assertThat(client.lines()).isEmpty();
        }
        end();
    }

    @Test
    void followsAFile() throws Exception {
        start();
        try (Client client = get("/file.log")) {
            assertThat(client.status).isEqualTo("HTTP/1.1 200 OK");
            assertThat(client.line()).isEqualTo("2");
            assertThat(client.line()).isEqualTo("3");
            for (int i = 4; i < 30; i++) {
                append(log, i + "\n");
                assertThat(client.line()).isEqualTo(Integer.toString(i));
            }
        }
        end();
    }

    @Test
    void followsACutFile() throws Exception {
        start();
        try (Client client = get("/file.log")) {
            assertThat(client.line()).isEqualTo("2");
            assertThat(client.line()).isEqualTo("3");
            Files.writeString(log, "");
            assertThat(process.line()).isEqualTo("file.log was cut");
            append(log, "new\n");
            assertThat(client.line()).isEqualTo("new");
            append(log, "more\n");
            assertThat(client.line()).isEqualTo("more");
        }
        end();
    }

    @Test
    void followsTheNameThroughRotations() throws Exception {
        start();
        try (Client client = get("/file.log")) {
            assertThat(client.line()).isEqualTo("2");
            assertThat(client.line()).isEqualTo("3");
            for (int i = 0; i < 5; i++) {
                Path old = folder.resolve("file.log." + i);
                Files.move(log, old);
                append(old, "late " + i + "\n");
                assertThat(client.line()).isEqualTo("late " + i);
                Files.writeString(log, "first " + i + "\n");
                assertThat(client.line()).isEqualTo("first " + i);
                append(log, "second " + i + "\n");
                assertThat(client.line()).isEqualTo("second " + i);
            }
            Files.delete(log);
            Files.writeString(log, "made anew\n");
            assertThat(client.line()).isEqualTo("made anew");
            Path other = Files.writeString(folder.resolve("other"), "renamed to it\n");
            Files.move(other, log, StandardCopyOption.REPLACE_EXISTING);
            assertThat(client.line()).isEqualTo("renamed to it");
        }
        end();
    }

    /** More than any buffer takes, and read late. */
    @Test
    void sendsAsMuchAsTheClientReads() throws Exception {
        start();
        try (Client client = get("/file.log")) {
            assertThat(client.line()).isEqualTo("2");
            assertThat(client.line()).isEqualTo("3");
            String line = "x".repeat(1023) + "\n";
            int count = 20_000;
            append(log, line.repeat(count));
            append(log, "end\n");
            for (int i = 0; i < count; i++) {
                assertThat(client.line()).hasSize(1023);
            }
            assertThat(client.line()).isEqualTo("end");
        }
        end();
    }

    @Test
    void manyClientsAndNothingLeftOfThem() throws Exception {
        start();
        for (int i = 0; i < 20; i++) {
            try (Client one = get("/file.log");
                    Client other = get("/file.log")) {
                for (int line = 0; line < 2; line++) {
                    assertThat(one.line()).isNotEmpty();
                    assertThat(other.line()).isNotEmpty();
                }
                append(log, "to both " + i + "\n");
                assertThat(one.line()).isEqualTo("to both " + i);
                assertThat(other.line()).isEqualTo("to both " + i);
            }
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (openInFolder() > 0) {
            assertThat(System.nanoTime()).as("descriptors are closed in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
        end();
    }

    /** Descriptors of the server that lead into the folder. */
    private long openInFolder() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path link : links) {
                try {
                    if (Files.readSymbolicLink(link).startsWith(folder)) {
                        count++;
                    }
                } catch (NoSuchFileException e) {
                    // Closed since.
                    continue;
                }
            }
        }
        return count;
    }

    /** As curl does it: HTTP/1.1, in chunks. */
    @Test
    void answersInChunks() throws Exception {
        start();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("GET /file.log HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder all = new StringBuilder();
            while (all.indexOf("\r\n\r\n4\r\n2\n3\n\r\n") < 0) {
                int c = in.read();
                assertThat(c).as(all.toString()).isNotNegative();
                all.append((char) c);
            }
            assertThat(all).containsIgnoringCase("transfer-encoding: chunked").startsWith("HTTP/1.1 200 OK\r\n");
            append(log, "more\n");
            assertThat(new String(in.readNBytes(10), StandardCharsets.US_ASCII)).isEqualTo("5\r\nmore\n\r\n");
        }
        end();
    }

    @Test
    void saysThatThereIsNoSuchFolder() {
        CommandRun run = CommandRun.of(new WatchExample(), dir.resolve("none").toString(), "--port=0");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly("error: cannot watch " + dir.resolve("none") + ": there is no such folder");
    }

    @ParameterizedTest
    @CsvSource({"--threads=0 a, --threads", "--lines=-1 a, --lines", "--port=70000 a, --port", "a b, index 1", "'', DIR"
    })
    void refusesWrongOptionsInOneLine(String options, String wrong) {
        CommandRun.of(new WatchExample(), options.isEmpty() ? new String[0] : options.split(" "))
                .assertRefused(wrong);
    }

    @Test
    void helps() {
        CommandRun run = CommandRun.of(new WatchExample(), "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: run-example.sh watch ").contains("DIR", "--lines", "--port", "--host");
    }
}
