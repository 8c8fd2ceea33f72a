// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the thread of an event loop does, seen from outside and without disturbing it. */
public final class LoopThread {

    private static final Path SELF = Path.of("/proc/thread-self");

    private final long javaId;
    private final Path task;

    private LoopThread(long javaId, Path task) {
        this.javaId = javaId;
        this.task = task;
    }

    /** Whether {@link #sleeps} can be answered: the kernel's count is taken from {@code /proc}. */
    public static boolean countsSleeps() {
        return Files.exists(SELF);
    }

    /** The thread of {@code loop}. */
    public static LoopThread of(EventLoop loop) throws InterruptedException, ExecutionException, TimeoutException {
        return loop.submit(() -> new LoopThread(
                        Thread.currentThread().getId(),
                        Files.exists(SELF) ? Path.of("/proc").resolve(Files.readSymbolicLink(SELF)) : SELF))
                .get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** How often the thread has gone to sleep, which is once for each wait that had to wait. */
    public long sleeps() throws IOException {
        for (String line : Files.readAllLines(task.resolve("status"))) {
            if (line.startsWith("voluntary_ctxt_switches:")) {
                return Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
            }
        }
        throw new IOException("no voluntary_ctxt_switches in " + task);
    }

    /** Processor time that the thread has used. */
    public long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(javaId);
    }
}
