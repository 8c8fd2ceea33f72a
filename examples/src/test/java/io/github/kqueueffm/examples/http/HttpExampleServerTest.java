// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.examples.Server;
import io.github.kqueueffm.examples.Transport;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DateFormatter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(
        value = Transport.class,
        names = {"KQUEUE", "NIO"})
@Timeout(120)
class HttpExampleServerTest {
    private static final String HELLO = "Hello, World!";
    private static final String HELLO_JSON = "{\"message\":\"Hello, World!\"}";

    private final Transport transport;
    private final StringWriter defects = new StringWriter();
    private final HttpCounters counters = new HttpCounters(new PrintWriter(defects));
    private Server server;

    HttpExampleServerTest(Transport transport) {
        this.transport = transport;
    }

    @BeforeEach
    void start() throws InterruptedException {
        server = HttpExampleServer.start(
                new HttpSettings(
                        transport,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        1,
                        transport != Transport.NIO,
                        null,
                        null),
                counters);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(defects).hasToString("");
    }

    @Test
    void asksForFastOpenWhereTheTransportHasIt() {
        assertThat(server.channel().config().getOption(ChannelOption.TCP_FASTOPEN))
                .isEqualTo(transport == Transport.NIO ? null : 256);
    }

    @Test
    void servesPlainText() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("GET", "/plaintext");
            HttpConnection.Response response = connection.receive();

