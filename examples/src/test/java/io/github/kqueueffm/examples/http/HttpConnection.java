// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that shows what really crosses the wire, which a well-behaved library would hide. */
final class HttpConnection implements AutoCloseable {
    private final SocketChannel socket;
    private final InputStream in;

    /** @param server an address of TCP or of a UNIX socket */
    HttpConnection(SocketAddress server) throws IOException {
        socket = SocketChannel.open(server);
        in = new BufferedInputStream(Channels.newInputStream(socket));
    }

    record Response(String status, Map<String, String> headers, String body) {}

    void send(String bytes) throws IOException {
        socket.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Sends a request for a page without a body. */
    void request(String method, String target, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: example\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        send(request + "\r\n");
    }

    /** Reads a response whose body is as long as its Content-Length says. */
    Response receive() throws IOException {
        Response head = receiveHead();
        String length = head.headers().get("content-length");
        assertThat(length).isNotNull();
        byte[] body = in.readNBytes(Integer.parseInt(length));
        return new Response(head.status(), head.headers(), new String(body, StandardCharsets.US_ASCII));
    }

    /** Reads a response that has no body. */
    Response receiveHead() throws IOException {
        String status = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            String[] header = line.split(": ", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
        }
        return new Response(status, headers, "");
    }

    /** Whether the server has closed and nothing is left to read. Waits for the one or the other. */
    boolean atEnd() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("after \"" + line + "\"");
            }
            line.append((char) c);
        }
        assertThat(line).endsWith("\r");
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
