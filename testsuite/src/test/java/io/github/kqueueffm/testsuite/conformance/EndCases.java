// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** Ends of connections: FIN, shutdown(2), reset. */
final class EndCases {

    private EndCases() {}

    static void add(Scripts scripts) {
        scripts.add("eof.unread-data", k -> finBehindData(k).events());
        scripts.add(
                "eof.read-to-the-end",
                k -> finBehindData(k)
                        .events()
                        .reads("s", 3)
                        .events()
                        .reads("s", 3)
                        .events());
        scripts.add("eof.added-again", EndCases::addedAgain);
        scripts.add(
                "eof.no-end-of-write",
                k -> k.pair()
                        .shutdown("c", k.socket.SHUT_WR())
                        .change("s WRITE ADD|CLEAR udata=2")
                        .events());
        scripts.add(
                "eof.own-shutdown-before",
                k -> k.pair()
                        .send("s", 2, "c", 2)
                        .shutdown("c", k.socket.SHUT_WR())
                        .change("c READ ADD|CLEAR udata=3", "c WRITE ADD|CLEAR udata=4")
                        .events()
                        .writes("c", 1));
        scripts.add(
                "eof.then-peer-closes",
                k -> k.pair()
                        .send("s", 2, "c", 2)
                        .shutdown("c", k.socket.SHUT_WR())
                        .change("c READ ADD|CLEAR udata=3", "c WRITE ADD|CLEAR udata=4")
                        .events()
                        .close("s")
                        .events());
        scripts.add(
                "eof.own-shutdown",
                k -> both(k, "c").shutdown("c", k.socket.SHUT_WR()).events());
        scripts.add(
                "eof.peers-shutdown",
                k -> both(k, "s").shutdown("c", k.socket.SHUT_WR()).events());
        scripts.add(
                "eof.both-shut-first-shutter",
                k -> both(k, "c")
                        .shutdown("c", k.socket.SHUT_WR())
                        .events()
                        .shutdown("s", k.socket.SHUT_WR())
                        .events());
        scripts.add(
                "eof.both-shut-last-shutter",
                k -> both(k, "s")
                        .shutdown("c", k.socket.SHUT_WR())
                        .events()
                        .shutdown("s", k.socket.SHUT_WR())
                        .events());
        scripts.add(
                "eof.shutdown-of-reading",
                k -> both(k, "c").shutdown("c", k.socket.SHUT_RD()).events());
        scripts.add("eof.data-after-shutdown-of-reading", EndCases::dataAfterShutdown);
        scripts.add(
                "reset.idle",
                k -> both(k, "s").reset("c").events().takesError("s").takesError("s"));
        scripts.add(
                "reset.error-taken",
                k -> both(k, "s")
                        .reset("c")
                        .events()
                        .takesError("s")
                        .change("s READ ADD|CLEAR udata=1")
                        .events()
                        .reads("s", 1)
                        .writes("s", 1));
        scripts.add(
                "reset.unread-data",
                k -> k.pair()
                        .apply("s READ ADD|CLEAR udata=1")
                        .send("c", 4, "s", 4)
                        .reset("c")
                        .events()
                        .reads("s", 10)
                        .reads("s", 10)
                        .reads("s", 10));
        scripts.add("eof.write-to-closed-peer", EndCases::writeToClosed);
    }

    private static Script both(Script k, String who) {
        return k.pair()
                .apply(who + " READ ADD|CLEAR udata=1", who + " WRITE ADD|CLEAR udata=2")
                .events();
    }

    private static Script finBehindData(Script k) {
        return both(k, "s").send("c", 3, "s", 3).events().shutdown("c", k.socket.SHUT_WR());
    }

    private static void addedAgain(Script k) {
        finBehindData(k).events().reads("s", 3).reads("s", 3);
        k.change("s READ ADD|CLEAR udata=1").events();
    }

    private static void dataAfterShutdown(Script k) {
        k.pair()
                .apply("c READ ADD|CLEAR udata=1")
                .shutdown("c", k.socket.SHUT_RD())
                .events();
        k.writes("s", 3).events().reads("c", 9);
    }

    private static void writeToClosed(Script k) {
        k.pair().close("c");
        k.descriptors.awaitReadable(k.fd("s"));
        k.writes("s", 1);
        long result;
        do {
            // Until the reset is there that answers the first.
            result = k.write("s", 1);
        } while (result > 0);
        k.add("write", result);
    }
}
