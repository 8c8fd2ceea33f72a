// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.AcceptFilter;
import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AcceptFilterCodecTest {

    private static final AcceptFilter HTTP = new AcceptFilter("httpready", "some args");

    private final Platform netbsd = TestPlatforms.named("netbsd-amd64");
    private final ScriptedCalls calls = new ScriptedCalls(netbsd).answer("close", 0);
    private final NativeSocket listener = new NativeSocket(calls.binding(), 5, SocketProtocolFamily.INET);
    private final AcceptFilterCodec codec = new AcceptFilterCodec(netbsd);
    private final String setOption = "setsockopt(5, " + netbsd.socket().SOL_SOCKET() + ", "
            + netbsd.socket().SO_ACCEPTFILTER() + ", ";

    private byte[] kernelSide() {
        byte[] bytes = new byte[256];
        SocketSystem.of(calls.binding()).scratch().value(256).buffer().get(0, bytes);
        return bytes;
    }

    @Test
    void structByteByByte() throws IOException {
        calls.answer("setsockopt", arguments -> {
            byte[] expected = new byte[256];
            System.arraycopy("httpready".getBytes(StandardCharsets.US_ASCII), 0, expected, 0, 9);
            System.arraycopy("some args".getBytes(StandardCharsets.US_ASCII), 0, expected, 16, 9);
            assertThat(kernelSide()).isEqualTo(expected);
            return 0;
        });
        codec.set(listener, HTTP);
        assertThat(calls.log()).containsExactly(setOption + "256)");
    }

    @Test
    void anEmptyNameTakesTheFilterAway() throws IOException {
        calls.answer("setsockopt", 0);
        codec.set(listener, new AcceptFilter("", "ignored"));
        assertThat(calls.log()).containsExactly(setOption + "0)");
    }

    @Test
    void filterInUse() throws IOException {
        calls.answer("getsockopt", arguments -> {
            ByteBuffer memory = SocketSystem.of(calls.binding()).scratch().valueBuffer();
            memory.put(0, new byte[256]);
            memory.put(0, "dataready".getBytes(StandardCharsets.US_ASCII));
            return 0;
        });
        assertThat(codec.get(listener)).isEqualTo(new AcceptFilter("dataready", ""));
    }

    @Test
    void noFilterInUse() throws IOException {
        calls.answer("getsockopt", -netbsd.errno().EINVAL());
        assertThat(codec.get(listener)).isNull();
        calls.answer("getsockopt", -netbsd.errno().ENOMEM());
        assertThatThrownBy(() -> codec.get(listener)).isInstanceOf(KQueueIoException.class);
    }

    @Test
    void namesThatTheKernelWouldCutAreRefused() {
        codec.check(new AcceptFilter("a".repeat(15), "b".repeat(239)));
        assertThatThrownBy(() -> codec.check(new AcceptFilter("a".repeat(16), "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes 15");
        assertThatThrownBy(() -> codec.check(new AcceptFilter("a", "\u00e9".repeat(120))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("240 bytes");
        assertThat(codec.decode(codec.encode(HTTP))).isEqualTo(HTTP);
    }

    @Test
    void platformsWithoutFiltersSaySo() {
        Platform linux = TestPlatforms.named("linux-amd64");
        assertThat(AcceptFilterCodec.isSupported(linux)).isFalse();
        assertThatThrownBy(() -> new AcceptFilterCodec(linux))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("SO_ACCEPTFILTER is not available on linux-amd64");
    }
}
