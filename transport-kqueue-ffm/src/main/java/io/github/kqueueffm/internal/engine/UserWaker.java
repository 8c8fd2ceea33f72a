// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/** EVFILT_USER: no descriptor, nothing to read. FreeBSD 8.1, macOS 10.6, DragonFly 4.0, NetBSD 10, OpenBSD 7.8. */
final class UserWaker implements Waker {

    static final int IDENT = 0;
    static final long UDATA = 0;

    private final Kernel kernel;

    UserWaker(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void trigger() {
        int result = kernel.trigger(IDENT, UDATA);
        if (result < 0) {
            throw new KernelException("kevent(NOTE_TRIGGER)", -result);
        }
    }

    @Override
    public void received() {
        // EV_CLEAR: receiving it has reset it.
    }

    @Override
    public void close() {
        // The user event has no descriptor; it goes with the kqueue.
    }

    @Override
    public String name() {
        return "user";
    }
}
