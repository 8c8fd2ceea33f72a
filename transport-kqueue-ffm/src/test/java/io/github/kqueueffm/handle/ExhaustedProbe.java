// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueEventLoopGroup;
import io.github.kqueueffm.KQueueIoException;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Uses up all descriptors of its process, then makes handles, then lets go of the descriptors and makes them again. Prints what it
 * got; one line each.
 */
public final class ExhaustedProbe {

    /** Daemons: an exception of the main thread ends the process. */
    private final EventLoopGroup group = new KQueueEventLoopGroup(1, new DefaultThreadFactory("probe", true));

    private final Path file;
    private final long pid = ProcessHandle.current().pid();
    private final List<KQueueHandle> open = new ArrayList<>();

    private ExhaustedProbe(Path file) {
        this.file = file;
    }

    public static void main(String[] arguments) throws Exception {
        new ExhaustedProbe(Path.of(arguments[0])).run();
    }

    private void run() throws Exception {
        // What goes wrong takes classes and, to be logged, files of the JDK's, which take descriptors when they are
        // first used.
        result(KQueueProcess.watch(group, Integer.MAX_VALUE, ended -> {}));
        file(file.resolveSibling("missing"));
        makeAll("at first");
        closeAll();
        int before = HandleLoops.descriptors().size();
        List<InputStream> fillers = fill();
        makeAll("exhausted");
        for (InputStream filler : fillers) {
            filler.close();
        }
        makeAll("again");
        closeAll();
        System.out.println("leaked: " + (HandleLoops.descriptors().size() - before));
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private static List<InputStream> fill() {
        List<InputStream> fillers = new ArrayList<>();
        while (true) {
            try {
                fillers.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                return fillers;
            }
        }
    }

    private void makeAll(String when) throws InterruptedException {
        String timer = result(KQueueTimer.once(group, Duration.ofHours(1), (expired, count) -> {}));
        String event = result(KQueueUserEvent.open(group, (triggered, flags) -> {}));
        String process = result(KQueueProcess.watch(group, pid, ended -> {}));
        String watch = file(file);
        System.out.println(
                when + ": timer " + timer + ", user event " + event + ", process " + process + ", file " + watch);
    }

    private String file(Path path) throws InterruptedException {
        try {
            return result(
                    KQueueFileWatch.watch(group, path, EnumSet.of(KQueueFileEvent.WRITE), (changed, events) -> {}));
        } catch (IOException e) {
            return e.getClass().getSimpleName() + ' ' + errno(e.getCause());
        }
    }

    private String result(KQueueHandle handle) throws InterruptedException {
        Future<Void> registered = handle.registerFuture().await();
        if (registered.isSuccess()) {
            open.add(handle);
            return "taken";
        }
        handle.closeFuture().await();
        return errno(registered.cause());
    }

    private static String errno(Throwable cause) {
        return cause instanceof KQueueIoException ? ((KQueueIoException) cause).errnoName() : cause.toString();
    }

    private void closeAll() throws InterruptedException {
        for (KQueueHandle handle : open) {
            handle.close().await();
        }
        open.clear();
    }
}
