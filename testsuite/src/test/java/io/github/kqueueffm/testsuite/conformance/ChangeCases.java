// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import io.github.kqueueffm.internal.engine.Kernel;

/** Errors of changes, receipts, room for events, timeouts. */
final class ChangeCases {

    private ChangeCases() {}

    static void add(Scripts scripts) {
        scripts.add("change.unknown-filter", k -> k.change("1 77 ADD udata=5").call());
        scripts.add(
                "change.closed-descriptor",
                k -> k.change("9999 READ ADD udata=1", "9999 READ DELETE udata=2", "-1 READ ADD udata=3")
                        .call());
        scripts.add(
                "change.absent-knote",
                k -> k.pair()
                        .change("s READ DELETE", "s READ ENABLE udata=2", "s READ 0 udata=3")
                        .call());
        scripts.add("change.errors-alone", k -> mixed(k).call().call());
        scripts.add("change.error-without-room", k -> mixed(k).room(1).call());
        scripts.add(
                "change.no-room-at-all",
                k -> mixed(k).room(0)
                        .call()
                        .room(9)
                        .change("s READ DELETE udata=4")
                        .call());
        scripts.add("change.many-errors", ChangeCases::manyErrors);
        scripts.add(
                "receipt.good",
                k -> k.pair()
                        .send("c", 2, "s", 2)
                        .change("s READ ADD|RECEIPT udata=44")
                        .call()
                        .call());
        scripts.add(
                "receipt.three",
                k -> k.pair()
                        .send("c", 2, "s", 2)
                        .change(
                                "s READ ADD|RECEIPT udata=68",
                                "9999 READ ADD|RECEIPT udata=69",
                                "c WRITE ADD|RECEIPT udata=70")
                        .call());
        scripts.add(
                "receipt.stays-and-udata-changes",
                k -> k.pair()
                        .send("c", 2, "s", 2)
                        .apply("s READ ADD udata=34")
                        .change("s READ ADD|RECEIPT udata=68", "c WRITE ADD|RECEIPT|CLEAR udata=70")
                        .call()
                        .call());
        scripts.add(
                "receipt.without-room",
                k -> k.pair()
                        .room(0)
                        .change("s READ ADD|RECEIPT", "c READ ADD")
                        .call()
                        .room(9)
                        .change("c READ DELETE")
                        .call());
        scripts.add(
                "receipt.timer",
                k -> k.change("3 TIMER ADD|RECEIPT data=5 udata=8").call().events());
        scripts.add(
                "receipt.user",
                k -> k.change("1 USER ADD|CLEAR|RECEIPT udata=9")
                        .call()
                        .change("1 USER 0 fflags=TRIGGER udata=9")
                        .events());
        scripts.add(
                "receipt.file",
                k -> k.file("f", 0)
                        .change("f VNODE ADD|CLEAR|RECEIPT fflags=EXTEND udata=1")
                        .call()
                        .append("f", 3)
                        .events());
        scripts.add(
                "receipt.process",
                k -> k.change("1 PROC ADD|RECEIPT fflags=EXIT udata=1", "1 PROC DELETE|RECEIPT udata=2")
                        .call());
        scripts.add("wait.no-room", k -> k.room(0).callForever());
        scripts.add("wait.negative-timeout", k -> k.call(-2));
        scripts.add(
                "wait.too-many-nanoseconds",
                k -> k.add("kevent", k.descriptors.kevent(k.kernel.fd(), 0, 1_000_000_000)));
        scripts.add("wait.bounded", ChangeCases::bounded);
        scripts.add("wait.closed-kqueue", ChangeCases::closedKqueue);
        scripts.add("wait.socket-as-kqueue", k -> k.pair().add("kevent", k.descriptors.kevent(k.fd("s"))));
        scripts.add("wait.woken-by-data", ChangeCases::wokenByData);
    }

    private static Script mixed(Script k) {
        return k.pair()
                .send("c", 2, "s", 2)
                .change("9999 READ ADD udata=11", "s READ ADD udata=22", "s WRITE DELETE fflags=5 data=7 udata=33");
    }

    private static void manyErrors(Script k) {
        for (int i = 0; i < 20; i++) {
            k.change("9999 READ ADD udata=" + (i + 1));
        }
        k.call();
        String[] errors = k.answers().remove(0).split("} ");
        k.add(errors.length + " errors, the last " + errors[errors.length - 1]);
    }

    private static void closedKqueue(Script k) {
        k.kernel.close();
        k.call();
    }

    private static void bounded(Script k) {
        long start = System.nanoTime();
        k.call(50_000_000);
        long millis = (System.nanoTime() - start) / 1_000_000;
        k.add(millis >= 50 ? "in time" : "after " + millis + " ms");
    }

    private static void wokenByData(Script k) throws Exception {
        k.pair().apply("s READ ADD|CLEAR udata=1");
        Thread writer = new Thread(() -> {
            try {
                k.pause(50);
                k.descriptors.write(k.fd("c"), 1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();
        k.call(Kernel.FOREVER);
        writer.join();
    }
}
