// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** Connections on their way. */
final class ConnectCases {

    private ConnectCases() {}

    static void add(Scripts scripts) {
        scripts.add("connect.unconnected", k -> unconnected(k).events());
        scripts.add("connect.refused", ConnectCases::refused);
        scripts.add("connect.refused-after-error-taken", k -> {
            refused(k);
            k.takesError("c").takesError("c").events();
        });
        scripts.add("connect.refused-and-again", k -> {
            int dead = refused(k);
            k.takesError("c").add("connect again", k.descriptors.connect(k.fd("c"), dead));
        });
        scripts.add("connect.refused-blocking", k -> {
            int dead = k.deadPort();
            k.open("c", k.descriptors.tcp()).descriptors.blocking(k.fd("c"));
            k.add("connect", k.descriptors.connect(k.fd("c"), dead));
        });
        scripts.add("connect.refused-added-before", k -> {
            int dead = k.deadPort();
            unconnected(k).events().add("connect", k.descriptors.connect(k.fd("c"), dead));
            k.events();
        });
        scripts.add("connect.made", k -> {
            k.listener("l").open("c", k.descriptors.tcp());
            k.add("connect", k.descriptors.connect(k.fd("c"), k.descriptors.port(k.fd("l"))));
            k.change("c WRITE ADD|CLEAR udata=1", "c READ ADD|CLEAR udata=2")
                    .events()
                    .events();
            k.add("connect again", k.descriptors.connect(k.fd("c"), k.descriptors.port(k.fd("l"))));
        });
    }

    private static Script unconnected(Script k) {
        return k.open("c", k.descriptors.tcp()).apply("c WRITE ADD|CLEAR udata=1", "c READ ADD|CLEAR udata=2");
    }

    private static int refused(Script k) {
        int dead = k.deadPort();
        k.open("c", k.descriptors.tcp()).add("connect", k.descriptors.connect(k.fd("c"), dead));
        k.change("c WRITE ADD|CLEAR udata=1", "c READ ADD|CLEAR udata=2").events();
        return dead;
    }
}
