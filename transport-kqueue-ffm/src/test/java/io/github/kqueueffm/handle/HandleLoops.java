// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueueEventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Two event loops, and what listeners noted on them. */
abstract class HandleLoops {

    /** Nothing that does happen takes longer. */
    static final long PATIENCE_SECONDS = 30;

    final KQueueEventLoopGroup group = new KQueueEventLoopGroup(2);
    final IoEventLoop loop = (IoEventLoop) group.next();
    final IoEventLoop otherLoop = (IoEventLoop) group.next();

    /** What listeners have noted, in its order. */
    final BlockingQueue<Object> notes = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() throws Exception {
        done(group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    static <T> T done(Future<T> future) throws Exception {
        assertThat(future.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("done in time")
                .isTrue();
        return future.get();
    }

    /** Why a future failed. */
    static Throwable failure(Future<?> future) throws Exception {
        assertThat(future.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("done in time")
                .isTrue();
        Throwable cause = future.cause();
        assertThat(cause).as("a failure").isNotNull();
        return cause;
    }

    static <H extends KQueueHandle> H registered(H handle) throws Exception {
        done(handle.registerFuture());
        return handle;
    }

    Object note() throws InterruptedException {
        Object note = notes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(note).as("something is told in time").isNotNull();
        return note;
    }

    /** What is under way has arrived: each task makes the loop ask the kernel once more. */
    void settle() throws Exception {
        for (int i = 0; i < 5; i++) {
            done(loop.submit(() -> {}));
            done(otherLoop.submit(() -> {}));
        }
    }

    void nothingMore() throws Exception {
        settle();
        assertThat(notes).isEmpty();
    }

    /** Keeps the loop busy until the latch is counted down; it is busy when this returns. */
    CountDownLatch hold() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        loop.execute(() -> {
            held.countDown();
            try {
                if (!free.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    notes.add("nobody let go of the loop");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(held.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return free;
    }

    /** What the open descriptors of this process lead to. */
    static List<String> descriptors() throws IOException {
        List<String> targets = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                try {
                    targets.add(Files.readSymbolicLink(link).toString());
                } catch (NoSuchFileException e) {
                    // Closed since, as that of this very listing.
                    continue;
                }
            }
        }
        return targets;
    }
}
