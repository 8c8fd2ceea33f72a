// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * EVFILT_SIGNAL, through {@link SignalHub}. Otherwise than on a BSD kernel, a signal that is watched has no other effect, one
 * that is still pending when it comes again counts once, EV_ADD of a signal that the JVM keeps is EPERM, and EOPNOTSUPP
 * without the module jdk.unsupported. Loop thread, but for {@link #wake}.
 */
final class SignalFilter implements FilterFamily {

    final ReadyQueue queue;
    private final Syscalls syscalls;
    private final KqueueConstants constants;
    private final Errno errno;
    private final OwnDescriptors own;
    private final NativeMemory one;
    private final Map<Integer, SignalTarget> signals = new HashMap<>();

    /** Opened with the first signal and kept until the end. Written before anybody can be told of a signal. */
    private volatile @Nullable SignalWake wake;

    SignalFilter(Syscalls syscalls, Platform platform, OwnDescriptors own, ReadyQueue queue) {
        this.syscalls = syscalls;
        constants = platform.kqueue();
        errno = platform.errno();
        this.own = own;
        this.queue = queue;
        one = NativeMemory.allocate(syscalls, Long.BYTES);
        one.buffer().putLong(0, 1);
    }

    @Override
    public boolean has(int filter) {
        return filter == constants.EVFILT_SIGNAL();
    }

    @Override
    public int change(long ident, int filter, int flags, int fflags, long data, long udata) {
        int number = (int) ident;
        if (number != ident) {
            return -errno.EINVAL();
        }
        SignalTarget signal = signals.get(number);
        if ((flags & constants.EV_ADD()) != 0) {
            if (signal == null) {
                signal = new SignalTarget(this, constants, number);
                // Automatically EV_CLEAR (kqueue(2)).
                signal.knote.create(flags | constants.EV_CLEAR());
                int result = subscribe(signal);
                if (result < 0) {
                    return result;
                }
                signals.put(number, signal);
            }
            signal.knote.udata = udata;
        } else if (signal == null) {
            return -errno.ENOENT();
        }
        if ((flags & constants.EV_DELETE()) != 0) {
            remove(signal);
            return 0;
        }
        signal.disableOrEnable(flags);
        return 0;
    }

    private int subscribe(SignalTarget signal) {
        if (wake == null) {
            int result = open();
            if (result < 0) {
                return result;
            }
        }
        try {
            switch (SignalHub.subscribe(signal)) {
                case DONE:
                    return 0;
                case UNKNOWN:
                    return -errno.EINVAL();
                default:
                    return -errno.EPERM();
            }
        } catch (NoClassDefFoundError e) {
            // No module jdk.unsupported in this image.
            return -errno.EOPNOTSUPP();
        }
    }

    private int open() {
        int fd = own.eventfd();
        if (fd < 0) {
            return fd;
        }
        SignalWake opened = new SignalWake(this, fd);
        int result = own.register(opened);
        if (result >= 0) {
            wake = opened;
        }
        return result;
    }

    /** Ends the wait. Any thread that keeps the signal's target from being unsubscribed meanwhile. */
    void wake() {
        SignalWake eventfd = wake;
        if (eventfd != null) {
            // EAGAIN would take 2^64 - 2 signals; nothing else can fail.
            syscalls.write(eventfd.fd, one.address(), Long.BYTES);
            Reference.reachabilityFence(one);
        }
    }

    /** Takes over what has come. */
    void collect() {
        for (SignalTarget signal : signals.values()) {
            signal.collect();
        }
    }

    void remove(SignalTarget signal) {
        signal.knote.remove();
        signals.remove(signal.number);
        SignalHub.unsubscribe(signal);
    }

    /** Idempotent. */
    void close() {
        for (SignalTarget signal : signals.values()) {
            signal.knote.remove();
            SignalHub.unsubscribe(signal);
        }
        signals.clear();
        SignalWake eventfd = wake;
        if (eventfd != null) {
            wake = null;
            own.close(eventfd);
        }
    }
}
