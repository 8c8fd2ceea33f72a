// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class StreamMessageTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"linux-amd64, 0100000000000000", "netbsd-amd64, 01000000"})
    void oneStretchOfMemoryAndNothingElse(String target, String one) {
        Platform platform = TestPlatforms.named(target);
        MessageLayout layout = platform.message();
        StreamMessage message = new StreamMessage(new Binding("none", platform, RealBinding.BINDING.syscalls()));
        message.prepare(0x1122334455667788L, 0x7fffffff);
        ByteBuffer memory = message.memory();
        byte[] count = new byte[layout.msghdrIovCountSize()];
        memory.get(layout.msghdrIovCount(), count);
        assertThat(HexFormat.of().formatHex(count)).isEqualTo(one);
        int iovec = Math.toIntExact(memory.getLong(layout.msghdrIov()) - message.address());
        assertThat(iovec).isGreaterThanOrEqualTo(layout.msghdrSize());
        assertThat(memory.getLong(iovec + platform.structs().iovecBase())).isEqualTo(0x1122334455667788L);
        assertThat(memory.getLong(iovec + platform.structs().iovecLength())).isEqualTo(0x7fffffffL);
        assertThat(memory.getLong(layout.msghdrName())).isZero();
        assertThat(memory.getLong(layout.msghdrControl())).isZero();
        assertThat(memory.getInt(layout.msghdrControlLength())).isZero();
        memory.putInt(layout.msghdrFlags(), platform.socket().MSG_CTRUNC());
        assertThat(message.hadDescriptors()).isTrue();
        message.prepare(1, 1);
        assertThat(message.hadDescriptors()).isFalse();
    }

    @Test
    void descriptorsEndARead() throws IOException {
        Binding binding = RealBinding.BINDING;
        StreamMessage message = StreamMessage.ofThread(binding);
        try (UnixPair pair = new UnixPair(binding, directory)) {
            NativeMemory memory = NativeMemory.allocate(binding.syscalls(), 100);
            ControlMessages.sendDescriptors(pair.client, 10, pair.client.intValue());
            ControlMessages.sendBytes(pair.client, 20);
            assertThat(pair.server.receive(message, memory.address(), 100)).isEqualTo(10);
            assertThat(message.hadDescriptors())
                    .as("where the kernel does not say so, its kevents count the bytes")
                    .isEqualTo(binding.platform().traits().abstractUnixNames());
            assertThat(pair.server.receive(message, memory.address(), 100)).isEqualTo(20);
            assertThat(message.hadDescriptors()).isFalse();
            assertThat(pair.server.receive(message, memory.address(), 100))
                    .isEqualTo(-binding.platform().errno().EAGAIN());
            pair.client.close();
            assertThat(pair.server.receive(message, memory.address(), 100)).isZero();
            pair.server.close();
            assertThat(pair.server.receive(message, memory.address(), 100))
                    .isEqualTo(-binding.platform().errno().EBADF());
        }
    }
}
