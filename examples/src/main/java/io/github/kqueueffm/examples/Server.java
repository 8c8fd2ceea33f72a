// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** A channel that is bound, and the event loops that it runs on. Safe for use by many threads. */
public final class Server implements AutoCloseable {
    private final Transport transport;
    private final EventLoopGroup group;
    private final Channel channel;

    private Server(Transport transport, EventLoopGroup group, Channel channel) {
        this.transport = transport;
        this.group = group;
        this.channel = channel;
    }

    /**
     * What a server has done until now.
     *
     * @param text the same in words
     * @param thing what it counts, in the singular
     * @param count of these things
     */
    public record Done(String text, String thing, long count) {}

    /**
     * Starts a server.
     *
     * @param threads event loops, at least 1
     * @param where what is bound, for the message of a failure
     * @param bind binds a channel on the group
     * @throws ExampleFailure if the transport is not available or the bind fails
     */
    public static Server start(
            Transport transport, int threads, String where, Function<EventLoopGroup, ChannelFuture> bind)
            throws InterruptedException {
        EventLoopGroup group = transport.newGroup(threads);
        ChannelFuture bound = bind.apply(group).await();
        if (!bound.isSuccess()) {
            EventLoops.end(group);
            throw new ExampleFailure("cannot listen on " + where, bound.cause());
        }
        return new Server(transport, group, bound.channel());
    }

    public Channel channel() {
        return channel;
    }

    /** What it is bound to. */
    public SocketAddress address() {
        return channel.localAddress();
    }

    /**
     * Says that it runs. When the process is stopped it closes and says what it has done, and how many system calls that took if
     * they were counted.
     *
     * @param greeting what listens where
     */
    public void report(PrintWriter out, String greeting, Supplier<Done> done) {
        Map<String, Long> callsBefore = TransportReport.systemCalls(transport);
        long start = System.nanoTime();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            // Before the end, which costs calls of its own.
            Map<String, Long> callsAfter = TransportReport.systemCalls(transport);
            close();
            out.println(summary(done.get(), System.nanoTime() - start, SystemCalls.between(callsBefore, callsAfter)));
            out.flush();
        }));
        out.println(greeting + " over " + TransportReport.line(transport) + "; Ctrl-C stops");
        out.flush();
    }

    /** Waits until the channel is closed. */
    public void awaitEnd() throws InterruptedException {
        channel.closeFuture().await();
    }

    private static String summary(Done done, long nanos, SystemCalls calls) {
        String line = String.format(Locale.ROOT, "%s in %,.1f s", done.text(), nanos / 1e9);
        return calls.counts().isEmpty() || done.count() == 0
                ? line
                : line + "; system calls per " + done.thing() + ": " + calls.per(done.count());
    }

    /** Stops listening, lets the loops finish what they are at, and closes all connections. May be called again. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        EventLoops.end(group);
    }
}
