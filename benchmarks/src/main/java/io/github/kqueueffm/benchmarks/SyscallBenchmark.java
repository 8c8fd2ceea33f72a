// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.github.kqueueffm.internal.sys.BindingUnavailableException;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a call through the binding in use costs, kernel included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SyscallBenchmark {
    private final Binding binding;
    private final Syscalls syscalls;
    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private int in;
    private int out;

    public SyscallBenchmark() {
        try {
            binding = BindingLoader.load();
        } catch (BindingUnavailableException e) {
            throw new IllegalStateException(e);
        }
        syscalls = binding.syscalls();
        memory = NativeMemory.allocate(syscalls, 2 * Integer.BYTES);
        buffer = memory.buffer();
    }

    @Setup
    public void openPipe() {
        // So that a log that holds figures of both bindings cannot be read the wrong way round.
        System.out.println("binding: " + binding.name());
        require(syscalls.pipe(memory.address()) == 0);
        in = buffer.getInt(0);
        out = buffer.getInt(Integer.BYTES);
        Platform platform = binding.platform();
        require(syscalls.fcntl(in, platform.file().F_SETFL(), platform.file().O_NONBLOCK()) == 0);
        // What is measured below is what these do, and not the quick failure of something else.
        require(emptyRead() == -platform.errno().EAGAIN());
        require(badDescriptor() == -platform.errno().EBADF());
        require(writeAndReadByte() == 2);
    }

    @TearDown
    public void closePipe() {
        require(syscalls.close(in) == 0);
        require(syscalls.close(out) == 0);
    }

    /** The kernel refuses at once: next to nothing but the way there and back, and fetching errno. */
    @Benchmark
    public int badDescriptor() {
        return syscalls.close(-1);
    }

    /** A read that finds nothing: the call that knowing what waits saves. */
    @Benchmark
    public long emptyRead() {
        return syscalls.read(in, memory.address(), 1);
    }

    /** Two calls that both succeed. */
    @Benchmark
    public long writeAndReadByte() {
        return syscalls.write(out, memory.address(), 1) + syscalls.read(in, memory.address(), 1);
    }

    /** No system call, but made before each read into a buffer and each write from one. */
    @Benchmark
    public long addressOfBuffer() {
        return syscalls.address(buffer);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("a system call did not do what is to be measured");
        }
    }
}
