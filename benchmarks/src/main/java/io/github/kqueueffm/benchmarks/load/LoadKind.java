// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import java.util.Locale;

/** What the clients do. In either case a request is {@link #REQUEST_BYTES} bytes that the server sends back. */
enum LoadKind {
    /** Connections stay, and send the next request when the answer to the last one has come. */
    ECHO("requests on lasting connections"),

    /** A connection for each request, which the client closes after the answer and replaces with a new one. */
    CONNECT("a new connection for each request");

    static final int REQUEST_BYTES = 64;

    private final String description;

    LoadKind(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    boolean keepsConnections() {
        return this == ECHO;
    }

    /** The name as it is typed on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
