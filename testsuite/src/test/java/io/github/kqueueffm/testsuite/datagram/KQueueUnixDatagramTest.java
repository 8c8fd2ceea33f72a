// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.datagram;

import static io.github.kqueueffm.testsuite.support.Link.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.testsuite.support.BufferKind;
import io.github.kqueueffm.testsuite.support.DatagramLink;
import io.github.kqueueffm.testsuite.support.DatagramPairing;
import io.github.kqueueffm.testsuite.support.DatagramSockets;
import io.github.kqueueffm.testsuite.support.SocketPaths;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KQueueUnixDatagramTest extends AbstractDatagramTest {

    private static final DatagramPairing PAIRING =
            new DatagramPairing(DatagramSockets.KQUEUE_UNIX, DatagramSockets.KQUEUE_UNIX);

    @Override
    public List<DatagramPairing> pairings() {
        return List.of(PAIRING);
    }

    @Test
    void toAPathWithoutAFile() throws Exception {
        try (DatagramLink link = DatagramLink.open(PAIRING)) {
            ByteBuf content = BufferKind.POOLED_DIRECT.of(new byte[10]);
            ChannelFuture before = link.write(Unpooled.wrappedBuffer(new byte[] {1}));
            ChannelFuture failing = link.subject().write(PAIRING.subject().packet(content, SocketPaths.next()));
            ChannelFuture after = link.write(Unpooled.wrappedBuffer(new byte[] {2}));
            link.subject().flush();
            assertThatThrownBy(() -> sync(failing)).isInstanceOf(FileNotFoundException.class);
            assertThat(content.refCnt()).isZero();
            sync(before);
            sync(after);
            assertReceived(link.peerEvents().await(2), new byte[] {1}, new byte[] {2});
        }
    }

    /**
     * More than a receiver that does not read has room for. Linux makes the sender wait, the BSDs refuse (ENOBUFS): what
     * counts is that every write is answered once the receiver reads, and that what was not refused arrives, in order.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void toAReceiverThatIsFull(boolean connected) throws Exception {
        int count = 300;
        try (DatagramLink link = DatagramLink.open(PAIRING)) {
            link.peer().config().setOption(ChannelOption.AUTO_READ, false);
            settle(link.peer());
            if (connected) {
                sync(link.subject().connect(link.peer().localAddress()));
            }
            List<ChannelFuture> writes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ByteBuf content = BufferKind.POOLED_DIRECT.of(new byte[] {(byte) i, (byte) (i >> 8)});
                writes.add(connected ? link.subject().write(content) : link.write(content));
            }
            link.subject().flush();
            settle(link.subject());
            link.peer().config().setAutoRead(true);
            List<byte[]> expected = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ChannelFuture write = writes.get(i);
                assertThat(write.await(20, TimeUnit.SECONDS))
                        .as("write %d is answered", i)
                        .isTrue();
                if (write.isSuccess()) {
                    expected.add(new byte[] {(byte) i, (byte) (i >> 8)});
                } else {
                    assertThat(write.cause()).isInstanceOf(IOException.class);
                }
            }
            assertThat(expected).isNotEmpty();
            link.peerEvents().await(expected.size());
            assertThat(link.peerEvents().contents()).containsExactlyElementsOf(expected);
            assertNothingElse(link);
        }
    }
}
