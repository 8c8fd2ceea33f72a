// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import io.github.kqueueffm.examples.Server;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** What a server of this example has done, and where it says what happens. Safe for use by many threads. */
final class WatchCounters {
    private final PrintWriter out;
    private final LongAdder tails = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    WatchCounters(PrintWriter out) {
        this.out = out;
    }

    void tail() {
        tails.increment();
    }

    void sent(int count) {
        bytes.add(count);
    }

    /** Prints a line. */
    void event(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    Server.Done done() {
        String text = String.format(Locale.ROOT, "followed %,d files, %,d bytes", tails.sum(), bytes.sum());
        return new Server.Done(text, "file", tails.sum());
    }
}
