// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import java.io.PrintWriter;
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

    /** Connections accepted. */
    long connections() {
        return connections.sum();
    }

    /** Requests answered. */
    long requests() {
        return requests.sum();
    }
}
