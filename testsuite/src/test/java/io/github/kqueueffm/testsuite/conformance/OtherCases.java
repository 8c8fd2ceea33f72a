// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Timers, files, processes. */
final class OtherCases {

    private OtherCases() {}

    static void add(Scripts scripts) {
        scripts.add("timer.no-time", k -> k.change("1 TIMER ADD data=0 udata=7").call());
        scripts.add("timer.oneshot", OtherCases::oneshot);
        scripts.add("timer.periodic", OtherCases::periodic);
        scripts.add(
                "timer.deleted",
                k -> k.apply("3 TIMER ADD data=20 udata=8", "3 TIMER DELETE").call(50_000_000));
        scripts.add(
                "vnode.write",
                k -> k.file("f", 0)
                        .apply("f VNODE ADD|CLEAR fflags=WRITE|EXTEND udata=1")
                        .append("f", 3)
                        .events()
                        .events());
        scripts.add("vnode.rename", OtherCases::rename);
        scripts.add("vnode.truncate", OtherCases::truncate);
        scripts.add("vnode.unlink", OtherCases::unlink);
        scripts.add(
                "file.read", k -> k.file("f", 3).change("f READ ADD udata=2").events());
        scripts.add("file.read-at-its-end", OtherCases::readAtEnd);
        scripts.add(
                "process.there", k -> k.change("1 PROC ADD fflags=EXIT udata=1").call());
        scripts.add(
                "process.absent",
                k -> k.name("nobody", Integer.MAX_VALUE)
                        .change("nobody PROC ADD fflags=EXIT udata=1")
                        .call());
    }

    private static void oneshot(Script k) {
        long start = System.nanoTime();
        k.apply("2 TIMER ADD|ONESHOT data=50 udata=7").events();
        long millis = (System.nanoTime() - start) / 1_000_000;
        // A clock that ticks 100 times a second may begin in the middle of a tick.
        k.add(millis >= 40 ? "in time" : "after " + millis + " ms");
        k.change("2 TIMER DELETE udata=7").call();
    }

    private static void periodic(Script k) throws InterruptedException {
        k.apply("3 TIMER ADD data=20 udata=8");
        k.pause(205);
        k.events().apply("3 TIMER DELETE").events();
    }

    private static Script watched(Script k) {
        return k.file("f", 3).apply("f VNODE ADD|CLEAR fflags=DELETE|WRITE|EXTEND|ATTRIB|LINK|RENAME|REVOKE udata=1");
    }

    private static void rename(Script k) throws IOException {
        watched(k);
        Files.move(Path.of(k.path("f")), Path.of(k.path("g")));
        k.events();
    }

    private static void truncate(Script k) throws IOException {
        watched(k);
        try (FileChannel file = FileChannel.open(Path.of(k.path("f")), StandardOpenOption.WRITE)) {
            file.truncate(1);
        }
        k.events();
    }

    private static void unlink(Script k) throws IOException {
        watched(k);
        Files.delete(Path.of(k.path("f")));
        k.events();
    }

    private static void readAtEnd(Script k) {
        k.file("f", 3);
        k.descriptors.check("read", (int) k.descriptors.read(k.fd("f"), 3));
        k.change("f READ ADD udata=2").events();
    }
}
