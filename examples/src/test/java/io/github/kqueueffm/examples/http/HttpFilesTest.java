// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.examples.Server;
import io.github.kqueueffm.examples.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Files over HTTP, as regions. */
@ParameterizedClass
@EnumSource(
        value = Transport.class,
        names = {"KQUEUE", "NIO"})
@Timeout(120)
class HttpFilesTest {
    private static final int LARGE = 5_000_000;

    private final Transport transport;
    private final StringWriter defects = new StringWriter();
    private final HttpCounters counters = new HttpCounters(new PrintWriter(defects));

    @TempDir
    Path directory;

    private String content;
    private Server server;

    HttpFilesTest(Transport transport) {
        this.transport = transport;
    }

    @BeforeEach
    void start() throws Exception {
        byte[] letters = new byte[LARGE];
        Random random = new Random(1);
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
        content = new String(letters, StandardCharsets.US_ASCII);
        Files.write(directory.resolve("large"), letters);
        Files.writeString(directory.resolve("small"), "hello");
        Files.writeString(directory.resolve("empty"), "");
        server = HttpExampleServer.start(
                new HttpSettings(
                        transport,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        1,
                        false,
                        new StaticFiles(directory),
                        null),
                counters);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(defects).hasToString("");
    }

    private HttpConnection connect() throws IOException {
        return new HttpConnection(server.address());
    }

    @Test
    void servesFilesOfAllSizesOnOneConnection() throws IOException {
        try (HttpConnection connection = connect()) {
            for (int i = 0; i < 3; i++) {
                connection.request("GET", "/files/large");
                HttpConnection.Response large = connection.receive();
                assertThat(large.status()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(large.headers())
                        .containsEntry("content-type", "application/octet-stream")
                        .containsEntry("content-length", "5000000")
                        .containsKey("date");
                assertThat(large.body().equals(content)).isTrue();
                connection.request("GET", "/files/empty");
                assertThat(connection.receive().body()).isEmpty();
                connection.request("GET", "/files/small");
                assertThat(connection.receive().body()).isEqualTo("hello");
            }
        }
        assertThat(counters.requests()).isEqualTo(9);
    }

    @Test
    void answersHeadWithoutTheFile() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("HEAD", "/files/large");
            HttpConnection.Response head = connection.receiveHead();
            assertThat(head.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(head.headers()).containsEntry("content-length", "5000000");
            connection.request("GET", "/files/small");
            assertThat(connection.receive().body()).isEqualTo("hello");
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (HttpConnection connection = connect()) {
            String request = "GET /files/small HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /plaintext HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "HEAD /files/large HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /files/none HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /files/large HTTP/1.1\r\nHost: a\r\n\r\n";
            connection.send(request.repeat(10));
            for (int i = 0; i < 10; i++) {
                assertThat(connection.receive().body()).isEqualTo("hello");
                assertThat(connection.receive().body()).isEqualTo("Hello, World!");
                assertThat(connection.receiveHead().headers()).containsEntry("content-length", "5000000");
                assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 404 Not Found");
                assertThat(connection.receive().body().equals(content)).isTrue();
            }
        }
    }

    @Test
    void closesAfterTheFileWhenAskedTo() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("GET", "/files/large", "Connection: close");
            HttpConnection.Response response = connection.receive();
            assertThat(response.headers()).containsEntry("connection", "close");
            assertThat(response.body().equals(content)).isTrue();
            assertThat(connection.atEnd()).isTrue();
        }
    }

    @Test
    void refusesOtherMethodsAndOtherFiles() throws IOException {
        try (HttpConnection connection = connect()) {
            connection.request("DELETE", "/files/small");
            assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 405 Method Not Allowed");
            for (String target :
                    new String[] {"/files/../" + directory.getFileName() + "/x", "/files/", "/files/%2e%2e/"}) {
                connection.request("GET", target);
                assertThat(connection.receive().status()).isEqualTo("HTTP/1.1 404 Not Found");
            }
        }
    }

    @Test
    void survivesAClientThatGoesAwayInTheMiddle() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (HttpConnection connection = connect()) {
                connection.request("GET", "/files/large");
                assertThat(connection.receiveHead().status()).isEqualTo("HTTP/1.1 200 OK");
            }
        }
        try (HttpConnection connection = connect()) {
            connection.request("GET", "/files/small");
            assertThat(connection.receive().body()).isEqualTo("hello");
        }
    }
}
