// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.eventloop;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.KQueueEventLoopGroup;
import io.github.kqueueffm.KQueueIoHandle;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.github.kqueueffm.testsuite.support.KQueuePairings;
import io.github.kqueueffm.testsuite.support.Link;
import io.github.kqueueffm.testsuite.support.LoopThread;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Recorder;
import io.github.kqueueffm.testsuite.support.Recorder.Event;
import io.github.kqueueffm.testsuite.support.Transports;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KQueueLoopTest extends AbstractLoopTest implements KQueuePairings {

    /** Not even once a second, as others do: the wait has no timeout when there is nothing to wait for. */
    @ParameterizedTest
    @MethodSource("pairings")
    void anIdleLoopSleepsOn(Pairing pairing) throws Exception {
        assumeTrue(LoopThread.countsSleeps(), "the kernel does not tell how often a thread slept");
        try (Link link = Link.on(pairing).subjectGroup(group).open()) {
            link.subject().eventLoop().submit(() -> {}).sync();
            LoopThread thread = LoopThread.of(link.subject().eventLoop());
            TimeUnit.MILLISECONDS.sleep(100); // for the loop to have gone to sleep after that task
            long before = thread.sleeps();
            long cpuBefore = thread.cpuNanos();
            TimeUnit.MILLISECONDS.sleep(2500);
            assertThat(thread.sleeps()).isEqualTo(before);
            assertThat(thread.cpuNanos()).isEqualTo(cpuBefore);
        }
    }

    /** The pipelines may not hear of it then, but no descriptor is left, whatever the loop was doing. */
    @ParameterizedTest
    @MethodSource("pairings")
    void itsEndWithoutAQuietPeriodClosesItsChannelsToo(Pairing pairing) throws Exception {
        for (int i = 0; i < 20; i++) {
            EventLoopGroup ending = transport().newGroup(1, "ending");
            Link link = Link.on(pairing).subjectGroup(ending).open();
            Channel idle = new KQueueSocketChannel();
            sync(ending.register(idle));
            ending.next().execute(() -> {});
            ending.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
            assertThat(link.subject().isOpen()).isFalse();
            assertThat(link.subject().closeFuture().isDone()).isTrue();
            assertThat(idle.isOpen()).isFalse();
            link.peerEvents().await(Event.INACTIVE);
            link.close();
        }
    }

    @Test
    void aChannelOfNioIsRefused() throws Exception {
        NioSocketChannel channel = new NioSocketChannel();
        ChannelFuture registration = loop.register(channel);
        assertThat(registration.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(registration.cause()).isInstanceOf(IllegalStateException.class);
        channel.unsafe().closeForcibly();
    }

    @Test
    void itsChannelsAreRefusedByNio() throws Exception {
        for (Channel channel : new Channel[] {new KQueueSocketChannel(), new KQueueServerSocketChannel()}) {
            ChannelFuture registration = Transports.sharedGroup(Transports.NIO).register(channel);
            assertThat(registration.await(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(registration.cause()).isInstanceOf(IllegalStateException.class);
            channel.unsafe().closeForcibly();
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void saysWhatItIs() {
        IoEventLoop ioLoop = (IoEventLoop) loop;
        assertThat(ioLoop.isIoType(KQueueIoHandler.class)).isTrue();
        assertThat(ioLoop.isIoType(NioIoHandler.class)).isFalse();
        assertThat(ioLoop.isCompatible(KQueueIoHandle.class)).isTrue();
        assertThat(((IoEventLoopGroup) group).isIoType(KQueueIoHandler.class)).isTrue();
        assertThat(((IoEventLoopGroup) group).isCompatible(KQueueIoHandle.class))
                .isTrue();
    }

    @Test
    void channelsOfAKQueueEventLoopGroupAreListed() throws Exception {
        EventLoopGroup listing = new KQueueEventLoopGroup(1);
        SingleThreadEventLoop listingLoop = (SingleThreadEventLoop) listing.next();
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Channel channel = new KQueueSocketChannel();
            channels.add(channel);
            sync(listingLoop.register(channel));
        }
        assertThat(listed(listingLoop)).containsExactlyInAnyOrderElementsOf(channels);
        sync(channels.remove(2).close());
        Channel gone = channels.remove(0);
        sync(gone.deregister());
        assertThat(listed(listingLoop)).containsExactlyInAnyOrderElementsOf(channels);
        listing.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        assertThat(channels).noneMatch(Channel::isOpen);
        assertThat(gone.isOpen()).isTrue();
        gone.unsafe().closeForcibly();
    }

    private static List<Channel> listed(SingleThreadEventLoop loop) throws Exception {
        return loop.submit(() -> {
                    List<Channel> found = new ArrayList<>();
                    for (Iterator<Channel> all = loop.registeredChannelsIterator(); all.hasNext(); ) {
                        found.add(all.next());
                    }
                    assertThat(loop.registeredChannels()).isEqualTo(found.size());
                    return found;
                })
                .get(Recorder.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
