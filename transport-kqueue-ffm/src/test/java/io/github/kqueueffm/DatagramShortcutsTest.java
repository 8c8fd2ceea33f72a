// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeDatagramSocket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What waits to be received is told with the addresses of the senders (NetBSD, OpenBSD, DragonFly), or without, so that an empty
 * datagram does not show (FreeBSD, macOS). Nothing is lost or read for nothing by that.
 */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class DatagramShortcutsTest {

    private final Platform platform;
    private final ScriptedChannels s;
    private final List<Integer> lengths = new ArrayList<>();
    private FakeDatagramSocket socket;

    DatagramShortcutsTest(Platform platform) {
        this.platform = platform;
        s = new ScriptedChannels(platform);
    }

    @BeforeEach
    void bind() {
        socket = s.fake(s.bindDatagrams(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                DatagramPacket packet = (DatagramPacket) msg;
                lengths.add(packet.content().readableBytes());
                packet.release();
            }
        }));
        s.kernel.clearLog();
    }

    private boolean countsAddresses() {
        return switch (platform.os()) {
            case "netbsd", "openbsd", "dragonfly" -> true;
            default -> false;
        };
    }

    private void arrive(int... payloads) {
        for (int payload : payloads) {
            socket.arrive(1, payload);
        }
    }

    private void turns() {
        for (int i = 0; i < 3; i++) {
            s.turn();
        }
    }

    private long readsForNothing() {
        return s.kernel.log().stream()
                .filter(call -> call.result() == -platform.errno().EAGAIN())
                .count();
    }

    @Test
    void theAmountIsWhatThisKernelCounts() {
        arrive(10, 20);
        s.turn();

        long address = countsAddresses() ? 16 : 0;
        assertThat(s.kernel.kevents().get(0).events().get(0).data()).isEqualTo(30 + 2 * address);
    }

    @Test
    void whatCameIsReceivedAndNothingIsAskedForTwice() {
        for (int i = 1; i <= 3; i++) {
            arrive(10, 20, 30);
            turns();
            assertThat(lengths).hasSize(3 * i).endsWith(10, 20, 30);
        }

        boolean singly = platform.symbol(CFunction.RECVMMSG) == null;
        assertThat(readsForNothing())
                .as("without recvmmsg(2) nothing but EAGAIN tells the end, where the amount does not")
                .isEqualTo(singly && !countsAddresses() ? 3 : 0);
    }

    @Test
    void emptyDatagramsAreReceivedToo() {
        arrive(0);
        turns();
        assertThat(lengths).containsExactly(0);

        arrive(10, 0, 20, 0);
        turns();
        assertThat(lengths).containsExactly(0, 10, 0, 20, 0);
    }
}
