// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.FileConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.github.kqueueffm.internal.sys.CLibrary;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The variadic calls for ABIs that need them, which work on every other ABI as well. */
class VariadicByInterfaceTest {

    private static final Platform PLATFORM = Platforms.host();
    private static final CLibrary PROCESS = new CLibrary(null, false, null);

    private final Syscalls direct = new JnaSyscalls(PLATFORM, PROCESS);
    private final Variadic variadic = JnaLibrary.open(PLATFORM, PROCESS).variadicCalls();
    private final NativeMemory memory = NativeMemory.allocate(direct, 16);
    private int in;
    private int out;

    @BeforeEach
    void openPipe() {
        assertThat(direct.pipe(memory.address())).isZero();
        in = memory.buffer().getInt(0);
        out = memory.buffer().getInt(4);
    }

    @AfterEach
    void closePipe() {
        assertThat(direct.close(in)).isZero();
        assertThat(direct.close(out)).isZero();
    }

    @Test
    void fcntlSetsAndGets() {
        FileConstants file = PLATFORM.file();
        assertThat(variadic.fcntl(in, file.F_SETFL(), file.O_NONBLOCK())).isZero();
        assertThat(variadic.fcntl(in, file.F_GETFL(), 0)).isEqualTo(direct.fcntl(in, file.F_GETFL(), 0));
        assertThat(direct.fcntl(in, file.F_GETFL(), 0) & file.O_NONBLOCK()).isEqualTo(file.O_NONBLOCK());
    }

    @Test
    void ioctlFillsAnAddressAboveTwoGigabytes() {
        assertThat(memory.address()).isGreaterThan(1L << 31);
        assertThat(direct.write(out, memory.address(), 5)).isEqualTo(5);
        assertThat(variadic.ioctl(in, PLATFORM.file().FIONREAD(), memory.address()))
                .isZero();
        assertThat(memory.buffer().getInt(0)).isEqualTo(5);
    }

    @Test
    void openPassesNameAndFlags() {
        FileConstants file = PLATFORM.file();
        memory.buffer().put(0, new byte[] {'/', 0});
        int fd = variadic.open(memory.address(), file.O_RDONLY() | file.O_CLOEXEC(), 0);
        assertThat(fd).isGreaterThanOrEqualTo(0);
        assertThat(direct.fcntl(fd, file.F_GETFD(), 0)).isEqualTo(file.FD_CLOEXEC());
        assertThat(direct.close(fd)).isZero();
        memory.buffer().put(0, (byte) 0);
        assertThat(variadic.open(memory.address(), file.O_RDONLY(), 0)).isEqualTo(-1);
        assertThat(com.sun.jna.Native.getLastError()).isEqualTo(PLATFORM.errno().ENOENT());
    }

    @Test
    void failuresAnswerMinusOne() {
        assertThat(variadic.fcntl(-1, PLATFORM.file().F_GETFL(), 0)).isEqualTo(-1);
        assertThat(com.sun.jna.Native.getLastError()).isEqualTo(PLATFORM.errno().EBADF());
    }
}
