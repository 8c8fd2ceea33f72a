// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.unix;

import io.github.kqueueffm.examples.Server;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What all connections have done. Safe for use by many threads. */
final class UnixEchoTotals {
    private final AtomicLong connections = new AtomicLong();
    private final LongAdder bytes = new LongAdder();

    /** Counts a connection and gives it a number, from 1 on. */
    long connection() {
        return connections.incrementAndGet();
    }

    void bytes(int count) {
        bytes.add(count);
    }

    Server.Done done() {
        long count = connections.get();
        return new Server.Done(
                String.format(Locale.ROOT, "sent back %,d bytes on %,d connections", bytes.sum(), count),
                "connection",
                count);
    }
}
