// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** WRITE on connections. */
final class WriteCases {

    private static final int CHUNK = 32_768;

    private WriteCases() {}

    static void add(Scripts scripts) {
        scripts.add(
                "write.idle",
                k -> k.pair().apply("c WRITE ADD|CLEAR udata=12").events().events());
        scripts.add("write.full", WriteCases::full);
        scripts.add("write.drained", WriteCases::drained);
        scripts.add("write.dispatch-rearmed", WriteCases::rearmed);
        scripts.add(
                "write.both-filters",
                k -> k.pair()
                        .apply("s READ ADD|CLEAR udata=1", "s WRITE ADD|CLEAR udata=2")
                        .events()
                        .send("c", 3, "s", 3)
                        .events());
    }

    /** Writes until neither side takes more; how much that is. */
    private static long fill(Script k) {
        long total = 0;
        do {
            long written;
            while ((written = k.write("c", CHUNK)) > 0) {
                total += written;
            }
        } while (k.descriptors.isWritable(k.fd("c"), 100));
        return total;
    }

    private static void drain(Script k, long total) {
        for (long left = total; left > 0; ) {
            k.descriptors.awaitReadable(k.fd("s"));
            left -= Math.max(0, k.descriptors.read(k.fd("s"), CHUNK));
        }
    }

    private static void full(Script k) {
        k.pair();
        fill(k);
        k.apply("c WRITE ADD|CLEAR udata=12").events();
    }

    private static void drained(Script k) {
        k.pair();
        long total = fill(k);
        k.apply("c WRITE ADD|CLEAR udata=12").events();
        drain(k, total);
        k.descriptors.awaitWritable(k.fd("c"));
        k.events();
    }

    private static void rearmed(Script k) {
        k.pair();
        long total = fill(k);
        k.apply("c WRITE ADD|DISPATCH udata=12").events();
        drain(k, total);
        k.descriptors.awaitWritable(k.fd("c"));
        k.events().events().change("c WRITE ADD|DISPATCH|ENABLE udata=13").events();
    }
}
