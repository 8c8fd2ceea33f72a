// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.ProcessConstants;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** How a process has ended, asked without reaping it: that is its parent's to do, or java.lang.Process's. */
final class ExitStatus {

    private static final int CORE_FLAG = 0x80;
    private static final int STATUS_SHIFT = 8;

    private final Syscalls syscalls;
    private final ProcessConstants constants;
    private final StructLayouts structs;
    private final NativeMemory memory;

    ExitStatus(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        constants = platform.process();
        structs = platform.structs();
        memory = NativeMemory.allocate(syscalls, Math.max(structs.siginfoSize(), structs.pidfdInfoSize()));
    }

    /**
     * The status as wait(2) gives it; {@link Kernel#UNKNOWN} of a process that is not our child, or that was reaped before we
     * asked and the kernel is older than Linux 6.15.
     */
    long of(int pidfd) {
        ByteBuffer buffer = memory.buffer();
        buffer.putInt(structs.siginfoPid(), 0);
        int options = constants.WEXITED() | constants.WNOHANG() | constants.WNOWAIT();
        int result = syscalls.waitid(constants.P_PIDFD(), pidfd, memory.address(), options);
        Reference.reachabilityFence(memory);
        if (result == 0 && buffer.getInt(structs.siginfoPid()) != 0) {
            return encoded(buffer.getInt(structs.siginfoCode()), buffer.getInt(structs.siginfoStatus()));
        }
        // ECHILD, or EINVAL before Linux 5.4, which does not know P_PIDFD.
        return afterReaping(pidfd);
    }

    /** wait(2) packs what waitid(2) gives apart. */
    private long encoded(int code, int status) {
        if (code == constants.CLD_EXITED()) {
            return (long) status << STATUS_SHIFT;
        }
        return code == constants.CLD_DUMPED() ? status | CORE_FLAG : status;
    }

    private long afterReaping(int pidfd) {
        ByteBuffer buffer = memory.buffer();
        buffer.putLong(structs.pidfdInfoMask(), constants.PIDFD_INFO_EXIT());
        int result = syscalls.ioctl(pidfd, Integer.toUnsignedLong(constants.PIDFD_GET_INFO()), memory.address());
        Reference.reachabilityFence(memory);
        // ENOTTY, EINVAL: an older kernel. ESRCH: not reaped, and not our child.
        boolean told = result >= 0 && (buffer.getLong(structs.pidfdInfoMask()) & constants.PIDFD_INFO_EXIT()) != 0;
        return told ? buffer.getInt(structs.pidfdInfoExitCode()) : Kernel.UNKNOWN;
    }
}
