// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** READ on sockets that listen. */
final class ListenerCases {

    private ListenerCases() {}

    static void add(Scripts scripts) {
        scripts.add("listener.one-waits", k -> one(k, "CLEAR").events().events());
        scripts.add("listener.three-wait", k -> three(k, "CLEAR").events().events());
        scripts.add(
                "listener.accept-one-of-three",
                k -> three(k, "CLEAR").events().accept("s", "l").events());
        scripts.add(
                "listener.added-again",
                k -> three(k, "CLEAR")
                        .events()
                        .accept("s", "l")
                        .events()
                        .change("l READ ADD|CLEAR udata=78")
                        .events());
        scripts.add(
                "listener.level",
                k -> three(k, "0").events().accept("s", "l").events().events());
        scripts.add(
                "listener.level-emptied",
                k -> one(k, "0").events().accept("s", "l").events());
        scripts.add("listener.nothing-waits", k -> k.listener("l").add("accept", k.descriptors.accept(k.fd("l"))));
        scripts.add(
                "listener.write",
                k -> k.listener("l")
                        .apply("l WRITE ADD udata=1")
                        .client("c", "l")
                        .events());
        scripts.add("listener.reset-before-accept", ListenerCases::reset);
        scripts.add("listener.non-blocking", k -> accepted(k.listener("l")));
        scripts.add("listener.blocking", k -> {
            k.listener("l").descriptors.blocking(k.fd("l"));
            accepted(k);
        });
        scripts.add("listener.more-than-its-backlog", ListenerCases::full);
        scripts.add("listener.closed", k -> one(k, "CLEAR").close("l").events());
    }

    private static Script one(Script k, String kind) {
        return k.listener("l").apply("l READ ADD|" + kind + " udata=77").client("c", "l");
    }

    private static Script three(Script k, String kind) {
        return one(k, kind).client("d", "l").client("e", "l");
    }

    private static void full(Script k) {
        k.listener("l");
        // Once more: the backlog is what was said last (listen(2)).
        k.descriptors.check("listen", k.descriptors.listen(k.fd("l"), 2));
        int port = k.descriptors.port(k.fd("l"));
        int refused = 0;
        for (int i = 0; i < 10; i++) {
            k.open("c" + i, k.descriptors.tcp());
            int result = k.descriptors.connect(k.fd("c" + i), port);
            refused += result < 0 && result != -k.platform.errno().EINPROGRESS() ? 1 : 0;
        }
        k.add("refused " + refused);
        k.change("l READ ADD udata=1").events();
    }

    private static void accepted(Script k) {
        k.client("c", "l").open("s", k.descriptors.plainAccept(k.fd("l")));
        k.add(k.descriptors.isNonBlocking(k.fd("s")) ? "non-blocking" : "blocking");
    }

    private static void reset(Script k) {
        one(k, "CLEAR").reset("c");
        k.events();
        int accepted = k.descriptors.accept(k.fd("l"));
        if (accepted >= 0) {
            k.open("s", accepted).add("accepted");
        } else {
            k.add("accept", accepted);
        }
    }
}
