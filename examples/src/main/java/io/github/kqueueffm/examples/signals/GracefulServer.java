// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.signals;

import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.handle.KQueueSignal;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What signals do to a server: SIGHUP reads its file again, SIGUSR1 makes it tell what it has done, SIGTERM and SIGINT end it when all
 * requests that have come are answered. Safe for use by many threads.
 */
final class GracefulServer {
    private final @Nullable Path file;
    private final PrintWriter out;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder answered = new LongAdder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Greeting greeting;
    private volatile boolean ending;
    private volatile @Nullable Channel listener;

    /** @throws ExampleFailure if the file cannot be read */
    GracefulServer(@Nullable Path file, PrintWriter out) {
        this.file = file;
        this.out = out;
        try {
            greeting = Greeting.read(file, 1);
        } catch (IOException e) {
            throw new ExampleFailure("cannot read " + file, e);
        }
    }

    /** Takes over a channel that listens. */
    void listensOn(Channel channel) {
        listener = channel;
    }

    Greeting greeting() {
        return greeting;
    }

    /** Whether connections are to be closed when their request is answered. */
    boolean isEnding() {
        return ending;
    }

    void connected(Channel connection) {
        connections.add(connection);
        if (ending) {
            // Accepted in the moment in which that ended.
            connection.close();
        }
    }

    void requestBegins() {
        underWay.incrementAndGet();
    }

    /** @param written whether its answer was; its connection is gone otherwise */
    void requestEnds(boolean written) {
        if (written) {
            answered.increment();
        }
        if (underWay.decrementAndGet() == 0 && ending) {
            ended.countDown();
        }
    }

    /** SIGHUP. What cannot be read leaves everything as it is. */
    void reload(KQueueSignal signal, long count) {
        int number = greeting.number() + 1;
        try {
            greeting = Greeting.read(file, number);
            say("SIGHUP: read " + (file == null ? "nothing, there is no --file," : file) + " (" + number + ")");
        } catch (IOException e) {
            say("SIGHUP: cannot read " + file + ", the old text stays: " + e);
        }
    }

    /** SIGUSR1. */
    void tell(KQueueSignal signal, long count) {
        say("SIGUSR1: " + summary());
    }

    /** SIGTERM and SIGINT. The second one does not wait. */
    void end(KQueueSignal signal, long count) {
        if (ending) {
            say("SIG" + signal.name() + ": ends at once");
            ended.countDown();
            return;
        }
        ending = true;
        say("SIG" + signal.name() + ": accepts no more, " + underWay.get() + " requests under way");
        Channel open = listener;
        if (open != null) {
            open.close();
        }
        // Those with a request are closed by its answer. Each on its own event loop, where requests begin and end.
        for (Channel connection : connections) {
            connection
                    .eventLoop()
                    .execute(() ->
                            connection.pipeline().get(GreetingHandler.class).closeIfIdle());
        }
        if (underWay.get() == 0) {
            ended.countDown();
        }
    }

    /** Returns when there is nothing left to answer, or when that is not to be waited for. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "answered %,d requests, %d under way, %d connections, text %d",
                answered.sum(),
                underWay.get(),
                connections.size(),
                greeting.number());
    }

    void say(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}
