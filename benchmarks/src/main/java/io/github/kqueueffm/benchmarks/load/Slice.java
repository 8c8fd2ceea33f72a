// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.SystemCalls;

/** What a server did between two snapshots. Without a request, what is told per request is not a number. */
record Slice(long nanos, long cpuNanos, long requests, SystemCalls systemCalls) {

    static Slice between(Snapshot before, Snapshot after) {
        return new Slice(
                after.nanos() - before.nanos(),
                after.cpuNanos() - before.cpuNanos(),
                (after.requestBytes() - before.requestBytes()) / LoadKind.REQUEST_BYTES,
                SystemCalls.between(before.systemCalls(), after.systemCalls()));
    }

    double cpuMicrosPerRequest() {
        return cpuNanos / 1e3 / requests;
    }

    double requestsPerSecond() {
        return requests * 1e9 / nanos;
    }

    /** Which part of the time the event loop was running on a processor: 1 is all of it. */
    double busy() {
        return (double) cpuNanos / nanos;
    }
}
