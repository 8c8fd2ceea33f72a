// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** UDP. */
final class DatagramCases {

    private DatagramCases() {}

    static void add(Scripts scripts) {
        scripts.add(
                "udp.idle",
                k -> udp(k).apply("s READ ADD|CLEAR udata=1", "s WRITE ADD|CLEAR udata=2")
                        .events()
                        .events());
        scripts.add(
                "udp.one",
                k -> udp(k).apply("s READ ADD|CLEAR udata=1").writes("c", 10).events());
        scripts.add(
                "udp.three-one-read", k -> three(k).events().receives("s", 10).events());
        scripts.add(
                "udp.added-again",
                k -> three(k).events()
                        .receives("s", 10)
                        .change("s READ ADD|CLEAR udata=1")
                        .events());
        scripts.add(
                "udp.empty",
                k -> three(k).events()
                        .receives("s", 10)
                        .receives("s", 10)
                        .change("s READ ADD|CLEAR udata=1")
                        .events()
                        .receives("s", 10));
        scripts.add("udp.fionread", k -> {
            udp(k).writes("c", 4).descriptors.awaitReadable(k.fd("s"));
            k.add("FIONREAD", k.descriptors.available(k.fd("s")));
        });
        scripts.add("udp.refused", DatagramCases::refused);
    }

    private static Script udp(Script k) {
        k.open("s", k.descriptors.udp()).open("c", k.descriptors.udp());
        k.descriptors.check("bind", k.descriptors.bind(k.fd("s"), 0));
        k.descriptors.check("connect", k.descriptors.connect(k.fd("c"), k.descriptors.port(k.fd("s"))));
        return k;
    }

    private static Script three(Script k) {
        udp(k);
        for (int length : new int[] {10, 7, 0}) {
            k.descriptors.check("write", (int) k.write("c", length));
        }
        k.descriptors.awaitReadable(k.fd("s"));
        return k.apply("s READ ADD|CLEAR udata=1");
    }

    private static void refused(Script k) {
        k.open("dead", k.descriptors.udp());
        k.descriptors.check("bind", k.descriptors.bind(k.fd("dead"), 0));
        int port = k.descriptors.port(k.fd("dead"));
        k.close("dead").open("c", k.descriptors.udp());
        k.descriptors.check("connect", k.descriptors.connect(k.fd("c"), port));
        k.apply("c READ ADD|CLEAR udata=1", "c WRITE ADD|CLEAR udata=2").events();
        k.writes("c", 1).events().receives("c", 1).receives("c", 1);
    }
}
