// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeListener;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.SocketKernel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** An accepted connection costs its accept and nothing else. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class AcceptShortcutsTest {

    private final ScriptedChannels s;
    private final PipelineLog log = new PipelineLog() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            told.add("echo");
            ctx.writeAndFlush(msg);
        }
    };
    private final ServerBootstrap bootstrap = new ServerBootstrap();

    AcceptShortcutsTest(Platform platform) {
        s = new ScriptedChannels(platform);
    }

    /** A listener whose first connection was accepted: that one has shown which options are inherited. */
    private FakeListener listen(String address) {
        FakeListener listener = s.fake(s.listen(address, bootstrap, log)).connections(1);
        s.turn();
        s.turn();
        return listener;
    }

    private List<CFunction> kevent(int accepts) {
        List<CFunction> calls = new ArrayList<>(List.of(CFunction.KEVENT));
        nCopies(accepts, s.accepting()).forEach(calls::addAll);
        return calls;
    }

    @Test
    void asManyAcceptsAsConnectionsAndNoneThatFindsNothing() {
        listen("127.0.0.1").connections(5);

        assertThat(s.callsOfATurn()).isEqualTo(kevent(5));
        assertThat(s.callsOfATurn()).isEqualTo(kevent(0));
        assertThat(log.channels).hasSize(6);
    }

    @Test
    void noMoreThanMaxMessagesPerReadInATurnAndTheRestInTheNext() {
        bootstrap.option(ChannelOption.MAX_MESSAGES_PER_READ, 3);
        listen("127.0.0.1").connections(7);

        assertThat(s.callsOfATurn()).isEqualTo(kevent(3));
        assertThat(s.callsOfATurn()).isEqualTo(kevent(3));
        assertThat(s.callsOfATurn()).isEqualTo(kevent(1));
        assertThat(s.callsOfATurn()).isEqualTo(kevent(0));
    }

    /** Accept, one request, one response, the peer closes. */
    @Test
    void aShortConnectionIsSevenCallsAndOneMoreOnMacos() {
        listen("127.0.0.1").connections(1);

        assertThat(s.callsOfATurn()).isEqualTo(kevent(1));
        FakeSocket socket = s.fake(log.last()).arrive(100);
        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.READ, CFunction.WRITE);
        socket.endOfFile();
        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT, CFunction.CLOSE);
        assertThat(s.callsOfATurn()).containsExactly(CFunction.KEVENT);
        assertThat(s.kernel.changes()).isEmpty();
    }

    @Test
    void everyConnectionIsClosedOnExecAndDoesNotBlockWhicheverWayItIsAccepted() {
        SocketKernel old =
                new SocketKernel(s.platform).without(CFunction.ACCEPT4).without(CFunction.PACCEPT);
        for (ScriptedChannels channels : new ScriptedChannels[] {s, new ScriptedChannels(old)}) {
            channels.fake(channels.listen(log)).connections(2);
            channels.turn();

            assertThat(log.channels).hasSize(2);
            for (KQueueSocketChannel channel : log.channels) {
                int fd = channel.fd().intValue();
                assertThat(channels.kernel.descriptorFlags(fd))
                        .isEqualTo(channels.platform.file().FD_CLOEXEC());
                assertThat(channels.kernel.statusFlags(fd))
                        .isEqualTo(channels.platform.file().O_NONBLOCK());
            }
            log.channels.clear();
        }
    }

    @Test
    void addressesOfAConnectionToABoundListenerCostNoCall() throws Exception {
        listen("127.0.0.1");
        s.kernel.clearLog();

        InetSocketAddress local = log.last().localAddress();
        InetSocketAddress remote = log.last().remoteAddress();

        assertThat(local).isEqualTo(new InetSocketAddress("127.0.0.1", 80));
        assertThat(remote.getAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertThat(remote.getPort()).isGreaterThan(80);
        assertThat(s.calls()).isEmpty();
    }

    @Test
    void theLocalAddressOfAConnectionToAWildcardIsAskedForOnceWhenNeeded() {
        listen("0.0.0.0").connections(1);
        assertThat(s.callsOfATurn()).isEqualTo(kevent(1));

        s.kernel.clearLog();
        assertThat(log.last().localAddress()).isNotNull();
        assertThat(log.last().localAddress()).isNotNull();

        assertThat(s.calls()).containsExactly(CFunction.GETSOCKNAME);
    }

    @Test
    void optionsThatConnectionsInheritAreSetOnTheListenerAndConfirmedOnce() {
        bootstrap.option(ChannelOption.SO_RCVBUF, 5000).childOption(ChannelOption.SO_RCVBUF, 5000);
        FakeListener listener = s.fake(s.listen("127.0.0.1", bootstrap, log)).connections(2);

        s.kernel.clearLog();
        s.turn();
        assertThat(s.kernel.count(CFunction.SETSOCKOPT)).isZero();
        assertThat(s.kernel.count(CFunction.GETSOCKOPT))
                .as("TCP_NODELAY and SO_RCVBUF of the first")
                .isEqualTo(2);
        listener.connections(2);
        assertThat(s.callsOfATurn()).isEqualTo(kevent(2));
        for (KQueueSocketChannel channel : log.channels) {
            assertThat(channel.config().isTcpNoDelay()).isTrue();
            assertThat(channel.config().getReceiveBufferSize()).isEqualTo(5000);
        }
    }

    /** How much to gather into one write is a guess that one connection of a listener makes for all. */
    @Test
    void theSizeOfTheSendBufferIsAskedForOnceByTheFirstConnectionThatGathers() {
        listen("127.0.0.1").connections(2);
        s.turn();
        s.turn();
        List<CFunction> asked = List.of(CFunction.GETSOCKOPT, CFunction.WRITEV);
        for (List<CFunction> expected : List.of(asked, List.of(CFunction.WRITEV))) {
            KQueueSocketChannel channel = log.channels.remove(log.channels.size() - 1);
            s.kernel.clearLog();
            for (int i = 0; i < 2; i++) {
                channel.write(channel.alloc().directBuffer().writeZero(10));
            }
            channel.flush();
            assertThat(s.calls()).isEqualTo(expected);
        }
    }
}
