// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.examples.EventLoops;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the clients got is what the server counted. */
@Timeout(60)
class LoadTest {
    private static final int CONNECTIONS = 8;
    private static final long ENOUGH_REQUESTS = 500;

    private static EventLoopGroup clients;

    @BeforeAll
    static void startClients() {
        clients = Transport.NIO.newGroup(1);
    }

    @AfterAll
    static void endClients() {
        assertThat(EventLoops.end(clients)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"KQUEUE, ECHO", "KQUEUE, CONNECT", "NIO, ECHO", "NIO, CONNECT"})
    void countsOnBothSides(Transport transport, LoadKind load) throws Exception {
        try (LoadServer server = new LoadServer(transport)) {
            Snapshot before = server.snapshot();
            assertThat(before.requestBytes()).isZero();
            assertThat(before.connections()).isZero();

            LoadClient client = new LoadClient(clients, load, server.address(), CONNECTIONS);
            Snapshot after;
            do {
                after = server.snapshot();
            } while (after.requestBytes() < ENOUGH_REQUESTS * LoadKind.REQUEST_BYTES);
            client.stop();
            after = server.snapshot();

            Slice slice = Slice.between(before, after);
            assertThat(slice.requests()).isGreaterThanOrEqualTo(ENOUGH_REQUESTS).isEqualTo(client.answers());
            assertThat(after.connections())
                    .isEqualTo(client.connections())
                    .isEqualTo(load == LoadKind.ECHO ? CONNECTIONS : slice.requests());
            assertThat(slice.cpuNanos()).isPositive();
            if (transport == Transport.KQUEUE) {
                // Or more: asking for a snapshot may wake the loop with a write.
                assertThat(slice.systemCalls().counts().get("write")).isGreaterThanOrEqualTo(slice.requests());
                assertThat(slice.systemCalls().counts().get("read")).isGreaterThanOrEqualTo(slice.requests());
            } else {
                assertThat(slice.systemCalls().counts()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ECHO", "CONNECT"})
    void tellsOfAConnectionRefused(LoadKind load) throws Exception {
        SocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalSocketAddress();
        }
        LoadClient client = new LoadClient(clients, load, nobody, 1);
        assertThatThrownBy(client::stop).isInstanceOf(ExampleFailure.class).hasMessageContaining("refused");
    }

    @Test
    void tellsOfAMissingAnswer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> partOfAnAnswer = CompletableFuture.runAsync(() -> answerInPart(server));
            LoadClient client = new LoadClient(clients, LoadKind.ECHO, server.getLocalSocketAddress(), 1);
            assertThatThrownBy(client::stop)
                    .isInstanceOf(ExampleFailure.class)
                    .hasMessageContaining("before its answer");
            partOfAnAnswer.get();
        }
    }

    private static void answerInPart(ServerSocket server) {
        try (Socket connection = server.accept()) {
            byte[] request = connection.getInputStream().readNBytes(LoadKind.REQUEST_BYTES);
            connection.getOutputStream().write(request, 0, LoadKind.REQUEST_BYTES - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
