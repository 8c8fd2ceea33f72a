// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.NativeMemory;

/** Calls kevent of a scripted kernel as a C program would: for tests of that kernel. */
final class KeventMemory {

    private static final int CAPACITY = 128;

    private final ScriptedKernel kernel;
    private final Platform platform;
    private final NativeMemory changes;
    private final NativeMemory events;
    private final NativeMemory timespec;

    KeventMemory(ScriptedKernel kernel) {
        this.kernel = kernel;
        platform = kernel.platform();
        changes = NativeMemory.allocate(kernel, CAPACITY * platform.kevent().size());
        events = NativeMemory.allocate(kernel, CAPACITY * platform.kevent().size());
        timespec = NativeMemory.allocate(kernel, platform.structs().timespecSize());
    }

    long events() {
        return events.address();
    }

    /** Polls. */
    int kevent(int kq, int capacity, int seconds, Kevent... list) {
        for (int i = 0; i < list.length; i++) {
            kernel.encode(changes.address(), i, list[i]);
        }
        return kevent(kq, capacity, seconds, 0, list.length);
    }

    /** Without changes. */
    int kevent(int kq, int capacity, long seconds, long nanos) {
        return kevent(kq, capacity, seconds, nanos, 0);
    }

    private int kevent(int kq, int capacity, long seconds, long nanos, int count) {
        timespec.buffer().putLong(platform.structs().timespecSeconds(), seconds);
        timespec.buffer().putLong(platform.structs().timespecNanos(), nanos);
        return kernel.kevent(kq, changes.address(), count, events.address(), capacity, timespec.address());
    }
}
