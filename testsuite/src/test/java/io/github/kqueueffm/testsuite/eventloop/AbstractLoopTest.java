// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.eventloop;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.LoopThread;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.UnresponsiveAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.local.LocalChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks, timers and the end of an event loop. */
abstract class AbstractLoopTest implements Pairings {

    EventLoopGroup group;
    EventLoop loop;

    @BeforeEach
    void startLoop() {
        group = transport().newGroup(1, "tested");
        loop = group.next();
    }

    @AfterEach
    void stopLoop() throws InterruptedException {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    /** Tasks at every distance from the loop's last one: while it runs, as it goes to wait, when it waits. */
    @Test
    void noWakeupIsLost() throws Exception {
        int threads = 8;
        int rounds = 2000;
        ExecutorService submitters = Executors.newFixedThreadPool(threads);
        try {
            List<java.util.concurrent.Future<?>> done = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                done.add(submitters.submit(() -> {
                    for (int i = 0; i < rounds; i++) {
                        int expected = i;
                        int answer = loop.submit(() -> expected).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
                        assertThat(answer).isEqualTo(i);
                        if (i % 10 == 0) {
                            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
                        }
                    }
                    return null;
                }));
            }
            for (java.util.concurrent.Future<?> future : done) {
                future.get(90, TimeUnit.SECONDS);
            }
        } finally {
            submitters.shutdownNow();
        }
    }

    @Test
    void tasksOfAThreadRunInItsOrder() throws Exception {
        int threads = 4;
        int tasks = 50_000;
        AtomicInteger outOfOrder = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(threads * tasks);
        List<Thread> submitters = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int[] last = {-1};
            submitters.add(new Thread(() -> {
                for (int i = 0; i < tasks; i++) {
                    int number = i;
                    loop.execute(() -> {
                        if (number != last[0] + 1) {
                            outOfOrder.incrementAndGet();
                        }
                        last[0] = number;
                        left.countDown();
                    });
                }
            }));
        }
        submitters.forEach(Thread::start);
        assertThat(left.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(outOfOrder).hasValue(0);
        for (Thread submitter : submitters) {
            submitter.join();
        }
    }

