// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.util.HashMap;
import java.util.Map;

/**
 * EVFILT_SIGNAL, through {@link SignalHub}. Otherwise than on a BSD kernel, a signal that is watched has no other effect, one
 * that is still pending when it comes again counts once, EV_ADD of a signal that the JVM keeps is EPERM, and EOPNOTSUPP
 * without the module jdk.unsupported. Loop thread.
 */
final class SignalFilter implements FilterFamily {

    final ReadyQueue queue;
    final Wake wake;
    private final KqueueConstants constants;
    private final Errno errno;
    private final Map<Integer, SignalTarget> signals = new HashMap<>();

    SignalFilter(Syscalls syscalls, Platform platform, OwnDescriptors own, ReadyQueue queue) {
        constants = platform.kqueue();
        errno = platform.errno();
        this.queue = queue;
        wake = new Wake(syscalls, platform, own, this::collect);
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
        // Before anybody can be told of a signal.
        int result = wake.open();
        if (result < 0) {
            return result;
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

    /** Takes over what has come. */
    private void collect() {
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
        wake.close();
    }
}
