// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.examples.CommandRun;
import io.github.kqueueffm.examples.ExampleProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sun.misc.Signal;
import sun.misc.SignalHandler;

@Timeout(120)
class SignalsExampleTest {
    @TempDir
    Path dir;

    private Path file;
    private ExampleProcess process;
    private int port;

    private void start() throws Exception {
        for (String name : new String[] {"HUP", "INT", "TERM"}) {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, SignalHandler.SIG_DFL);
            Signal.handle(signal, before);
            assumeTrue(before != SignalHandler.SIG_IGN, "this JVM was started with it ignored, and hands that on");
        }
        file = Files.writeString(dir.resolve("text"), "first");
        process = ExampleProcess.start(
                SignalsExample.class,
                List.of("-Dio.netty.leakDetection.level=paranoid"),
                "--port=0",
                "--slow=2",
                "--file=" + file);
        String line = process.line();
        Matcher greeting = Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)/ over kqueue .*; pid (\\d+)")
                .matcher(line);
        assertThat(greeting.matches()).as(line).isTrue();
        port = Integer.parseInt(greeting.group(1));
        assertThat(greeting.group(2)).isEqualTo(Long.toString(process.pid()));
        assertThat(process.line()).startsWith("  curl http://");
        assertThat(process.line()).startsWith("  curl http://").contains("/slow");
        assertThat(process.line()).startsWith("  kill -HUP " + process.pid() + " ");
        assertThat(process.line()).startsWith("  kill -USR1 " + process.pid() + " ");
        assertThat(process.line()).startsWith("  kill -TERM " + process.pid() + " ");
    }

    @AfterEach
    void kill() {
        if (process != null) {
            process.close();
        }
    }

    private Socket request(String target) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** The rest of the answer, whose connection is closed by the server. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** The answer of a connection that stays open. */
    private String answer(Socket socket, String text) throws IOException {
        StringBuilder all = new StringBuilder();
        while (!all.toString().endsWith("\r\n\r\n" + text)) {
            int c = socket.getInputStream().read();
            assertThat(c).as("%s", all).isNotNegative();
            all.append((char) c);
        }
        return all.toString();
    }

    private void answers(String text) throws IOException {
        try (Socket socket = request("/")) {
            assertThat(answer(socket, text)).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    private CommandRun end() throws Exception {
        CommandRun run = process.end();
        // Nothing on standard error: no leak was found either.
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }

    @Test
    void reloads() throws Exception {
        start();
        answers("first");
        Files.writeString(file, "second");
        answers("first");
        process.kill("HUP");
        assertThat(process.line()).isEqualTo("SIGHUP: read " + file + " (2)");
        answers("second");
        Files.delete(file);
        process.kill("HUP");
        assertThat(process.line()).startsWith("SIGHUP: cannot read " + file + ", the old text stays: ");
        answers("second");
        process.kill("USR1");
        assertThat(process.line()).matches("SIGUSR1: answered 4 requests, 0 under way, [01] connections, text 2");
        process.kill("TERM");
        assertThat(end().out())
                .contains("SIGTERM: accepts no more, 0 requests under way")
                .contains("ended: answered 4 requests");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void answersWhatHasComeBeforeItEnds(String signal) throws Exception {
        start();
        try (Socket idle = request("/");
                Socket slow = request("/slow")) {
            answer(idle, "first");
            // It says so when the request is under way.
            String told = "";
            while (!told.contains(" 1 under way")) {
                process.kill("USR1");
                told = process.line();
            }
            process.kill(signal);
            assertThat(process.line()).isEqualTo("SIG" + signal + ": accepts no more, 1 requests under way");
            assertThat(rest(idle)).as("an idle connection is closed").isEmpty();
            assertThat(connects()).isFalse();
            assertThat(rest(slow))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("connection: close")
                    .endsWith("\r\n\r\nfirst");
        }
        assertThat(end().out()).startsWith("ended: answered 2 requests, 0 under way, ");
    }

    private boolean connects() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    @Test
    void doesNotWaitForTheSecondTime() throws Exception {
        start();
        try (Socket slow = request("/slow")) {
            String told = "";
            while (!told.contains(" 1 under way")) {
                process.kill("USR1");
                told = process.line();
            }
            process.kill("TERM");
            assertThat(process.line()).startsWith("SIGTERM: accepts no more");
            process.kill("TERM");
            assertThat(process.line()).isEqualTo("SIGTERM: ends at once");
            assertThat(rest(slow)).doesNotContain("first");
        }
        assertThat(end().out()).startsWith("ended: answered 0 requests");
    }

    @Test
    void saysWhatTheJvmKeeps() throws Exception {
        try (ExampleProcess deaf = ExampleProcess.start(SignalsExample.class, List.of("-Xrs"), "--port=0")) {
            CommandRun run = deaf.end();
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err())
                    .startsWith("error: SIGHUP cannot be watched: the JVM keeps it for itself.")
                    .contains("-Xrs");
        }
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        CommandRun run = CommandRun.of(new SignalsExample(), "--file=" + dir.resolve("none"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: cannot read " + dir.resolve("none"));
    }

    @ParameterizedTest
    @CsvSource({"--port=-1, --port", "--slow=-1, --slow", "--slow=x, --slow", "a, index 0"})
    void refusesWrongOptionsInOneLine(String options, String wrong) {
        CommandRun.of(new SignalsExample(), options).assertRefused(wrong);
    }

    @Test
    void helps() {
        CommandRun run = CommandRun.of(new SignalsExample(), "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: run-example.sh signals ").contains("--port", "--file", "--slow");
    }
}