    @Test
    void timersFireInOrderAndNotTooSoon() throws Exception {
        Random random = new Random(3);
        int timers = 300;
        // A timer's deadline is made within its schedule(): it lies between these two.
        long[] earliest = new long[timers];
        long[] latest = new long[timers];
        List<Integer> fired = new ArrayList<>();
        AtomicInteger early = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(timers);
        // In one task, so that none fires before all are there.
        loop.execute(() -> {
            for (int i = 0; i < timers; i++) {
                int number = i;
                long delay = random.nextInt(200_000_000);
                earliest[i] = System.nanoTime() + delay;
                loop.schedule(
                        () -> {
                            if (System.nanoTime() - earliest[number] < 0) {
                                early.incrementAndGet();
                            }
                            fired.add(number);
                            left.countDown();
                        },
                        delay,
                        TimeUnit.NANOSECONDS);
                latest[i] = System.nanoTime() + delay;
            }
        });
        assertThat(left.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(early).hasValue(0);
        for (int i = 1; i < timers; i++) {
            assertThat(latest[fired.get(i)] - earliest[fired.get(i - 1)]).isNotNegative();
        }
    }

    /** The wait of an idle loop ends when there is something to wait for, and when that comes closer. */
    @Test
    void anEarlierTimerShortensTheWait() throws Exception {
        ScheduledFuture<?> late = loop.schedule(() -> {}, 1, TimeUnit.HOURS);
        for (int i = 0; i < 50; i++) {
            long start = System.nanoTime();
            loop.schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
        }
        assertThat(late.cancel(false)).isTrue();
        loop.submit(() -> {}).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aTimerOfTheFarFutureHurtsNobody() throws Exception {
        List<ScheduledFuture<?>> far = new ArrayList<>();
        far.add(loop.schedule(() -> {}, Long.MAX_VALUE, TimeUnit.NANOSECONDS));
        far.add(loop.schedule(() -> {}, Long.MAX_VALUE, TimeUnit.MILLISECONDS));
        far.add(loop.schedule(() -> {}, 3650, TimeUnit.DAYS));
        loop.submit(() -> {}).get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        LoopThread thread = LoopThread.of(loop);
        long before = thread.cpuNanos();
        assertThat(far.get(0).await(300)).isFalse();
        assertThat(thread.cpuNanos() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
        for (ScheduledFuture<?> future : far) {
            assertThat(future.isDone()).isFalse();
            assertThat(future.cancel(false)).isTrue();
        }
    }

    @Test
    void timersAtAFixedRateKeepIt() throws Exception {
        CountDownLatch ticks = new CountDownLatch(20);
        long start = System.nanoTime();
        ScheduledFuture<?> timer = loop.scheduleAtFixedRate(ticks::countDown, 10, 10, TimeUnit.MILLISECONDS);
        assertThat(ticks.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
        timer.cancel(false);
    }

    /** Timers and tasks have their turn while a connection keeps the loop busy. */
    @ParameterizedTest
    @MethodSource("pairings")
    void timersFireUnderLoad(Pairing pairing) throws Exception {
        Recorder echoing = new Recorder() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.writeAndFlush(msg);
            }
        };
        Recorder echoingToo = new Recorder() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.writeAndFlush(msg);
            }
        };
        try (Link link = Link.on(pairing)
                .subjectGroup(group)
                .subjectEvents(echoing)
                .peerEvents(echoingToo)
                .open()) {
            link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1000]));
            CountDownLatch ticks = new CountDownLatch(50);
            ScheduledFuture<?> timer = loop.scheduleAtFixedRate(ticks::countDown, 1, 1, TimeUnit.MILLISECONDS);
            assertThat(ticks.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            timer.cancel(false);
        }
    }

    @Test
    void aTaskThatThrowsDoesNotEndIt() throws Exception {
        loop.execute(() -> {
            throw new IllegalStateException("thrown by a task, on purpose");
        });
        Future<String> next = loop.submit(() -> "alive");
        assertThat(next.get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("alive");
    }

    /**
     * Everything that is still open is closed, told so, and gives its descriptor back. With a quiet period: without one,
     * Netty 4.2.20 may end a loop that has just run a task before its channels are closed.
     */
    @ParameterizedTest
    @MethodSource("pairings")
    void itsEndClosesItsChannels(Pairing pairing) throws Exception {
        Link link = Link.on(pairing).subjectGroup(group).open();
        Recorder listenerEvents = new Recorder();
        Channel listener = sync(new ServerBootstrap()
                .group(group)
                .channel(transport().serverChannel())
                .handler(listenerEvents)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(Link.loopback()));
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();

        group.shutdownGracefully(50, 10_000, TimeUnit.MILLISECONDS).sync();

        assertThat(group.isTerminated()).isTrue();
        assertThat(link.subject().closeFuture().isDone()).isTrue();
        assertThat(link.subject().isOpen()).isFalse();
        assertThat(listener.closeFuture().isDone()).isTrue();
        assertThat(link.subjectEvents().events()).contains(Event.INACTIVE, Event.UNREGISTERED);
        assertThat(listenerEvents.events()).contains(Event.INACTIVE, Event.UNREGISTERED);
        link.peerEvents().await(Event.INACTIVE);
        // The port is free again.
        try (ServerSocket successor = new ServerSocket(address.getPort(), 1, address.getAddress())) {
            assertThat(successor.isBound()).isTrue();
        }
        link.close();
    }

    @Test
    void itsEndFailsAConnectThatIsUnderWay() throws Exception {
        ChannelFuture connect = new Bootstrap()
                .group(group)
                .channel(transport().socketChannel())
                .handler(new Recorder())
                .connect(UnresponsiveAddress.get());
        assertThat(connect.await(50)).isFalse();
        group.shutdownGracefully(50, 10_000, TimeUnit.MILLISECONDS).sync();
        assertThat(connect.isDone()).isTrue();
        assertThat(connect.isSuccess()).isFalse();
        assertThat(connect.channel().isOpen()).isFalse();
    }

    @Test
    void afterItsEndNothingIsTaken() throws Exception {
        loop.submit(() -> {}).sync();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        ChannelFuture connect = new Bootstrap()
                .group(group)
                .channel(transport().socketChannel())
                .handler(new Recorder())
                .connect(Link.loopback());
        assertThat(connect.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(connect.isSuccess()).isFalse();
        assertThat(connect.channel().isOpen()).isFalse();
    }

    /** Submitters that know nothing of the end wake a loop that is ending, and one that has ended. */
    @Test
    void wakeupsMayComeWhileItEnds() throws Exception {
        for (int round = 0; round < 20; round++) {
            EventLoopGroup ending = transport().newGroup(1, "ending");
            EventLoop last = ending.next();
            last.submit(() -> {}).sync();
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger run = new AtomicInteger();
            Thread submitter = new Thread(() -> {
                try {
                    while (true) {
                        last.execute(run::incrementAndGet);
                        accepted.incrementAndGet();
                        LockSupport.parkNanos(1000);
                    }
                } catch (RejectedExecutionException ended) {
                    // That is how it is told.
                }
            });
            submitter.start();
            while (run.get() == 0) {
                Thread.onSpinWait();
            }
            ending.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
            submitter.join(TimeUnit.SECONDS.toMillis(Recorder.TIMEOUT_SECONDS));
            assertThat(submitter.isAlive()).isFalse();
            assertThat(accepted.get()).isPositive();
            assertThat(run.get()).isPositive();
        }
    }

    /** Loops are made in their group's constructor: what they have opened goes with them, started or not. */
    @Test
    void loopsThatWereNeverStartedLeaveNothingOpen() throws Exception {
        for (int i = 0; i < 20; i++) {
            transport()
                    .newGroup(4, "idle")
                    .shutdownGracefully(0, 10, TimeUnit.SECONDS)
                    .sync();
        }
    }

    @Test
    void aHandleOfSomethingElseIsRefused() throws Exception {
        IoHandle foreign = new IoHandle() {
            @Override
            public void handle(IoRegistration registration, IoEvent event) {}

            @Override
            public void close() {}
        };
        IoEventLoop ioLoop = (IoEventLoop) loop;
        assertThat(ioLoop.isCompatible(foreign.getClass())).isFalse();
        Future<IoRegistration> registration = ioLoop.register(foreign);
        assertThat(registration.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(registration.cause()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChannelOfAnotherTransportIsRefused() throws Exception {
        // LocalChannel runs on any loop that takes its handle, which a loop on sockets does not.
        ChannelFuture registration = loop.register(new LocalChannel());
        assertThat(registration.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(registration.isSuccess()).isFalse();
    }
}
