// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What happens to the connection after a response (RFC 9112, section 9.3), and what has to be said about it. */
enum Persistence {
    /** It stays open, as HTTP/1.1 takes for granted. */
    KEPT(null),

    /** It stays open because an HTTP/1.0 client asked for that, which has to be confirmed. */
    KEPT_ON_REQUEST(HttpHeaderValues.KEEP_ALIVE),

    /** It is closed. */
    CLOSED(HttpHeaderValues.CLOSE);

    private final @Nullable AsciiString connectionHeader;

    Persistence(@Nullable AsciiString connectionHeader) {
        this.connectionHeader = connectionHeader;
    }

    /** The value of the Connection header of the response, or null if it has none. */
    @Nullable
    AsciiString connectionHeader() {
        return connectionHeader;
    }

    static Persistence after(HttpRequest request) {
        if (!HttpUtil.isKeepAlive(request)) {
            return CLOSED;
        }
        return request.protocolVersion().isKeepAliveDefault() ? KEPT : KEPT_ON_REQUEST;
    }
}
