// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.testsuite.support.Endpoints;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.LoopThread;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Pairings;
import io.github.kqueueffm.testsuite.support.Payload;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The peer sends more than the subject reads: that must cost neither processor time nor memory. */
abstract class AbstractFloodTest implements Pairings {

    private static final int SEGMENTS = 2000;

    /** What Linux has room for, since each takes a buffer of the sender's that has some hundred bytes (unix(7)). */
    private static final int SEGMENTS_BY_PATH = 200;

    /** Far below one for each segment, far above what an idle loop and the tasks of a test come to. */
    private static final int FEW_SLEEPS = 100;

    @ParameterizedTest
    @MethodSource("pairings")
    void segmentsDoNotWakeALoopThatDoesNotReadThem(Pairing pairing) throws Exception {
        segmentsToAChannelThatStopsReading(pairing, true);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void segmentsDoNotWakeALoopThatNeverRead(Pairing pairing) throws Exception {
        segmentsToAChannelThatStopsReading(pairing, false);
    }

    private void segmentsToAChannelThatStopsReading(Pairing pairing, boolean readFirst) throws Exception {
        assumeTrue(LoopThread.countsSleeps(), "the kernel does not tell how often a thread slept");
        EventLoopGroup group = transport().newGroup(1, "flooded");
        try (Link link = Link.on(pairing)
                .subjectGroup(group)
                .subjectOption(ChannelOption.AUTO_READ, readFirst)
                .peerOption(ChannelOption.TCP_NODELAY, true)
                .open()) {
            int received = 0;
            if (readFirst) {
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1])));
                link.subjectEvents().awaitBytes(++received);
                // On the loop, where it takes effect at once.
                link.subject()
                        .eventLoop()
                        .submit(() -> link.subject().config().setAutoRead(false))
                        .sync();
            }
            LoopThread thread = LoopThread.of(link.subject().eventLoop());
            long before = thread.sleeps();
            int segments = pairing.subject().endpoints() == Endpoints.INET ? SEGMENTS : SEGMENTS_BY_PATH;
            for (int i = 0; i < segments; i++) {
                sync(link.peer().writeAndFlush(Unpooled.wrappedBuffer(new byte[1])));
            }
            assertThat(thread.sleeps() - before).isLessThan(FEW_SLEEPS);
            assertThat(link.subjectEvents().size()).isEqualTo(received);

            link.subject().config().setAutoRead(true);
            link.subjectEvents().awaitBytes(received + segments);
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    /** With the socket buffers full both ends rest, the one that would read and the one that would write. */
    @ParameterizedTest
    @MethodSource("pairings")
    void fullBuffersLeaveBothEndsAtRest(Pairing pairing) throws Exception {
        byte[] sent = Payload.of(32 << 20);
        try (Link link =
                Link.on(pairing).subjectOption(ChannelOption.AUTO_READ, false).open()) {
            ChannelFuture written = link.peer().writeAndFlush(Unpooled.wrappedBuffer(sent));
            awaitStandstill(link);
            LoopThread subject = LoopThread.of(link.subject().eventLoop());
            LoopThread peer = LoopThread.of(link.peer().eventLoop());
            long subjectBefore = subject.cpuNanos();
            long peerBefore = peer.cpuNanos();
            assertThat(written.await(1, TimeUnit.SECONDS)).isFalse();
            long allowed = TimeUnit.MILLISECONDS.toNanos(200);
            assertThat(subject.cpuNanos() - subjectBefore).isLessThan(allowed);
            assertThat(peer.cpuNanos() - peerBefore).isLessThan(allowed);
            assertThat(link.subjectEvents().count(Event.READ)).isZero();

            link.subject().config().setAutoRead(true);
            link.subjectEvents().awaitBytes(sent.length);
            sync(written);
            assertThat(java.util.Arrays.equals(link.subjectEvents().bytes(), sent))
                    .isTrue();
        }
    }

    /** Until the peer has been unable to write anything for a while. */
    private static void awaitStandstill(Link link) throws InterruptedException {
        long pending = -1;
        for (int same = 0; same < 10; ) {
            long now = link.peer().bytesBeforeWritable();
            same = now == pending && now > 0 ? same + 1 : 0;
            pending = now;
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
