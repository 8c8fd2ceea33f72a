// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.unix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.examples.CommandRun;
import io.github.kqueueffm.examples.ExampleProcess;
import io.github.kqueueffm.examples.Transport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class UnixExampleTest {
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    @TempDir
    Path dir;

    private Path socket;

    @BeforeEach
    void name() {
        socket = dir.resolve("echo.sock");
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void answersUntilItIsStopped(Transport transport) throws Exception {
        try (ExampleProcess process = start(transport)) {
            assertThat(process.line()).startsWith("listening on " + socket + " over " + transport);
            assertThat(exchange("hello\n")).isEqualTo("hello\n");
            assertThat(process.line())
                    .isEqualTo(
                            transport == Transport.KQUEUE
                                    ? "connection 1: from pid "
                                            + ProcessHandle.current().pid() + ", uid "
                                            + Files.getAttribute(dir, "unix:uid") + ", gids ["
                                            + Files.getAttribute(dir, "unix:gid") + "]"
                                    : "connection 1: from an unknown process (only kqueue is asked)");
            assertThat(process.line()).isEqualTo("connection 1: 6 bytes: hello");
            assertThat(process.line()).isEqualTo("connection 1: closed after 6 bytes");
            assertThat(exchange("again")).isEqualTo("again");
            assertThat(process.line()).startsWith("connection 2: from ");
            assertThat(process.line()).isEqualTo("connection 2: 5 bytes: again");
            assertThat(process.line()).isEqualTo("connection 2: closed after 5 bytes");
            process.terminate();
            CommandRun run = process.end();

            // Nothing on standard error: no leak was found either.
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).matches("sent back 11 bytes on 2 connections in [0-9,.]+ s\\R");
            assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT_CODE);
            assertThat(socket).doesNotExist();
        }
    }

    // More than both socket buffers hold, so that the end of the client's data comes long before the last answer is
    // written.
    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void answersAllToAClientThatHasSentAll(Transport transport) throws Exception {
        byte[] sent = new byte[8 << 20];
        new Random(1).nextBytes(sent);
        try (ExampleProcess process = start(transport)) {
            process.line();
            try (SocketChannel client = connect()) {
                FutureTask<Void> sending = new FutureTask<>(() -> {
                    client.write(ByteBuffer.wrap(sent));
                    client.shutdownOutput();
                    return null;
                });
                new Thread(sending, "sender").start();

                assertThat(Channels.newInputStream(client).readAllBytes()).isEqualTo(sent);
                sending.get(60, TimeUnit.SECONDS);
            }
            process.terminate();
            CommandRun run = process.end();

            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .contains("connection 1: closed after 8,388,608 bytes")
                    .containsPattern("sent back 8,388,608 bytes on 1 connections in ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void saysThatThePathIsInUse(Transport transport) throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            CommandRun run = CommandRun.of(new UnixExample(), "--transport=" + transport, socket.toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err())
                    .startsWith("error: cannot listen on " + socket + ": ")
                    .contains("Address already in use");
            assertThat(socket).exists();
        }
    }

    @Test
    void saysThatThereIsNoSuchFolder() {
        CommandRun run =
                CommandRun.of(new UnixExample(), dir.resolve("none/echo.sock").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("error: cannot listen on ").contains("No such file or directory");
    }

    @ParameterizedTest
    @CsvSource({
        "--threads=0 a, --threads",
        "--transport=select a, --transport",
        "--port=1 a, --port",
        "a b, index 1",
        "'', PATH"
    })
    void refusesWrongOptionsInOneLine(String options, String wrong) {
        CommandRun.of(new UnixExample(), options.isEmpty() ? new String[0] : options.split(" "))
                .assertRefused(wrong);
    }

    @Test
    void helps() {
        CommandRun run = CommandRun.of(new UnixExample(), "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: run-example.sh unix ")
                .contains("--transport", "--threads", "PATH", "--help", "kqueue, nio, epoll, io_uring");
    }

    private ExampleProcess start(Transport transport) throws IOException {
        return ExampleProcess.start(
                UnixExample.class,
                List.of("-Dio.netty.leakDetection.level=paranoid"),
                "--transport=" + transport,
                socket.toString());
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private String exchange(String text) throws IOException {
        try (SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            byte[] answer = Channels.newInputStream(client).readNBytes(text.length());
            return new String(answer, StandardCharsets.UTF_8);
        }
    }
}
