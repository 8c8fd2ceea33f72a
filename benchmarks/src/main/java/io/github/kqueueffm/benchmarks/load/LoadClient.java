// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The clients of a load, each of which has one request under way. */
final class LoadClient {
    private static final long STOP_SECONDS = 20;

    private final LoadKind kind;
    private final Bootstrap bootstrap;
    private final CountDownLatch clients;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopping;

    /**
     * Starts sending.
     *
     * @param group on NIO
     */
    LoadClient(EventLoopGroup group, LoadKind kind, SocketAddress server, int clients) {
        this.kind = kind;
        this.clients = new CountDownLatch(clients);
        bootstrap = new Bootstrap()
                .group(group)
                .channel(Transport.NIO.channel())
                .remoteAddress(server)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientHandler(LoadClient.this));
                    }
                });
        for (int i = 0; i < clients; i++) {
            connect();
        }
    }

    private void connect() {
        bootstrap.connect().addListener((ChannelFuture connect) -> {
            if (connect.isSuccess()) {
                connections.incrementAndGet();
            } else {
                failed(connect.cause());
                clients.countDown();
            }
        });
    }

    /** Connections that were made. */
    long connections() {
        return connections.get();
    }

    /** Answers that came back whole. */
    long answers() {
        return answers.get();
    }

    /** Returns whether the connection is to send a further request; otherwise it is to be closed. */
    boolean answered() {
        answers.incrementAndGet();
        return kind.keepsConnections() && !stopping;
    }

    /** A connection has ended, after its answer or after a failure. */
    void ended() {
        if (kind.keepsConnections() || stopping || failure.get() != null) {
            clients.countDown();
        } else {
            connect();
        }
    }

    void failed(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /**
     * Waits for the answers that are under way and closes all connections.
     *
     * @throws ExampleFailure if a connection has failed since the start
     */
    void stop() throws InterruptedException {
        stopping = true;
        boolean stopped = clients.await(STOP_SECONDS, TimeUnit.SECONDS);
        Throwable cause = failure.get();
        if (cause != null) {
            throw new ExampleFailure("a client failed", cause);
        }
        if (!stopped) {
            throw new ExampleFailure(
                    clients.getCount() + " clients still wait for an answer after " + STOP_SECONDS + " s");
        }
    }
}
