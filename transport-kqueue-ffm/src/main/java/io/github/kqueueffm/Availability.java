// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.KQueueEngine;
import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.engine.KqueueKernel;
import io.github.kqueueffm.internal.engine.LoopObserver;
import io.github.kqueueffm.internal.jfr.FlightRecorder;
import io.github.kqueueffm.internal.linux.EpollKernel;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.netty.util.internal.SystemPropertyUtil;
import org.jspecify.annotations.Nullable;

/** What was found when the transport was first asked for: the binding and the kinds of kernel and waker, or the reason why not. */
final class Availability {

    private static final String NO_NATIVE = "io.netty.transport.noNative";
    static final String WAKER_PROPERTY = "io.github.kqueueffm.waker";

    static final @Nullable Throwable CAUSE;
    static final String BACKEND;
    static final String WAKER;
    private static final @Nullable Binding BINDING;

    static {
        Throwable cause = null;
        Binding binding = null;
        String backend = "";
        String waker = "";
        try {
            if (SystemPropertyUtil.getBoolean(NO_NATIVE, false)) {
                throw new UnsupportedOperationException("native transports are disabled with -D" + NO_NATIVE + "=true");
            }
            binding = BindingLoader.load();
            // A kernel can lack what its C library exports (an old kernel, a sandbox): making an engine tells.
            KQueueEngine engine = newEngine(binding, 1, LoopObserver.NONE);
            backend = engine.backend();
            waker = engine.waker();
            engine.destroy();
        } catch (Exception | LinkageError e) {
            cause = e;
            binding = null;
        }
        CAUSE = cause;
        BINDING = binding;
        BACKEND = backend;
        WAKER = waker;
    }

    private Availability() {}

    static Binding binding() {
        Binding binding = BINDING;
        if (binding == null) {
            KQueue.ensureAvailability();
            throw new IllegalStateException("unavailable without a cause");
        }
        return binding;
    }

    /** An engine on a kernel of its own. */
    static KQueueEngine newEngine(int maxEvents) {
        Binding binding = binding();
        return newEngine(
                binding, maxEvents, FlightRecorder.observer(binding.platform().errno()));
    }

    /** The same with a binding of the caller's choice. */
    static KQueueEngine newEngine(Binding binding, int maxEvents, LoopObserver observer) {
        return new KQueueEngine(
                binding.syscalls(), binding.platform(), newKernel(binding), maxEvents, preferredWaker(), observer);
    }

    private static Kernel newKernel(Binding binding) {
        boolean kqueue =
                binding.syscalls().has(CFunction.KQUEUE) && binding.syscalls().has(CFunction.KEVENT);
        return kqueue
                ? new KqueueKernel(binding.syscalls(), binding.platform())
                : new EpollKernel(binding.syscalls(), binding.platform(), false);
    }

    private static @Nullable String preferredWaker() {
        String waker = SystemPropertyUtil.get(WAKER_PROPERTY);
        if (waker == null || waker.equals("user") || waker.equals("pipe")) {
            return waker;
        }
        throw new IllegalArgumentException(
                "-D" + WAKER_PROPERTY + '=' + waker + " is not known: use user or pipe, or leave it out");
    }
}
