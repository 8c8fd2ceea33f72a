// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.socket.DescriptorScript;
import io.github.kqueueffm.internal.socket.NativeDescriptor;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.unix.FileDescriptor;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.api.Test;

/** What a writer makes of a kernel's answers to a descriptor that is sent; in NetBSD's numbering. */
class DescriptorSenderTest {

    private final DescriptorScript script = new DescriptorScript(TestPlatforms.named("netbsd-amd64"));
    private final NativeSocket socket = script.socket();
    private final Errno errno = socket.binding().platform().errno();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    private final GatherBudget budget = new GatherBudget() {
        @Override
        public long maxBytesPerGatheringWrite() {
            return 1000;
        }

        @Override
        public void gathered(long attempted, long written) {}
    };
    private final RegionAccess noRegions = (RegionAccess) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {RegionAccess.class}, (proxy, method, arguments) -> {
                throw new AssertionError(method);
            });
    private final StreamWriter writer = new StreamWriter(socket, budget, channel.alloc(), noRegions);

    private ChannelPromise add(FileDescriptor message) {
        ChannelPromise promise = channel.newPromise();
        outbound.addMessage(message, 8, promise);
        outbound.addFlush();
        return promise;
    }

    private WriteOutcome write() throws Exception {
        return writer.write(outbound, 16, null);
    }

    @Test
    void sentAndNotClosed() throws Exception {
        NativeDescriptor ours = new NativeDescriptor(socket.binding(), 5);
        ChannelPromise first = add(ours);
        ChannelPromise second = add(new FileDescriptor(6));
        script.answer(-errno.EINTR(), 1, 1);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(first.isSuccess() && second.isSuccess()).isTrue();
        assertThat(ours.isOpen()).isTrue();
        assertThat(script.closed()).isEmpty();
    }

    @Test
    void eachIsACallOfTheBudget() throws Exception {
        for (int i = 0; i < 3; i++) {
            add(new FileDescriptor(6));
        }
        script.answer(1, 1);
        assertThat(writer.write(outbound, 2, null)).isEqualTo(WriteOutcome.SPUN_OUT);
        assertThat(outbound.size()).isEqualTo(1);
        outbound.remove();
    }

    @Test
    void aFullSocketIsWaitedFor() throws Exception {
        ChannelPromise promise = add(new FileDescriptor(6));
        script.answer(-errno.EAGAIN(), 1);
        assertThat(write()).isEqualTo(WriteOutcome.SOCKET_FULL);
        assertThat(promise.isDone()).isFalse();
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(promise.isSuccess()).isTrue();
    }

    @Test
    void oneThatCannotBeSentFailsAlone() throws Exception {
        NativeDescriptor closed = new NativeDescriptor(socket.binding(), 5);
        closed.close();
        ChannelPromise first = add(closed);
        ChannelPromise second = add(new FileDescriptor(999));
        ChannelPromise third = add(new FileDescriptor(6));
        ChannelPromise fourth = add(new FileDescriptor(7));
        script.answer(-errno.EBADF(), -errno.EOPNOTSUPP(), 1);
        assertThat(write()).isEqualTo(WriteOutcome.DONE);
        assertThat(first.cause()).isInstanceOf(ClosedChannelException.class);
        assertThat(second.cause())
                .isInstanceOf(ClosedChannelException.class)
                .hasCauseInstanceOf(KQueueIoException.class);
        assertThat(third.cause()).hasMessage("sendmsg(..) failed: EOPNOTSUPP (Operation not supported)");
        assertThat(fourth.isSuccess()).isTrue();
    }

    @Test
    void aBrokenConnectionIsTheChannelsFailure() throws Exception {
        add(new FileDescriptor(6));
        script.answer(-errno.EPIPE(), -errno.ECONNRESET(), -errno.ENOTCONN());
        assertThatThrownBy(this::write).hasMessage("sendmsg(..) failed: EPIPE (Broken pipe)");
        assertThatThrownBy(this::write).hasMessage("sendmsg(..) failed: ECONNRESET (Connection reset by peer)");
        assertThatThrownBy(this::write).isInstanceOf(NotYetConnectedException.class);
        socket.close();
        assertThatThrownBy(this::write).isInstanceOf(ClosedChannelException.class);
        assertThat(outbound.size()).as("the channel fails it with its close").isEqualTo(1);
        outbound.remove();
    }
}
