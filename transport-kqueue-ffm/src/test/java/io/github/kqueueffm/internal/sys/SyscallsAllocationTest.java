// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls from compiled code leave no garbage. */
@Timeout(300)
class SyscallsAllocationTest {

    private static final int CALLS = 100_000;
    private static final int WARM_UP_ROUNDS = 20;
    private static final int MEASURED_ROUNDS = 3;

    private static Syscalls sys;
    private static NativeMemory memory;
    private static int in;
    private static int out;

    /** Keeps the results alive, so that no call is compiled away. */
    private static long sink;

    private static long[] escaped;

    @BeforeAll
    static void openPipe() throws BindingUnavailableException {
        Binding binding = BindingLoader.load();
        sys = binding.syscalls();
        memory = NativeMemory.allocate(sys, 16);
        assertThat(sys.pipe(memory.address())).isZero();
        in = memory.buffer().getInt(0);
        out = memory.buffer().getInt(4);
        int flag = binding.platform().file().O_NONBLOCK();
        assertThat(sys.fcntl(in, binding.platform().file().F_SETFL(), flag)).isZero();
    }

    @AfterAll
    static void closePipe() {
        assertThat(sys.close(in)).isZero();
        assertThat(sys.close(out)).isZero();
    }

    /**
     * Bytes that {@value #CALLS} calls allocate, the least of several rounds: a round in which the JIT replaced code may
     * have run partly in the interpreter.
     */
    private static long allocatedBy(LongSupplier call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            repeat(call);
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MEASURED_ROUNDS; round++) {
            // What asking itself allocates is not the calls'.
            long start = threads.getThreadAllocatedBytes(self);
            long asking = threads.getThreadAllocatedBytes(self) - start;
            long before = threads.getThreadAllocatedBytes(self);
            repeat(call);
            least = Math.min(least, threads.getThreadAllocatedBytes(self) - before - asking);
        }
        return least;
    }

    private static void repeat(LongSupplier call) {
        for (int i = 0; i < CALLS; i++) {
            sink += call.getAsLong();
        }
    }

    @Test
    void writeAndRead() {
        assertThat(allocatedBy(() -> sys.write(out, memory.address(), 1) + sys.read(in, memory.address(), 1)))
                .isZero();
    }

    @Test
    void failingRead() {
        assertThat(allocatedBy(() -> sys.read(in, memory.address(), 1))).isZero();
    }

    @Test
    void absentFunction() {
        assertThat(allocatedBy(() -> sys.paccept(-1, 0, 0, 0, 0))).isZero();
    }

    @Test
    void variadicCall() {
        assertThat(allocatedBy(() -> sys.fcntl(in, 1, 0))).isZero();
    }

    @Test
    void sixArguments() {
        assertThat(allocatedBy(() -> sys.recvfrom(-1, memory.address(), 1, 0, 0, 0)))
                .isZero();
    }

    /** Fails, like the next ones, which takes the same way in Java as success and reads errno besides. */
    @Test
    void batchOfMessages() {
        assertThat(allocatedBy(
                        () -> sys.recvmmsg(-1, memory.address(), 1, 0, 0) + sys.sendmmsg(-1, memory.address(), 1, 0)))
                .isZero();
    }

    @Test
    void sendfileInEachForm() {
        assertThat(allocatedBy(() -> sys.sendfile(-1, -1, memory.address(), 1)
                        + sys.sendfileSbytes(-1, -1, 0, 1, 0, memory.address(), 0)
                        + sys.sendfileLength(-1, -1, 0, memory.address(), 0, 0)))
                .isZero();
    }

    @Test
    void connectWithData() {
        assertThat(allocatedBy(() -> sys.connectx(-1, memory.address(), 0, 0, 0, 0, memory.address(), 0)
                        + sys.disconnectx(-1, 0, 0)))
                .isZero();
    }

    @Test
    void filesAndTheirNames() {
        // An empty name
        memory.buffer().put(8, (byte) 0);
        long name = memory.address() + 8;
        assertThat(allocatedBy(() -> sys.open(name, 0, 0)
                        + sys.lstat(name, memory.address())
                        + sys.fstat(-1, memory.address())
                        + sys.unlink(name)))
                .isZero();
    }

    @Test
    void countedCall() {
        Syscalls counting = new CountingSyscalls(sys);
        assertThat(allocatedBy(() -> counting.fcntl(in, 1, 0))).isZero();
    }

    /** The measurement sees garbage where there is some. */
    @Test
    void allocatingCall() {
        long boxed = allocatedBy(() -> {
            escaped = new long[1];
            return escaped.length;
        });
        assertThat(boxed).isGreaterThanOrEqualTo(16L * CALLS);
    }

    @Test
    void addressOfABuffer() {
        ByteBuffer buffer = memory.buffer();
        assertThat(allocatedBy(() -> sys.address(buffer))).isZero();
    }
}
