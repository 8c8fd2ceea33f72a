// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/** Everything that the server can answer. */
enum Page {
    PLAINTEXT(HttpResponseStatus.OK, HttpHeaderValues.TEXT_PLAIN, "Hello, World!"),

    JSON(HttpResponseStatus.OK, HttpHeaderValues.APPLICATION_JSON, "{\"message\":\"Hello, World!\"}"),

    HELP(HttpResponseStatus.OK, HttpHeaderValues.TEXT_PLAIN, """
            The HTTP example of transport-kqueue-ffm.

              /plaintext   Hello, World!
              /json        {"message":"Hello, World!"}
              /files/...   files, if it was started with --files
            """),

    NOT_FOUND(HttpResponseStatus.NOT_FOUND, HttpHeaderValues.TEXT_PLAIN, "Not found; see /\n"),

    METHOD_NOT_ALLOWED(HttpResponseStatus.METHOD_NOT_ALLOWED, HttpHeaderValues.TEXT_PLAIN, "GET and HEAD only\n"),

    BAD_REQUEST(HttpResponseStatus.BAD_REQUEST, HttpHeaderValues.TEXT_PLAIN, "Bad request\n");

    private final HttpResponseStatus status;
    private final AsciiString contentType;
    private final ByteBuf content;

    Page(HttpResponseStatus status, AsciiString contentType, String content) {
        this.status = status;
        this.contentType = contentType;
        ByteBuf bytes = Unpooled.directBuffer().writeBytes(content.getBytes(StandardCharsets.US_ASCII));
        // Written for as long as the process lives, so that responses neither copy it to the heap nor count references.
        this.content = Unpooled.unreleasableBuffer(bytes.asReadOnly());
    }

    HttpResponseStatus status() {
        return status;
    }

    AsciiString contentType() {
        return contentType;
    }

    int length() {
        return content.readableBytes();
    }

    /** The body, with indices of its own. Releasing it is allowed and has no effect. */
    ByteBuf content() {
        return content.duplicate();
    }

    /** Finds the page for the target of a GET or HEAD request, in any of the forms of RFC 9112, section 3.2. */
    static Page of(String target) {
        Page page = ofPath(target);
        return page == NOT_FOUND ? ofUnusualTarget(target) : page;
    }

    private static Page ofPath(String path) {
        return switch (path) {
            case "/plaintext" -> PLAINTEXT;
            case "/json" -> JSON;
            case "/", "" -> HELP;
            default -> NOT_FOUND;
        };
    }

    // With a query, or with scheme and authority before the path.
    private static Page ofUnusualTarget(String target) {
        try {
            String path = new URI(target).getPath();
            return path == null ? NOT_FOUND : ofPath(path);
        } catch (URISyntaxException e) {
            // Wrong in some way, so certainly the name of no page.
            return NOT_FOUND;
        }
    }
}
