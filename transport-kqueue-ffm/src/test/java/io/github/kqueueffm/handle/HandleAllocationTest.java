// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueNote;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Once a handle is registered, its events allocate nothing, nor do triggers of the event loop's own thread. */
@Timeout(120)
class HandleAllocationTest extends HandleLoops {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Events that are measured at a time, and how often that is done until everything is compiled and has its final size. */
    private static final int WINDOW = 5_000;

    private static final int WINDOWS = 60;

    @TempDir
    Path dir;

    /** Counts events, and what the calling thread allocates for them. */
    private static final class Meter {
        private int count;
        private int windows;
        private long before;
        private long allocated;

        /** Whether more events are wanted: not after some that took nothing, nor after too many. */
        boolean event() {
            if (count++ < WINDOW) {
                return true;
            }
            long now = THREADS.getCurrentThreadAllocatedBytes();
            allocated = now - before;
            before = now;
            count = 0;
            // What is allocated for each event comes to 16 bytes of it at least.
            return allocated >= WINDOW && ++windows < WINDOWS;
        }

        void assertNothing() {
            assertThat(allocated).as("bytes for " + WINDOW + " events").isLessThan(WINDOW);
        }
    }

    @Test
    void userEvents() throws Exception {
        Meter meter = new Meter();
        KQueueUserEvent event = registered(KQueueUserEvent.open(loop, (self, flags) -> {
            if (meter.event()) {
                self.trigger();
            } else {
                notes.add("done");
            }
        }));
        event.trigger();
        note();
        meter.assertNothing();
    }

    @Test
    void timers() throws Exception {
        Meter meter = new Meter();
        KQueueTimer.periodic(loop, Duration.ofNanos(50_000), (timer, count) -> {
            if (!meter.event()) {
                timer.close();
                notes.add("done");
            }
        });
        note();
        meter.assertNothing();
    }

    /** What the handle does; inotify's events come with names and lists. */
    @Test
    void files() throws Exception {
        Path path = Files.createFile(dir.resolve("file"));
        Meter meter = new Meter();
        boolean[] more = {true};
        KQueueFileWatch watch = registered(KQueueFileWatch.watch(
                loop,
                path,
                EnumSet.of(KQueueFileEvent.WRITE, KQueueFileEvent.EXTEND),
                (self, told) -> more[0] = told.contains(KQueueFileEvent.WRITE) && meter.event()));
        KQueueIoEvent event = KQueueIoEvent.newEvent(7, KQueueFilter.VNODE, 0, KQueueNote.WRITE.value(), 0);
        while (more[0]) {
            watch.deliver(event);
        }
        meter.assertNothing();
    }
}
