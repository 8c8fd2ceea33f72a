// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.socket.DescriptorScript;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver makes of a kernel's answers. */
class DescriptorReceiverTest {

    private final List<Integer> fired = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            fired.add(((FileDescriptor) message).intValue());
            if (closing) {
                socket.close();
            }
        }
    });
    private boolean closing;
    private DescriptorScript script = new DescriptorScript(TestPlatforms.named("linux-amd64"));
    private NativeSocket socket = script.socket();

    private DescriptorReceiver use(String target) {
        script = new DescriptorScript(TestPlatforms.named(target));
        socket = script.socket();
        return new DescriptorReceiver(socket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64", "netbsd-arm64"})
    void eachDescriptorIsAMessage(String target) throws IOException {
        DescriptorReceiver receiver = use(target);
        script.answerWith(false, 101, 102, 103);
        assertThat(receiver.receive()).isEqualTo(1);
        assertThat(receiver.count()).isEqualTo(3);
        receiver.deliver(channel.pipeline());
        assertThat(fired).containsExactly(101, 102, 103);
        assertThat(script.closed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void theRestIsClosedWhenAHandlerClosesTheChannel(String target) throws IOException {
        DescriptorReceiver receiver = use(target);
        closing = true;
        script.answerWith(false, 101, 102, 103);
        assertThat(receiver.receive()).isEqualTo(1);
        receiver.deliver(channel.pipeline());
        assertThat(fired).containsExactly(101);
        assertThat(script.closed()).containsExactly(socket.intValue(), 102, 103);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void lostDescriptorsAreAFailureAfterTheOthers(String target) throws IOException {
        DescriptorReceiver receiver = use(target);
        script.answerWith(true, 101);
        assertThat(receiver.receive()).isEqualTo(1);
        assertThatThrownBy(() -> receiver.deliver(channel.pipeline()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("MSG_CTRUNC");
        assertThat(fired).containsExactly(101);
        script.answerWith(true);
        assertThat(receiver.receive()).isEqualTo(1);
        assertThat(receiver.count()).isZero();
        assertThatThrownBy(() -> receiver.deliver(channel.pipeline())).hasMessageContaining("MSG_CTRUNC");
        script.answerWith(false, 102);
        assertThat(receiver.receive()).isEqualTo(1);
        receiver.deliver(channel.pipeline());
        assertThat(fired).containsExactly(101, 102);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-amd64", "netbsd-amd64"})
    void otherAnswers(String target) throws IOException {
        DescriptorReceiver receiver = use(target);
        Platform platform = socket.binding().platform();
        Errno errno = platform.errno();
        script.answer(-errno.EINTR(), -errno.EINTR(), -errno.EAGAIN());
        assertThat(receiver.receive()).isEqualTo(-1);
        script.answer(0);
        assertThat(receiver.receive()).isZero();
        // What the BSDs answer where Linux sets MSG_CTRUNC.
        script.answer(-errno.EMSGSIZE());
        assertThatThrownBy(receiver::receive)
                .isInstanceOf(KQueueIoException.class)
                .hasMessage("recvmsg(..) failed: EMSGSIZE (Message too long)");
        assertThat(fired).isEmpty();
    }
}
