// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.KQueueEngine;
import io.github.kqueueffm.internal.engine.LoopObserver;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.CountingSyscalls;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One event loop, whose every system call is counted, and a peer that is not on it. The peer acts while the event loop waits, and
 * the next step begins when it waits again, so that the counts are the same each time.
 */
abstract class BudgetWorld implements AutoCloseable {

    /** The other end of a connection. */
    interface Peer {
        void send(int bytes) throws Exception;

        /** Returns when so many bytes were received. */
        void receive(int bytes) throws Exception;

        void close() throws Exception;
    }

    /** The other end of a datagram socket. */
    interface DatagramPeer extends AutoCloseable {
        java.net.InetSocketAddress address();

        void send(int datagrams, int bytes) throws Exception;

        /** Returns when so many datagrams were received since this peer was made. */
        void receive(int datagrams) throws Exception;

        @Override
        void close();
    }

    interface Action {
        void run() throws Exception;
    }

    /** What was done between two moments. */
    record Spent(Map<String, Long> calls, KQueueMetrics metrics) {

        long total() {
            return calls.values().stream().mapToLong(Long::longValue).sum();
        }

        /** A table for people. */
        String table() {
            StringBuilder table = new StringBuilder(total() + " system calls:\n");
            calls.forEach((name, count) -> table.append(String.format("  %-16s%6d%n", name, count)));
            return table.append(metrics).toString();
        }
    }

    final Platform platform;
    final Binding binding;
    final EventLoopGroup group;
    final ByteBufAllocator allocator;
    private final CountingSyscalls counts;
    private final WaitWatch watch;
    private final KQueueIoHandler handler;
    private Map<String, Long> callsBefore = Map.of();
    private KQueueMetrics metricsBefore;

    BudgetWorld(Syscalls syscalls, Platform platform, ByteBufAllocator allocator) {
        this.platform = platform;
        this.allocator = allocator;
        watch = new WaitWatch(syscalls);
        counts = new CountingSyscalls(watch.syscalls());
        binding = new Binding("counted", platform, counts);
        AtomicReference<KQueueIoHandler> made = new AtomicReference<>();
        group = new MultiThreadIoEventLoopGroup(1, executor -> {
            KQueueEngine engine = Availability.newEngine(binding, 4096, LoopObserver.NONE);
            KQueueIoHandler handler = new KQueueIoHandler(
                    executor, DefaultSelectStrategyFactory.INSTANCE.newSelectStrategy(), binding, engine);
            made.set(handler);
            return handler;
        });
        handler = made.get();
        metricsBefore = handler.metrics();
        watch.countWakeups(() -> handler.metrics().wakeups());
        // A task that finds the event loop waiting is sure to have woken it before it runs.
        group.next().submit(() -> {}).syncUninterruptibly();
        settle();
    }

    /** Returns when the event loop waits. */
    private void settle() {
        try {
            watch.await(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A connection to {@code server}, which hears of it. */
    abstract Peer connect(Channel server) throws Exception;

    /** What is at the address that a channel connects to: {@link #reachable}. */
    abstract java.net.InetSocketAddress remote() throws Exception;

    /** The connect of {@code channel} to {@link #remote} may be done. */
    abstract Peer reachable(Channel channel) throws Exception;

    abstract DatagramPeer datagrams(Channel channel) throws Exception;

    /** Runs {@code action} on the event loop, which waits, and returns when that waits again. */
    final void onLoop(Action action) throws Exception {
        settle();
        long before = watch.begun();
        group.next()
                .submit(() -> {
                    action.run();
                    return null;
                })
                .get(60, TimeUnit.SECONDS);
        watch.await(before + 1);
    }

    /** The event loop waits; {@code action} gives it something to do, and it waits again. */
    final void step(Action action) throws Exception {
        long before = watch.begun();
        action.run();
        watch.await(before + 1);
    }

    /** Returns when the event loop has counted down to 0, in one of its turns, and waits. */
    final void until(CountDownLatch done) throws InterruptedException {
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        settle();
    }

    /** How long to look at an event loop that has nothing to do. */
    long idleMillis() {
        return 1000;
    }

    /** Counting begins here. On the event loop's thread, or while it waits. */
    final void start() {
        callsBefore = counts.snapshot();
        metricsBefore = handler.metrics();
    }

    /** What was done since {@link #start}. */
    final Spent spent() {
        Map<String, Long> calls = new TreeMap<>();
        counts.snapshot().forEach((name, count) -> {
            long more = count - callsBefore.getOrDefault(name, 0L);
            if (more != 0) {
                calls.put(name, more);
            }
        });
        return new Spent(calls, handler.metrics().minus(metricsBefore));
    }

    /** Whether the kernel's own kqueue is what event loops wait on; else it is made of epoll. */
    final boolean isKqueue() {
        return binding.syscalls().has(CFunction.KQUEUE);
    }

    /** The C name of the call that waits. */
    final String waitCall() {
        return isKqueue() ? "kevent" : "epoll_pwait2";
    }

    @Override
    public void close() throws Exception {
        assertThat(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(60, TimeUnit.SECONDS))
                .isTrue();
    }
}
