// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.CFunction;
import java.util.List;

/** One call that was made, with what it was given and what it answered. */
public sealed interface Call {

    /** What was called. */
    CFunction function();

    /** What the caller got: {@code >= 0} or {@code -errno}. */
    long result();

    /** Whether descriptor {@code fd} is the first argument. */
    boolean isOn(int fd);

    /** Any call but kevent. */
    record Simple(CFunction function, List<Long> arguments, long result) implements Call {

        @Override
        public boolean isOn(int fd) {
            return !arguments.isEmpty() && arguments.get(0) == fd;
        }
    }

    /**
     * A call of kevent.
     *
     * @param timeoutNanos nanoseconds, {@link ScriptedKernel#FOREVER} for a null timespec
     * @param events what was stored
     */
    record KeventCall(int kq, List<Kevent> changes, int capacity, long timeoutNanos, List<Kevent> events, long result)
            implements Call {

        @Override
        public CFunction function() {
            return CFunction.KEVENT;
        }

        @Override
        public boolean isOn(int fd) {
            return kq == fd;
        }

        /** Whether the caller was ready to be kept. */
        public boolean mayWait() {
            return capacity > 0 && timeoutNanos != 0;
        }
    }
}
