// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class BuffersTest {

    private static final int IOV_MAX = 16;
    private static final Syscalls SYSCALLS = RealBinding.BINDING.syscalls();

    @ParameterizedTest
    @EnumSource
    void onlyWhatTheKernelCannotReadIsCopied(BufferKind kind) {
        ByteBuf buf = kind.make("copy me or not".getBytes(StandardCharsets.US_ASCII));
        try {
            assertThat(Buffers.needsCopy(buf, IOV_MAX)).isEqualTo(!kind.isWritable());
        } finally {
            buf.release();
        }
    }

    @Test
    void aBufferWithMorePartsThanACallTakesIsCopied() {
        ByteBuf buf = BufferKind.COMPOSITE.make(new byte[16]);
        try {
            assertThat(buf.nioBufferCount()).isGreaterThan(1);
            assertThat(Buffers.needsCopy(buf, buf.nioBufferCount())).isFalse();
            assertThat(Buffers.needsCopy(buf, buf.nioBufferCount() - 1)).isTrue();
        } finally {
            buf.release();
        }
    }

    /** The kernel's own copying says whether an address is right. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "POOLED",
                "ADAPTIVE",
                "UNPOOLED",
                "WRAPPED",
                "WRAPPED_READ_ONLY",
                "READ_ONLY",
                "SLICE",
                "RETAINED_SLICE",
                "COMPOSITE_OF_ONE"
            })
    void theKernelReadsWhatTheBufferHolds(BufferKind kind) throws IOException {
        ByteBuf buf = kind.make("what it holds".getBytes(StandardCharsets.US_ASCII));
        try (Loopback loopback = new Loopback(SocketProtocolFamily.INET)) {
            assertThat(buf.nioBufferCount()).isEqualTo(1);
            Loopback.Pair pair = loopback.pair();
            long address = Buffers.address(buf, buf.readerIndex() + 5, 8, SYSCALLS);
            assertThat(pair.client().write(address, 8)).isEqualTo(8);
            assertThat(loopback.read(pair.server(), 8))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("it holds");
        } finally {
            buf.release();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POOLED", "ADAPTIVE", "UNPOOLED", "SLICE", "RETAINED_SLICE", "COMPOSITE_OF_ONE", "WRAPPED"})
    void theKernelWritesWhereTheBufferHasRoom(BufferKind kind) throws IOException {
        ByteBuf buf = kind.make(new byte[32]);
        try (Loopback loopback = new Loopback(SocketProtocolFamily.INET)) {
            Loopback.Pair pair = loopback.pair();
            loopback.write(pair.client(), "arrived");
            loopback.awaitReadable(pair.server());
            int index = buf.readerIndex() + 9;
            assertThat(pair.server().read(Buffers.address(buf, index, 20, SYSCALLS), 20))
                    .isEqualTo(7);
            assertThat(buf.toString(index, 7, StandardCharsets.US_ASCII)).isEqualTo("arrived");
            assertThat(buf.getByte(index - 1)).isZero();
            assertThat(buf.getByte(index + 7)).isZero();
        } finally {
            buf.release();
        }
    }

    @Test
    void addressesOfNioBuffersHeedThePosition() {
        NativeMemory memory = NativeMemory.allocate(SYSCALLS, 64);
        assertThat(Buffers.address(memory.buffer().duplicate().position(17), SYSCALLS))
                .isEqualTo(memory.address() + 17);
        assertThat(Buffers.address(memory.buffer().asReadOnlyBuffer().position(3), SYSCALLS))
                .isEqualTo(memory.address() + 3);
    }
}
