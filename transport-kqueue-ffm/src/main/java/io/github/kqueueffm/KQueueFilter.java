// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import org.jspecify.annotations.Nullable;

/** The filters of kqueue(2). Their numbers differ by system, which is why they are names here. */
public enum KQueueFilter {
    /** EVFILT_READ: data to read, connections to accept, end of file. */
    READ,
    /** EVFILT_WRITE: room to write. */
    WRITE,
    /** EVFILT_VNODE: a file was written, renamed, removed and so on. */
    VNODE,
    /** EVFILT_PROC: a process exited, forked or executed. */
    PROC,
    /** EVFILT_SIGNAL: a signal was sent to this process. */
    SIGNAL,
    /** EVFILT_TIMER. */
    TIMER,
    /** EVFILT_USER: fired by this process itself. */
    USER;

    int number(KqueueConstants constants) {
        switch (this) {
            case READ:
                return constants.EVFILT_READ();
            case WRITE:
                return constants.EVFILT_WRITE();
            case VNODE:
                return constants.EVFILT_VNODE();
            case PROC:
                return constants.EVFILT_PROC();
            case SIGNAL:
                return constants.EVFILT_SIGNAL();
            case TIMER:
                return constants.EVFILT_TIMER();
            case USER:
                return constants.EVFILT_USER();
        }
        throw new AssertionError(this);
    }

    static @Nullable KQueueFilter of(KqueueConstants constants, int number) {
        for (KQueueFilter filter : VALUES) {
            if (filter.number(constants) == number) {
                return filter;
            }
        }
        return null;
    }

    private static final KQueueFilter[] VALUES = values();
}
