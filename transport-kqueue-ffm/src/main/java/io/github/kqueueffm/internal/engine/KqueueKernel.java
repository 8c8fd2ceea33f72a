// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** The kernel's own kqueue. */
public final class KqueueKernel implements Kernel {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Syscalls syscalls;
    private final Platform platform;
    private final NativeMemory timespec;
    private final KEventList trigger;
    private int kq;

    /** Opens a kqueue. */
    public KqueueKernel(Syscalls syscalls, Platform platform) {
        this.syscalls = syscalls;
        this.platform = platform;
        timespec = NativeMemory.allocate(syscalls, platform.structs().timespecSize());
        trigger = new KEventList(syscalls, platform.kevent(), 1);
        kq = syscalls.kqueue();
        if (kq < 0) {
            throw new KernelException("kqueue", -kq);
        }
        // No release-independent call makes it so at creation (kqueue1 is NetBSD's, kqueuex FreeBSD's). A kqueue is not
        // inherited by fork(2), but an exec without fork would leak the number.
        int result =
                syscalls.fcntl(kq, platform.file().F_SETFD(), platform.file().FD_CLOEXEC());
        if (result < 0) {
            close();
            throw new KernelException("fcntl(F_SETFD)", -result);
        }
    }

    @Override
    public int kevent(KEventList changes, int changeCount, KEventList events, int eventCapacity, long timeoutNanos) {
        try {
            int result = syscalls.kevent(
                    kq,
                    changeCount == 0 ? 0 : changes.address(),
                    changeCount,
                    events.address(),
                    eventCapacity,
                    timeoutNanos == FOREVER ? 0 : timespec(timeoutNanos));
            // macOS has been seen to answer ETIMEDOUT where it should answer 0 (golang/go#59679).
            return result == -platform.errno().ETIMEDOUT() ? 0 : result;
        } finally {
            Reference.reachabilityFence(changes);
            Reference.reachabilityFence(events);
        }
    }

    private long timespec(long nanos) {
        long seconds = nanos / NANOS_PER_SECOND;
        long rest = nanos % NANOS_PER_SECOND;
        if (seconds >= platform.traits().maxWaitSeconds()) {
            seconds = platform.traits().maxWaitSeconds();
            rest = 0;
        }
        StructLayouts structs = platform.structs();
        ByteBuffer buffer = timespec.buffer();
        buffer.putLong(structs.timespecSeconds(), seconds);
        buffer.putLong(structs.timespecNanos(), rest);
        return timespec.address();
    }

    @Override
    public int trigger(int ident, long udata) {
        KqueueConstants constants = platform.kqueue();
        // Flags 0: a change that carries EV_CLEAR takes the trigger back on FreeBSD, DragonFly and OpenBSD
        // (filt_usertouch). The same udata again: it replaces the knote's. Every trigger writes the same bytes, so a
        // kernel that still reads those of an earlier one sees no difference.
        trigger.set(0, ident, constants.EVFILT_USER(), 0, constants.NOTE_TRIGGER(), 0, udata);
        int result;
        do {
            result = syscalls.kevent(kq, trigger.address(), 1, 0, 0, 0);
            // nevents is 0, so there is no wait: EINTR can only mean that the change was not looked at yet, and a
            // trigger repeated is a trigger.
        } while (result == -platform.errno().EINTR());
        return result;
    }

    @Override
    public void exhausted(int ident, int filter) {
        // The kernel looks at the descriptor itself whenever it reports.
    }

    @Override
    public void forget(int ident) {
        // close(2) drops the knotes.
    }

    @Override
    public int fd() {
        return kq;
    }

    @Override
    public void close() {
        if (kq >= 0) {
            // EINTR leaves the descriptor closed on all BSDs and macOS; nothing else can be done about a failure.
            syscalls.close(kq);
            kq = -1;
        }
    }

    @Override
    public String backend() {
        return "kqueue";
    }
}
