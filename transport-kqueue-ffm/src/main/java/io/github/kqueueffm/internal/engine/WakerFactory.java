// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * Finds the waker that a kernel can do. Whether it has EVFILT_USER depends on the release (NetBSD 10, OpenBSD 7.8), and a
 * release number says less than the kernel's own answer.
 */
final class WakerFactory {

    private WakerFactory() {}

    static Waker open(Syscalls syscalls, Platform platform, Kernel kernel, @Nullable String preferred) {
        if (!"pipe".equals(preferred)) {
            int errno = addUserEvent(syscalls, platform, kernel);
            if (errno == 0) {
                return new UserWaker(kernel);
            }
            if ("user".equals(preferred)) {
                throw new KernelException("kevent(EVFILT_USER), which waker=user asks for,", errno);
            }
        }
        PipeWaker pipe = new PipeWaker(syscalls, platform);
        KqueueConstants constants = platform.kqueue();
        int errno = change(
                syscalls,
                platform,
                kernel,
                pipe.readEnd(),
                constants.EVFILT_READ(),
                constants.EV_ADD() | constants.EV_ENABLE(),
                false);
        if (errno != 0) {
            pipe.close();
            throw new KernelException("kevent(EV_ADD of the waker's pipe)", errno);
        }
        return pipe;
    }

    /** Adds the user event, fires it and looks whether it arrives. */
    private static int addUserEvent(Syscalls syscalls, Platform platform, Kernel kernel) {
        KqueueConstants constants = platform.kqueue();
        if (!Platform.has(constants.EVFILT_USER())) {
            return platform.errno().EINVAL();
        }
        int flags = constants.EV_ADD() | constants.EV_ENABLE() | constants.EV_CLEAR();
        int errno = change(syscalls, platform, kernel, UserWaker.IDENT, constants.EVFILT_USER(), flags, false);
        if (errno != 0) {
            return errno;
        }
        int result = kernel.trigger(UserWaker.IDENT, UserWaker.UDATA);
        if (result < 0) {
            return -result;
        }
        // The trigger is there already: no wait.
        return change(syscalls, platform, kernel, 0, 0, 0, true);
    }

    /** Sends one change, or with {@code expectUser} none, and returns the errno that it was answered with, 0 for none. */
    private static int change(
            Syscalls syscalls, Platform platform, Kernel kernel, int ident, int filter, int flags, boolean expectUser) {
        KEventList changes = new KEventList(syscalls, platform.kevent(), 1);
        KEventList events = new KEventList(syscalls, platform.kevent(), 1);
        changes.set(0, ident, filter, flags, 0, 0, UserWaker.UDATA);
        int changeCount = expectUser ? 0 : 1;
        int count = kernel.kevent(changes, changeCount, events, 1, 0);
        while (count == -platform.errno().EINTR()) {
            // The change was applied (kqueue(2)).
            count = kernel.kevent(changes, 0, events, 1, 0);
        }
        if (count < 0) {
            return -count;
        }
        boolean error = count > 0 && (events.flags(0) & platform.kqueue().EV_ERROR()) != 0;
        if (error) {
            return (int) events.data(0);
        }
        if (expectUser) {
            boolean arrived =
                    count == 1 && events.filter(0) == platform.kqueue().EVFILT_USER();
            return arrived ? 0 : platform.errno().EINVAL();
        }
        return 0;
    }
}
