// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import java.util.Set;
import java.util.TreeSet;

/** UNIX domain sockets. */
final class UnixCases {

    private UnixCases() {}

    static void add(Scripts scripts) {
        scripts.add(
                "unix.listener",
                k -> k.unixListener("l")
                        .apply("l READ ADD|CLEAR udata=1")
                        .unixClient("c", "l")
                        .events()
                        .unixClient("d", "l")
                        .unixClient("e", "l")
                        .events());
        scripts.add(
                "unix.write-before-accept",
                k -> k.unixListener("l")
                        .unixClient("c", "l")
                        .apply("c WRITE ADD|CLEAR udata=2")
                        .events()
                        .writes("c", 100));
        scripts.add(
                "unix.read",
                k -> k.unixPair()
                        .send("c", 100, "s", 100)
                        .apply("s READ ADD|CLEAR udata=3")
                        .events()
                        .events());
        scripts.add(
                "unix.idle",
                k -> k.unixPair()
                        .apply("s READ ADD|CLEAR udata=1", "s WRITE ADD|CLEAR udata=2")
                        .events()
                        .events());
        scripts.add(
                "unix.closed-with-unread-data",
                k -> k.unixPair()
                        .apply("s READ ADD|CLEAR udata=3", "s WRITE ADD|CLEAR udata=4")
                        .events()
                        .send("c", 96, "s", 96)
                        .events()
                        .close("c")
                        .events()
                        .reads("s", 200)
                        .reads("s", 200));
        scripts.add(
                "unix.listener-closed",
                k -> k.unixListener("l")
                        .unixClient("c", "l")
                        .apply("c READ ADD|CLEAR udata=5", "c WRITE ADD|CLEAR udata=6")
                        .events()
                        .close("l")
                        .events());
        scripts.add("unix.more-than-its-backlog", UnixCases::full);
        scripts.add(
                "unix.peer-reads",
                k -> k.unixPair()
                        .apply("c WRITE ADD|CLEAR udata=2")
                        .events()
                        .send("c", 100, "s", 100)
                        .events()
                        .reads("s", 40)
                        .events());
        scripts.add("unix.connect-to-nobody", UnixCases::nobody);
        scripts.add(
                "unix.peers-shutdown",
                k -> k.unixPair()
                        .apply("s READ ADD|CLEAR udata=1", "s WRITE ADD|CLEAR udata=2")
                        .events()
                        .shutdown("c", k.socket.SHUT_WR())
                        .events());
        scripts.add(
                "unix.peer-closes",
                k -> k.unixPair()
                        .apply("s READ ADD|CLEAR udata=1", "s WRITE ADD|CLEAR udata=2")
                        .events()
                        .close("c")
                        .events()
                        .writes("s", 1));
        scripts.add("unix.datagrams", UnixCases::datagrams);
    }

    private static void full(Script k) {
        k.unixListener("l");
        k.descriptors.check("listen", k.descriptors.listen(k.fd("l"), 1));
        Set<Long> errors = new TreeSet<>();
        int made = 0;
        for (int i = 0; i < 10; i++) {
            k.open("c" + i, k.descriptors.unixStream());
            int result = k.descriptors.connect(k.fd("c" + i), k.path("l"));
            if (result < 0) {
                errors.add((long) result);
            } else {
                made++;
            }
        }
        k.add("made " + made);
        errors.forEach(error -> k.add("connect", error));
    }

    private static void nobody(Script k) {
        k.unixListener("l").close("l").open("c", k.descriptors.unixStream());
        k.add("dead", k.descriptors.connect(k.fd("c"), k.path("l")));
        k.add("missing", k.descriptors.connect(k.fd("c"), k.path("missing")));
    }

    private static void datagrams(Script k) {
        k.open("s", k.descriptors.unixDatagram()).open("c", k.descriptors.unixDatagram());
        k.descriptors.check("bind", k.descriptors.bind(k.fd("s"), k.path("s")));
        k.descriptors.check("connect", k.descriptors.connect(k.fd("c"), k.path("s")));
        k.writes("c", 5).writes("c", 3);
        k.apply("s READ ADD|CLEAR udata=1").events();
    }
}
