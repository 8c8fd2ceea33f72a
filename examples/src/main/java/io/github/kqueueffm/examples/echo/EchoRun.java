// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.github.kqueueffm.examples.EventLoops;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.ProgressLine;
import io.github.kqueueffm.examples.SystemCalls;
import io.github.kqueueffm.examples.TransportReport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** An echo server and its client, from the bind to the last close. For one use by one thread. */
final class EchoRun {
    private static final long MAX_WARMUP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int BACKLOG = 1024;

    private final EchoSettings settings;
    private final ProgressLine progress;
    private final EchoSession session;
    private final EchoServerHandler server;

    EchoRun(EchoSettings settings, ProgressLine progress) {
        this.settings = settings;
        this.progress = progress;
        this.session = new EchoSession(new EchoPayload(settings.size()));
        this.server = new EchoServerHandler(session);
    }

    /**
     * Runs it.
     *
     * @throws ExampleFailure if the transport is not available, or its server cannot listen
     */
    EchoResult run() throws InterruptedException {
        // One group for each side, as if they were two programs: a loop that serves both would answer itself.
        EventLoopGroup serverGroup = settings.transport().newGroup(settings.threads());
        EventLoopGroup clientGroup = settings.transport().newGroup(settings.threads());
        EchoResult result;
        try {
            result = measure(connect(clientGroup, listen(serverGroup)));
        } finally {
            end(clientGroup);
            end(serverGroup);
        }
        checkServerCount();
        return result.withFailures(session.failures());
    }

    private SocketAddress listen(EventLoopGroup group) throws InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port());
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(settings.transport().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(server)
                .bind(address)
                .await();
        if (!bound.isSuccess()) {
            throw new ExampleFailure("cannot listen on port " + settings.port(), bound.cause());
        }
        return bound.channel().localAddress();
    }

    private List<Channel> connect(EventLoopGroup group, SocketAddress server) throws InterruptedException {
        Bootstrap bootstrap =
                new Bootstrap().group(group).channel(settings.transport().channel());
        List<ChannelFuture> connects = new ArrayList<>();
        for (int i = 0; i < settings.connections(); i++) {
            connects.add(
                    bootstrap.clone().handler(new EchoClientHandler(session, i)).connect(server));
        }
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < connects.size(); i++) {
            ChannelFuture connect = connects.get(i).await();
            if (connect.isSuccess()) {
                channels.add(connect.channel());
            } else {
                session.fail("connection " + i + ": cannot connect: " + ExampleFailure.describe(connect.cause()));
            }
        }
        return channels;
    }

    private EchoResult measure(List<Channel> channels) throws InterruptedException {
        long length = TimeUnit.SECONDS.toNanos(settings.seconds());
        long warmup = Math.min(MAX_WARMUP_NANOS, length / 4);
        // In vain, but the classes that it loads then do not come between the counts that belong together.
        TransportReport.systemCalls(settings.transport());
        progress.show("warming up");
        session.awaitFailure(warmup);

        session.latencies().reset();
        long answersBefore = session.answers();
        Map<String, Long> callsBefore = TransportReport.systemCalls(settings.transport());
        long start = System.nanoTime();
        Histogram latencies = watch(start, length - warmup);
        long answersAfter = session.answers();
        Map<String, Long> callsAfter = TransportReport.systemCalls(settings.transport());
        long measured = System.nanoTime() - start;
        latencies.add(session.latencies().getIntervalHistogram());
        progress.clear();

        stop(channels);
        if (answersAfter == answersBefore) {
            session.fail("no message was answered in the measured time");
        }
        return new EchoResult(
                channels.size(),
                session.answers(),
                answersAfter - answersBefore,
                warmup,
                measured,
                latencies,
                SystemCalls.between(callsBefore, callsAfter),
                List.of());
    }

    /** Shows the progress until the time is over, and returns what has been recorded up to the last line. */
    private Histogram watch(long start, long length) throws InterruptedException {
        Histogram all = session.latencies().getIntervalHistogram();
        Histogram recent = null;
        long interval = TimeUnit.MILLISECONDS.toNanos(progress.intervalMillis());
        long then = start;
        long left = length;
        while (left > 0 && !session.awaitFailure(Math.min(left, interval))) {
            long now = System.nanoTime();
            left = start + length - now;
            if (left > 0) {
                recent = session.latencies().getIntervalHistogram(recent);
                all.add(recent);
                progress.show(EchoReport.progress(now - start, now - then, recent));
                then = now;
            }
        }
        return all;
    }

    private void stop(List<Channel> channels) throws InterruptedException {
        session.stop();
        long deadline = System.nanoTime() + LAST_ANSWER_NANOS;
        int late = 0;
        for (Channel channel : channels) {
            if (!channel.closeFuture().await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                late++;
            }
        }
        if (late > 0) {
            session.fail(late + " connections still waited for an answer after "
                    + TimeUnit.NANOSECONDS.toSeconds(LAST_ANSWER_NANOS) + " s");
        }
    }

    private void end(EventLoopGroup group) {
        if (!EventLoops.end(group)) {
            session.fail("an event loop did not end");
        }
    }

    // After both groups have ended no byte is on its way any more: what the server counted must be what came back.
    private void checkServerCount() {
        long expected = session.answers() * settings.size();
        if (session.failures().isEmpty() && server.bytes() != expected) {
            session.fail("the server sent " + server.bytes() + " bytes, of which the client got " + expected);
        }
    }
}
