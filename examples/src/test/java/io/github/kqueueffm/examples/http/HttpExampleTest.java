// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.examples.CommandRun;
import io.github.kqueueffm.examples.ExampleProcess;
import io.github.kqueueffm.examples.Transport;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HttpExampleTest {
    private static final Pattern LISTENING =
            Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)/ over (.*); .*");
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void servesUntilItIsStopped(Transport transport) throws Exception {
        try (ExampleProcess process = ExampleProcess.start(
                HttpExample.class,
                List.of("-Dio.netty.leakDetection.level=paranoid"),
                "--transport=" + transport,
                "--port=0")) {
            Matcher listening = LISTENING.matcher(process.line());
            assertThat(listening.matches()).isTrue();
            assertThat(listening.group(2)).startsWith(transport.toString());
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(listening.group(1)));
            for (int i = 0; i < 200; i++) {
                try (HttpConnection connection = new HttpConnection(address)) {
                    connection.request("GET", "/plaintext");
                    assertThat(connection.receive().body()).isEqualTo("Hello, World!");
                }
            }
            process.terminate();
            CommandRun run = process.end();

            // Nothing on standard error: no leak was found either.
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).matches("served 200 requests on 200 connections in [0-9,.]+ s\\R");
            assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT_CODE);
        }
    }

    /** More connections than the process may have descriptors: all are served, and the longest idle ones are gone. */
    @Test
    void makesRoomForNewConnections(@TempDir Path dir) throws Exception {
        List<HttpConnection> connections = new ArrayList<>();
        try (ExampleProcess process =
                ExampleProcess.startWithDescriptors(120, dir, HttpExample.class, "--port=0", "--shed-idle")) {
            Matcher listening = LISTENING.matcher(process.line());
            assertThat(listening.matches()).isTrue();
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(listening.group(1)));
            for (int i = 0; i < 150; i++) {
                HttpConnection connection = new HttpConnection(address);
                connections.add(connection);
                connection.request("GET", "/plaintext");
                assertThat(connection.receive().body()).isEqualTo("Hello, World!");
            }
            // The first was the longest idle, the last still is there.
            assertThat(connections.get(0).atEnd()).isTrue();
            connections.get(149).request("GET", "/json");
            assertThat(connections.get(149).receive().status()).contains("200");
            process.terminate();
            CommandRun run = process.end();

            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .containsPattern("closing 10 idle connections: accept4?\\(..\\) failed: EMFILE")
                    .contains("served 151 requests on 150 connections");
        } finally {
            for (HttpConnection connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void onlyThisTransportTellsWhenToMakeRoom() {
        CommandRun run = CommandRun.of(new HttpExample(), "--shed-idle", "--transport=nio");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--shed-idle needs the transport kqueue");
    }

    @Test
    void tellsItsSystemCallsWhenTheyAreCounted() throws Exception {
        try (ExampleProcess process = ExampleProcess.start(
                HttpExample.class, List.of("-Dio.github.kqueueffm.countSystemCalls=true"), "--port=0")) {
            Matcher listening = LISTENING.matcher(process.line());
            assertThat(listening.matches()).isTrue();
            assertThat(listening.group(2)).matches("kqueue \\(binding .+, platform .+, backend .+, waker .+\\)");
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(listening.group(1)));
            try (HttpConnection connection = new HttpConnection(address)) {
                connection.request("GET", "/json");
                connection.receive();
            }
            process.terminate();

            assertThat(process.end().out())
                    .contains("served 1 requests on 1 connections")
                    .containsPattern("; system calls per request: .*\\baccept4? 1\\.00\\b.*\\bread 1\\.00\\b");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void servesOverAUnixSocket(Transport transport, @TempDir Path dir) throws Exception {
        Path socket = dir.resolve("http.sock");
        try (ExampleProcess process = ExampleProcess.start(
                HttpExample.class,
                List.of("-Dio.netty.leakDetection.level=paranoid"),
                "--transport=" + transport,
                "--unix=" + socket)) {
            assertThat(process.line()).startsWith("listening on " + socket + " over " + transport);
            for (int i = 0; i < 10; i++) {
                try (HttpConnection connection = new HttpConnection(UnixDomainSocketAddress.of(socket))) {
                    connection.request("GET", "/plaintext");
                    assertThat(connection.receive().body()).isEqualTo("Hello, World!");
                }
            }
            process.terminate();
            CommandRun run = process.end();

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).matches("served 10 requests on 10 connections in [0-9,.]+ s\\R");
            assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT_CODE);
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void saysThatAUnixSocketCannotBeMade(@TempDir Path dir) {
        Path socket = dir.resolve("none/http.sock");
        CommandRun run = CommandRun.of(new HttpExample(), "--unix=" + socket);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err())
                .startsWith("error: cannot listen on " + socket + ": ")
                .contains("No such file or directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--host=127.0.0.1", "--port=8080", "--fast-open"})
    void refusesOptionsOfTcpForAUnixSocket(String option) {
        CommandRun run = CommandRun.of(new HttpExample(), "--unix=/tmp/http.sock", option);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: --unix ").contains(option.split("=")[0]);
    }

    @Test
    void saysThatATransportHasNoFastOpen() {
        CommandRun run = CommandRun.of(new HttpExample(), "--transport=nio", "--fast-open");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: no TCP Fast Open: transport nio ");
    }

    @Test
    void hasFastOpenIfTheSystemHas() throws Exception {
        try (ExampleProcess process = ExampleProcess.start(HttpExample.class, List.of(), "--port=0", "--fast-open")) {
            String line = process.line();
            if (KQueue.isTcpFastOpenServerSideAvailable()) {
                assertThat(line).matches(LISTENING);
                process.terminate();
            } else {
                assertThat(line).isNull();
                CommandRun run = process.end();
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(run.err()).startsWith("error: no TCP Fast Open: transport kqueue ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void saysThatAPortIsInUse(Transport transport) throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress("127.0.0.1", 0));
            CommandRun run =
                    CommandRun.of(new HttpExample(), "--transport=" + transport, "--port=" + other.getLocalPort());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err())
                    .startsWith("error: cannot listen on 127.0.0.1:" + other.getLocalPort() + ": ")
                    .contains("Address already in use");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void saysThatAnAddressIsNotOfThisMachine(Transport transport) {
        // 192.0.2.0/24 is for documentation, RFC 5737.
        CommandRun run = CommandRun.of(new HttpExample(), "--transport=" + transport, "--host=192.0.2.1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: cannot listen on 192.0.2.1:8080: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--files=pom.xml",
                "--files=none",
                "--prt=1",
                "--port=http",
                "--port=65536",
                "--port=-1",
                "--threads=1025",
                "--transport=",
                "extra"
            })
    void refusesWrongOptionsInOneLine(String option) {
        CommandRun.of(new HttpExample(), option).assertRefused(option);
    }

    @Test
    void helps() {
        CommandRun run = CommandRun.of(new HttpExample(), "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: run-example.sh http ")
                .contains(
                        "--transport",
                        "--threads",
                        "--host",
                        "--port",
                        "--unix",
                        "--fast-open",
                        "--help",
                        "kqueue, nio, epoll, io_uring");
    }
}
