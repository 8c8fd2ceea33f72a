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
    private final List<EchoClientHandler> clients = new ArrayList<>();

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
        return withServerCount(result);
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
            EchoClientHandler client = new EchoClientHandler(session, i);
            clients.add(client);
            connects.add(bootstrap.clone().handler(client).connect(server));
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
        progress.show("warming up");
        session.awaitFailure(warmup);

        session.latencies().reset();
        Map<String, Long> callsBefore = TransportReport.systemCalls(settings.transport());
        long start = System.nanoTime();
        Histogram latencies = watch(start, length - warmup);
        long measured = System.nanoTime() - start;
        Map<String, Long> callsAfter = TransportReport.systemCalls(settings.transport());
        progress.clear();

        stop(channels);
        long answered =
                clients.stream().mapToLong(EchoClientHandler::answeredMessages).sum();
        if (latencies.getTotalCount() == 0) {
            session.fail("no message was answered in the measured time");
        }
        return new EchoResult(
                channels.size(),
                answered,
                warmup,
                measured,
                latencies,
                SystemCalls.between(callsBefore, callsAfter),
                session.failures());
    }

    private Histogram watch(long start, long length) throws InterruptedException {
        Histogram all = session.latencies().getIntervalHistogram();
        Histogram recent = null;
        long then = start;
        long left = length;
        while (left > 0 && !session.awaitFailure(Math.min(left, progress.intervalMillis() * 1_000_000L))) {
            recent = session.latencies().getIntervalHistogram(recent);
            all.add(recent);
            long now = System.nanoTime();
            progress.show(EchoReport.progress(now - start, now - then, recent));
            then = now;
            left = start + length - now;
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
    private EchoResult withServerCount(EchoResult result) {
        long expected = result.allMessages() * settings.size();
        if (session.failures().isEmpty() && server.bytes() != expected) {
            session.fail("the server sent " + server.bytes() + " bytes, of which the client got " + expected);
        }
        return new EchoResult(
                result.connections(),
                result.allMessages(),
                result.warmupNanos(),
                result.measuredNanos(),
                result.latencies(),
                result.systemCalls(),
                session.failures());
    }
}
