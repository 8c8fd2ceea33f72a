// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** Pipes. */
final class PipeCases {

    private PipeCases() {}

    static void add(Scripts scripts) {
        scripts.add("pipe.idle", k -> both(k).events().events());
        scripts.add(
                "pipe.data",
                k -> k.pipe("r", "w")
                        .apply("r READ ADD|CLEAR udata=1")
                        .send("w", 3, "r", 3)
                        .events()
                        .events());
        scripts.add("pipe.own-write", k -> both(k).events().send("w", 3, "r", 3).events());
        scripts.add(
                "pipe.writer-closes",
                k -> k.pipe("r", "w")
                        .apply("r READ ADD|CLEAR udata=1")
                        .send("w", 3, "r", 3)
                        .events()
                        .close("w")
                        .events()
                        .reads("r", 9)
                        .reads("r", 9));
        scripts.add(
                "pipe.reader-closes",
                k -> k.pipe("r", "w")
                        .apply("w WRITE ADD|CLEAR udata=2")
                        .events()
                        .close("r")
                        .events()
                        .writes("w", 1));
    }

    private static Script both(Script k) {
        return k.pipe("r", "w").apply("r READ ADD|CLEAR udata=1", "w WRITE ADD|CLEAR udata=2");
    }
}
