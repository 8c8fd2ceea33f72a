// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.github.kqueueffm.examples.Server;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** What the server has done. Safe for use by many threads. */
final class HttpCounters {
    private final LongAdder connections = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final PrintWriter err;

    /** @param err for what must not happen */
    HttpCounters(PrintWriter err) {
        this.err = err;
    }

    void connection() {
        connections.increment();
    }

    void request() {
        requests.increment();
    }

    /** Reports an exception that no client can be blamed for. */
    void defect(Throwable cause) {
        synchronized (err) {
            cause.printStackTrace(err);
            err.flush();
        }
    }

    Server.Done done() {
        return new Server.Done(
                String.format(Locale.ROOT, "served %,d requests on %,d connections", requests(), connections()),
                "request",
                requests());
    }

    /** Connections accepted. */
    long connections() {
        return connections.sum();
    }

    /** Requests answered. */
    long requests() {
        return requests.sum();
    }
}
