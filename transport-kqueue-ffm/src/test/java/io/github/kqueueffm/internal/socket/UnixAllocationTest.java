// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages of the UNIX domain leave no garbage, but for the object that a received descriptor is given to the channel as. */
@Timeout(300)
class UnixAllocationTest {

    private static final int MESSAGES = 10_000;
    private static final int WARM_UP_ROUNDS = 20;
    private static final int MEASURED_ROUNDS = 3;

    @TempDir
    Path directory;

    private final Binding binding = RealBinding.BINDING;
    private final NativeMemory memory = NativeMemory.allocate(binding.syscalls(), 16);

    private interface Round {
        void run() throws IOException;
    }

    /** The least of several rounds: in one of them the JIT may have replaced code. */
    private static long allocatedBy(Round round) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round.run();
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MEASURED_ROUNDS; i++) {
            long start = threads.getThreadAllocatedBytes(self);
            long asking = threads.getThreadAllocatedBytes(self) - start;
            long before = threads.getThreadAllocatedBytes(self);
            round.run();
            least = Math.min(least, threads.getThreadAllocatedBytes(self) - before - asking);
        }
        return least;
    }

    @Test
    void bytes() throws IOException {
        try (UnixPair pair = new UnixPair(binding, directory)) {
            assertThat(allocatedBy(() -> {
                        for (int i = 0; i < MESSAGES; i++) {
                            assertSame(pair.client.write(memory.address(), 16), 16);
                            StreamMessage message = StreamMessage.ofThread(binding);
                            assertSame(pair.server.receive(message, memory.address(), 16), 16);
                            assertSame(message.hadDescriptors() ? 1 : 0, 0);
                        }
                    }))
                    .isZero();
        }
    }

    @Test
    void descriptors() throws IOException {
        try (UnixPair pair = new UnixPair(binding, directory)) {
            FileDescriptor netty = new FileDescriptor(pair.client.intValue());
            assertThat(allocatedBy(() -> {
                        for (int i = 0; i < MESSAGES; i++) {
                            assertSame(pair.client.sendDescriptor((i & 1) == 0 ? netty : pair.client), 1);
                            DescriptorMessage message = DescriptorMessage.ofThread(binding);
                            assertSame(pair.server.receiveDescriptors(message), 1);
                            assertSame(message.count(), 1);
                            message.closeRest();
                        }
                    }))
                    .isZero();
        }
    }

    private static void assertSame(int actual, int expected) {
        if (actual != expected) {
            throw new AssertionError(actual + " instead of " + expected);
        }
    }
}
