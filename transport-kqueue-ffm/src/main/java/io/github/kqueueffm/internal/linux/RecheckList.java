// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors whose knotes were ready when last heard of and for which no new edge will come: poll(2) tells whether they
 * still are, all of them in one call before the wait.
 */
final class RecheckList {

    private static final int INITIAL = 16;

    private final Syscalls syscalls;
    private final StructLayouts structs;
    private final Errno errno;
    private @Nullable SocketTarget[] targets = new @Nullable SocketTarget[INITIAL];
    private NativeMemory pollfds;
    private int size;

    RecheckList(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        structs = platform.structs();
        errno = platform.errno();
        pollfds = NativeMemory.allocate(syscalls, INITIAL * structs.pollfdSize());
    }

    void add(SocketTarget target) {
        if (target.onRecheckList) {
            return;
        }
        if (size == targets.length) {
            targets = Arrays.copyOf(targets, size * 2);
            pollfds = NativeMemory.allocate(syscalls, Math.multiplyExact(targets.length, structs.pollfdSize()));
        }
        target.onRecheckList = true;
        targets[size++] = target;
    }

    /**
     * Looks at all of them, once: each puts itself into the ready queue or waits for its next edge.
     *
     * @return 0 or {@code -errno}, of which the list is none the worse
     */
    int run() {
        int asked = fill();
        if (asked == 0) {
            return 0;
        }
        int result = syscalls.poll(pollfds.address(), asked, 0);
        if (result < 0) {
            // EINTR cannot be: poll(2) does not sleep with timeout 0. Whatever it is, the next wait asks again.
            return result == -errno.EINTR() ? 0 : result;
        }
        ByteBuffer buffer = pollfds.buffer();
        size = 0;
        for (int i = 0; i < asked; i++) {
            SocketTarget target = targets[i];
            targets[i] = null;
            if (target != null) {
                target.onRecheckList = false;
                target.rechecked(buffer.getShort(i * structs.pollfdSize() + structs.pollfdRevents()) & 0xffff);
            }
        }
        return 0;
    }

    /** Leaves out who has lost interest since it was added. */
    private int fill() {
        ByteBuffer buffer = pollfds.buffer();
        int count = 0;
        for (int i = 0; i < size; i++) {
            SocketTarget target = targets[i];
            targets[i] = null;
            if (target == null) {
                continue;
            }
            int events = target.recheckEvents();
            if (events == 0) {
                target.onRecheckList = false;
                continue;
            }
            int at = count * structs.pollfdSize();
            buffer.putInt(at + structs.pollfdFd(), target.fd);
            buffer.putShort(at + structs.pollfdEvents(), (short) events);
            buffer.putShort(at + structs.pollfdRevents(), (short) 0);
            targets[count++] = target;
        }
        size = count;
        return count;
    }
}
