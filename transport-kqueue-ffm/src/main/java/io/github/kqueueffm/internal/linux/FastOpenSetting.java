// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.charset.StandardCharsets;

/**
 * Whether Linux is set to open TCP connections with data, and to accept such: the sysctl net.ipv4.tcp_fastopen (ip-sysctl of
 * the kernel's documentation), of the network namespace of the process. Asked of the kernel that the calls go to.
 */
public final class FastOpenSetting {

    private static final String FILE = "/proc/sys/net/ipv4/tcp_fastopen";
    private static final int CLIENT = 1;
    private static final int SERVER = 2;

    private final int bits;

    private FastOpenSetting(int bits) {
        this.bits = bits;
    }

    /** Reads the setting; one that cannot be read (no /proc) counts as off. */
    public static FastOpenSetting read(Binding binding) {
        return new FastOpenSetting(parse(content(binding)));
    }

    private static String content(Binding binding) {
        Syscalls syscalls = binding.syscalls();
        NativeMemory memory = NativeMemory.allocate(syscalls, 128);
        byte[] name = FILE.getBytes(StandardCharsets.US_ASCII);
        memory.buffer().put(0, name);
        int fd = syscalls.open(memory.address(), binding.platform().file().O_RDONLY(), 0);
        if (fd < 0) {
            return "";
        }
        long count = syscalls.read(fd, memory.address(), memory.size());
        // Nothing was written, so close(2) has nothing to report.
        syscalls.close(fd);
        byte[] bytes = new byte[(int) Math.max(count, 0)];
        memory.buffer().get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII).strip();
    }

    private static int parse(String content) {
        try {
            return content.isEmpty() ? 0 : Integer.parseInt(content);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(FILE + " holds no number: " + content, e);
        }
    }

    /** Whether connections may be opened with data. */
    public boolean client() {
        return (bits & CLIENT) != 0;
    }

    /** Whether connections that are opened with data may be accepted. */
    public boolean server() {
        return (bits & SERVER) != 0;
    }
}