            assertThat(response.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(response.body()).isEqualTo(HELLO);
            assertThat(response.headers())
                    .containsEntry("content-type", "text/plain")
                    .containsEntry("content-length", "13")
                    .doesNotContainKey("connection");
            long age = System.currentTimeMillis()
                    - DateFormatter.parseHttpDate(response.headers().get("date"))
                            .getTime();
            assertThat(age).isBetween(0L, 60_000L);
        }
    }

    @Test
    void servesJson() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("GET", "/json?pretty=no");
            HttpConnection.Response response = connection.receive();

            assertThat(response.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(response.body()).isEqualTo(HELLO_JSON);
            assertThat(response.headers()).containsEntry("content-type", "application/json");
        }
    }

    @Test
    void servesHelp() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("GET", "/");
            assertThat(connection.receive().body()).contains("/plaintext", "/json");
        }
    }

    @Test
    void keepsTheConnectionOfHttp11() throws IOException {
        try (HttpConnection connection = connect()) {
            for (int i = 0; i < 100; i++) {
                connection.request("GET", "/plaintext");
                assertThat(connection.receive().body()).isEqualTo(HELLO);
            }
        }
        assertThat(counters.connections()).isEqualTo(1);
        assertThat(counters.requests()).isEqualTo(100);
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("HEAD", "/json");
            HttpConnection.Response head = connection.receiveHead();
            assertThat(head.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(head.headers()).containsEntry("content-length", "27");

            // Had there been a body, it would now stand where a status line must.
            connection.request("GET", "/json");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void doesNotFindOtherPages() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("GET", "/nothing");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 404 Not Found");
            connection.request("GET", "/plaintext");
            assertThat(connection.receive().body()).isEqualTo(HELLO);
        }
    }

    @Test
    void readsABodyThatItDoesNotWant() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("POST", "/plaintext", "Content-Length: 100000");
            connection.send("x".repeat(100_000));
            HttpConnection.Response response = connection.receive();
            assertThat(response.status()).isEqualTo("HTTP/1.1 405 Method Not Allowed");
            assertThat(response.headers()).containsEntry("allow", "GET, HEAD");

            connection.request("POST", "/plaintext", "Transfer-Encoding: chunked");
            connection.send("5\r\nhello\r\n0\r\n\r\n");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 405 Method Not Allowed");

            connection.request("GET", "/plaintext");
            assertThat(connection.receive().body()).isEqualTo(HELLO);
        }
    }

    @Test
    void asksForABodyThatIsAnnounced() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("POST", "/json", "Content-Length: 5", "Expect: 100-continue");
            assertThat(connection.receiveHead().status()).isEqualTo("HTTP/1.1 100 Continue");
            connection.send("hello");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 405 Method Not Allowed");
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        int rounds = 500;
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < rounds; i++) {
            requests.append("GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n")
                    .append("GET /json HTTP/1.1\r\nHost: a\r\n\r\n")
                    .append("HEAD /json HTTP/1.1\r\nHost: a\r\n\r\n")
                    .append("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        try (HttpConnection connection = connect()) {
            connection.send(requests.toString());
            for (int i = 0; i < rounds; i++) {
                assertThat(connection.receive().body()).isEqualTo(HELLO);
                assertThat(connection.receive().body()).isEqualTo(HELLO_JSON);
                assertThat(connection.receiveHead().headers()).containsEntry("content-length", "27");
                assertThat(connection.receive().status()).contains("404");
            }
        }
        assertThat(counters.requests()).isEqualTo(4L * rounds);
    }

    @Test
    void answersARequestThatComesByteByByte() throws IOException {
        try (HttpConnection connection = connect()) {
            String request = "GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n";
            for (int i = 0; i < request.length(); i++) {
                connection.send(request.substring(i, i + 1));
            }
            assertThat(connection.receive().body()).isEqualTo(HELLO);
        }
    }

    @Test
    void closesWhenAskedTo() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.send("GET /json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                    + "GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n");
            HttpConnection.Response response = connection.receive();
            assertThat(response.body()).isEqualTo(HELLO_JSON);
            assertThat(response.headers()).containsEntry("connection", "close");
            assertThat(connection.atEnd()).isTrue();
        }
        assertThat(counters.requests()).isEqualTo(1);
    }

    @Test
    void closesTheConnectionOfHttp10() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.send("GET /plaintext HTTP/1.0\r\n\r\n");
            HttpConnection.Response response = connection.receive();
            assertThat(response.body()).isEqualTo(HELLO);
            assertThat(response.headers()).containsEntry("connection", "close");
            assertThat(connection.atEnd()).isTrue();
        }
    }

    @Test
    void keepsTheConnectionOfHttp10OnRequest() throws IOException {
        try (HttpConnection connection = connect()) {
            for (int i = 0; i < 2; i++) {
                connection.send("GET /plaintext HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                HttpConnection.Response response = connection.receive();
                assertThat(response.body()).isEqualTo(HELLO);
                assertThat(response.headers()).containsEntry("connection", "keep-alive");
            }
        }
    }

    @Test
    void refusesARequestWithoutAHost() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.send("GET /plaintext HTTP/1.1\r\n\r\n");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 400 Bad Request");
            assertThat(connection.atEnd()).isTrue();
        }
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.send("hello\r\n\r\n");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 400 Bad Request");
            assertThat(connection.atEnd()).isTrue();
        }
    }

    @Test
    void refusesAWrongChunk() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("POST", "/", "Transfer-Encoding: chunked");
            connection.send("zz\r\n");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 400 Bad Request");
            assertThat(connection.atEnd()).isTrue();
        }
    }

    // The answers are far more than both socket buffers and the channel's water mark hold, so the server must stop
    // reading, and must go on once the client reads.
    @Test
    void outlastsAClientThatPipelinesAndDoesNotRead() throws Exception {
        int requests = 200_000;
        try (HttpConnection connection = connect()) {
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                try {
                    String batch = "GET /json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
                    for (int i = 0; i < requests / 1000; i++) {
                        connection.send(batch);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            // What has been answered stops growing when the server has stopped reading, or all of it has been sent.
            long before = -1;
            while (!sender.isDone() && counters.requests() != before) {
                before = counters.requests();
                TimeUnit.MILLISECONDS.sleep(200);
            }
            assertThat(counters.requests()).isLessThan(requests);
            for (int i = 0; i < requests; i++) {
                assertThat(connection.receive().body()).isEqualTo(HELLO_JSON);
            }
            sender.get(60, TimeUnit.SECONDS);
        }
        assertThat(counters.requests()).isEqualTo(requests);
    }

    @Test
    void closesItsConnectionsWhenItEnds() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("GET", "/plaintext");
            connection.receive();
            server.close();
            assertThat(connection.atEnd()).isTrue();
        }
    }

    private HttpConnection connect() throws IOException {
        return new HttpConnection(server.address());
    }
}
