// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** Descriptors that are duplicated, closed, used again; a kqueue as a descriptor. */
final class DescriptorCases {

    private DescriptorCases() {}

    static void add(Scripts scripts) {
        scripts.add(
                "close.duplicate-stays",
                k -> k.pair()
                        .apply("s READ ADD|CLEAR udata=1")
                        .open("t", k.descriptors.duplicate(k.fd("s")))
                        .close("s")
                        .send("c", 5, "t", 5)
                        .events());
        scripts.add("close.delete-afterwards", DescriptorCases::deleteAfterwards);
        scripts.add("close.number-used-again", DescriptorCases::usedAgain);
        scripts.add(
                "close.before-it-is-told",
                k -> k.pair()
                        .apply("s READ ADD|CLEAR udata=1", "s WRITE ADD|CLEAR udata=2")
                        .send("c", 5, "s", 5)
                        .close("s")
                        .events());
        scripts.add("close.wakes-nobody", DescriptorCases::wakesNobody);
        scripts.add(
                "nested.read",
                k -> k.innerKqueue("inner")
                        .apply("inner READ ADD udata=2")
                        .events()
                        .pipe("r", "w")
                        .applyInside("r READ ADD udata=1")
                        .send("w", 1, "r", 1)
                        .events());
        scripts.add(
                "nested.write",
                k -> k.innerKqueue("inner").change("inner WRITE ADD udata=2").call());
    }

    private static void deleteAfterwards(Script k) {
        k.pair().apply("s READ ADD|CLEAR udata=1").name("gone", k.fd("s")).close("s");
        k.change("gone READ DELETE udata=2").call();
    }

    private static void usedAgain(Script k) {
        k.pair().apply("s READ ADD|CLEAR udata=1").send("c", 5, "s", 5);
        int number = k.fd("s");
        k.close("s").open("again", k.descriptors.duplicateFrom(number, k.fd("c")));
        if (k.fd("again") != number) {
            throw new IllegalStateException("another thread has taken the number");
        }
        k.change("again READ DELETE udata=2").call();
    }

    private static void wakesNobody(Script k) throws Exception {
        k.pair().apply("s READ ADD|CLEAR udata=1");
        Thread closer = new Thread(() -> {
            try {
                k.pause(50);
                k.close("s");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        long start = System.nanoTime();
        closer.start();
        k.call(200_000_000);
        long millis = (System.nanoTime() - start) / 1_000_000;
        closer.join();
        k.add(millis >= 200 ? "in time" : "after " + millis + " ms");
    }
}
