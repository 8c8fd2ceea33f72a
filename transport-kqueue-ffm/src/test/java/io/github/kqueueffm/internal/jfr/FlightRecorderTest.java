// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kqueueffm.KQueueEventLoopGroup;
import io.github.kqueueffm.KQueueSocketChannel;
import io.github.kqueueffm.internal.engine.LoopObserver;
import io.github.kqueueffm.internal.platform.Platforms;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends up in a recording. */
@Timeout(120)
class FlightRecorderTest {

    private static final String SLOW_TURN = "io.github.kqueueffm.SlowTurn";
    private static final String ERROR = "io.github.kqueueffm.Error";

    @TempDir
    Path folder;

    private interface Work {
        void run() throws Exception;
    }

    private List<RecordedEvent> record(String event, Duration threshold, Work work) throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(event).withThreshold(threshold);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file);
    }

    private static void spin(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    /** Tasks alone do not tell: one that is submitted when another is done may run in the same turn. */
    private static void aTurnPasses(KQueueEventLoopGroup group) throws InterruptedException {
        long before = group.metrics().waits();
        while (group.metrics().waits() < before + 2) {
            group.submit(() -> {}).sync();
        }
    }

    private static void shutDown(KQueueEventLoopGroup group) throws InterruptedException {
        assertThat(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(60, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aTurnThatIsLongerThanTheThreshold() throws Exception {
        KQueueEventLoopGroup group = new KQueueEventLoopGroup(1);
        group.submit(() -> {}).sync();
        List<RecordedEvent> events = record(SLOW_TURN, Duration.ofMillis(400), () -> {
            // Events are recorded from the turn on that begins while they are turned on, and when it ends.
            aTurnPasses(group);
            group.submit(() -> spin(500)).sync();
            aTurnPasses(group);
        });
        shutDown(group);
        assertThat(events).hasSize(1);
        RecordedEvent event = events.get(0);
        assertThat(event.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        assertThat(event.getDuration("eventTime")).as("a task is no event").isLessThan(Duration.ofMillis(400));
        assertThat(event.getThread().getJavaName()).contains("KQueueEventLoopGroup");
    }

    @Test
    void turnsBelowTheThresholdAreNotRecorded() throws Exception {
        KQueueEventLoopGroup group = new KQueueEventLoopGroup(1);
        List<RecordedEvent> events = record(SLOW_TURN, Duration.ofMinutes(1), () -> {
            for (int i = 0; i < 10; i++) {
                group.submit(() -> spin(10)).sync();
            }
        });
        shutDown(group);
        assertThat(events).isEmpty();
    }

    /** One event object serves all turns: each recorded event has its own turn's duration. */
    @Test
    void eachTurnHasItsOwnDuration() throws Exception {
        LoopObserver observer = FlightRecorder.observer(Platforms.current().errno());
        List<RecordedEvent> events = record(SLOW_TURN, Duration.ofMillis(50), () -> {
            for (int i = 1; i <= 3; i++) {
                observer.turnBegins();
                spin(100L * i);
                observer.handedOut(i);
                spin(20);
                observer.turnEnds();
                // A short one, and the wait between two.
                observer.turnBegins();
                observer.handedOut(0);
                observer.turnEnds();
                spin(60);
            }
            observer.turnEnds();
        });
        assertThat(events).hasSize(3);
        for (int i = 1; i <= 3; i++) {
            RecordedEvent event = events.get(i - 1);
            assertThat(event.getInt("events")).isEqualTo(i);
            assertThat(event.getDuration("eventTime")).isGreaterThanOrEqualTo(Duration.ofMillis(100L * i));
            assertThat(event.getDuration())
                    .isGreaterThanOrEqualTo(event.getDuration("eventTime").plusMillis(20));
            assertThat(event.getStackTrace()).isNull();
        }
    }

    @Test
    void aFailedCall() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) closed.getLocalSocketAddress();
        }
        KQueueEventLoopGroup group = new KQueueEventLoopGroup(1);
        List<RecordedEvent> events = record(
                ERROR,
                Duration.ZERO,
                () -> assertThat(new Bootstrap()
                                .group(group)
                                .channel(KQueueSocketChannel.class)
                                .handler(new ChannelInboundHandlerAdapter())
                                .connect(nobody)
                                .await()
                                .isSuccess())
                        .isFalse());
        shutDown(group);
        assertThat(events).hasSize(1);
        RecordedEvent event = events.get(0);
        assertThat(event.getString("call")).isEqualTo("connect");
        assertThat(event.getString("error")).isEqualTo("ECONNREFUSED");
        assertThat(event.getInt("errno")).isEqualTo(Platforms.current().errno().ECONNREFUSED());
        assertThat(event.getInt("descriptor")).isPositive();
    }

    /** While nothing is recorded. */
    @Test
    void aTurnAllocatesNothing() {
        LoopObserver observer = FlightRecorder.observer(Platforms.current().errno());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(self);
        for (int i = 0; i < 100_000; i++) {
            observer.turnBegins();
            observer.handedOut(1);
            observer.turnEnds();
        }
        assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(100_000);
    }
}
