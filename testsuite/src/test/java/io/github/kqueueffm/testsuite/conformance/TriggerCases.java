// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

/** When READ on a connection is told: EV_CLEAR, level, EV_ONESHOT, EV_DISPATCH, EV_DISABLE, NOTE_LOWAT. */
final class TriggerCases {

    private TriggerCases() {}

    static void add(Scripts scripts) {
        scripts.add("read.idle", k -> k.pair().apply("s READ ADD|CLEAR udata=1").events());
        scripts.add(
                "clear.told-once",
                k -> clear(k).send("c", 100, "s", 100).events().events());
        scripts.add(
                "clear.more-arrives",
                k -> clear(k).send("c", 100, "s", 100)
                        .events()
                        .send("c", 50, "s", 150)
                        .events());
        scripts.add("clear.read-in-part", TriggerCases::readInPart);
        scripts.add("clear.read-before-it-is-told", TriggerCases::readBefore);
        scripts.add(
                "clear.added-again",
                k -> clear(k).send("c", 100, "s", 100)
                        .events()
                        .change("s READ ADD|CLEAR udata=5")
                        .events());
        scripts.add(
                "clear.plain-add-keeps-it",
                k -> clear(k).send("c", 100, "s", 100)
                        .events()
                        .change("s READ ADD udata=5")
                        .events()
                        .events());
        scripts.add(
                "disable.silent-until-enabled",
                k -> clear(k).apply("s READ DISABLE")
                        .send("c", 10, "s", 10)
                        .events()
                        .change("s READ ENABLE")
                        .events());
        scripts.add(
                "disable.add-does-not-enable",
                k -> clear(k).apply("s READ DISABLE")
                        .send("c", 10, "s", 10)
                        .apply("s READ ADD|CLEAR udata=6")
                        .events()
                        .change("s READ ENABLE")
                        .events());
        scripts.add(
                "lowat.below",
                k -> k.pair()
                        .apply("s READ ADD|CLEAR fflags=LOWAT data=100 udata=7")
                        .send("c", 50, "s", 50)
                        .events());
        scripts.add(
                "lowat.reached",
                k -> k.pair()
                        .apply("s READ ADD|CLEAR fflags=LOWAT data=100 udata=7")
                        .send("c", 50, "s", 50)
                        .events()
                        .send("c", 60, "s", 110)
                        .events());
        scripts.add("level.told-again", k -> level(k).events().events());
        scripts.add(
                "level.clear-does-not-change-it",
                k -> level(k).change("s READ ADD|CLEAR udata=8").events().events());
        scripts.add("level.read", TriggerCases::levelRead);
        scripts.add(
                "oneshot",
                k -> data(k, "ONESHOT", 20)
                        .events()
                        .events()
                        .change("s READ DELETE udata=9")
                        .call());
        scripts.add(
                "dispatch.told-once",
                k -> data(k, "DISPATCH", 20).events().send("c", 5, "s", 25).events());
        scripts.add(
                "dispatch.enable-with-old-data",
                k -> data(k, "DISPATCH", 20)
                        .events()
                        .change("s READ ENABLE")
                        .events()
                        .send("c", 5, "s", 25)
                        .events());
        scripts.add(
                "dispatch.add-and-enable",
                k -> data(k, "DISPATCH", 20)
                        .events()
                        .change("s READ ADD|DISPATCH|ENABLE udata=9")
                        .events()
                        .events());
        scripts.add(
                "dispatch.arrived-while-disabled",
                k -> data(k, "DISPATCH", 20)
                        .events()
                        .send("c", 5, "s", 25)
                        .change("s READ ENABLE")
                        .events());
        scripts.add(
                "clear-and-dispatch",
                k -> data(k, "CLEAR|DISPATCH", 20)
                        .events()
                        .send("c", 20, "s", 40)
                        .events());
        scripts.add(
                "delete",
                k -> clear(k).apply("s READ DELETE").send("c", 10, "s", 10).events());
        scripts.add("order.first-in-first-out", TriggerCases::firstInFirstOut);
        scripts.add("order.level-in-turn", TriggerCases::inTurn);
    }

    private static Script clear(Script k) {
        return k.pair().apply("s READ ADD|CLEAR udata=1");
    }

    private static Script level(Script k) {
        return data(k, "0", 20);
    }

    private static Script data(Script k, String kind, int length) {
        return k.pair().send("c", length, "s", length).apply("s READ ADD|" + kind + " udata=9");
    }

    private static void readInPart(Script k) {
        clear(k).send("c", 150, "s", 150).events().reads("s", 30).events();
    }

    private static void readBefore(Script k) {
        clear(k).send("c", 5, "s", 5).reads("s", 100).events();
    }

    private static void levelRead(Script k) {
        level(k).events().reads("s", 100).events();
    }

    private static void firstInFirstOut(Script k) {
        for (int i = 0; i < 100; i++) {
            k.pair()
                    .close("c")
                    .open("s" + i, k.descriptors.duplicate(k.fd("s")))
                    .close("s");
            k.descriptors.awaitReadable(k.fd("s" + i));
            k.apply("s" + i + " READ ADD|CLEAR udata=" + (i + 1));
        }
        k.room(64).call().call().call();
        StringBuilder counts = new StringBuilder();
        long last = 0;
        boolean inOrder = true;
        for (int call = 0; call < 3; call++) {
            String[] events = k.answers().remove(0).split("(?<=}) ");
            counts.append(events[0].equals(Script.NONE) ? 0 : events.length).append(' ');
            for (String event : events) {
                if (!event.equals(Script.NONE)) {
                    long udata = udata(event);
                    inOrder &= udata == last + 1;
                    last = udata;
                }
            }
        }
        k.add(counts + (inOrder ? "in order" : "in disorder"));
    }

    private static void inTurn(Script k) {
        for (int i = 0; i < 4; i++) {
            k.pipe("r" + i, "w" + i).send("w" + i, 1, "r" + i, 1).apply("r" + i + " READ ADD udata=" + (i + 1));
        }
        k.room(2).call().call().call().call();
        StringBuilder order = new StringBuilder();
        for (int call = 0; call < 4; call++) {
            for (String event : k.answers().remove(0).split("(?<=}) ")) {
                order.append(order.length() == 0 ? "" : " ").append(udata(event));
            }
        }
        k.add(order.toString());
    }

    private static long udata(String event) {
        return Long.parseLong(event.replaceAll(".*udata=(\\d+).*", "$1"));
    }
}
