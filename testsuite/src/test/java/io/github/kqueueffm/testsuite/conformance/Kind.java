// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.engine.KqueueKernel;
import io.github.kqueueffm.internal.linux.EpollKernel;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.github.kqueueffm.internal.sys.BindingUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A kqueue to be asked.
 *
 * @param label for people
 * @param columns whose answers are expected of it, the first that has one counting
 * @param real whether it is the system's, and not our own over epoll
 * @param amounts whether its events always tell amounts
 */
record Kind(String label, List<String> columns, boolean real, boolean amounts, Supplier<Kernel> factory) {

    static final Binding BINDING = load();

    private static Binding load() {
        try {
            return BindingLoader.load();
        } catch (BindingUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    /** Those that the binding in use provides. */
    static List<Kind> all() {
        boolean kqueue =
                BINDING.syscalls().has(CFunction.KQUEUE) && BINDING.syscalls().has(CFunction.KEVENT);
        if (kqueue) {
            String os = BINDING.platform().os();
            String library = System.getProperty(BindingLoader.LIBRARY_PROPERTY);
            String where = library == null ? os : Path.of(library).getFileName().toString();
            return List.of(new Kind(
                    "kqueue of " + where,
                    List.of(where, os, Answers.BSD),
                    true,
                    true,
                    () -> new KqueueKernel(BINDING.syscalls(), BINDING.platform())));
        }
        return List.of(
                new Kind("epoll", List.of("epoll-plain", "epoll", Answers.BSD), false, false, () -> epoll(false)),
                new Kind(
                        "epoll with amounts",
                        List.of("epoll-amounts", "epoll", Answers.BSD),
                        false,
                        true,
                        () -> epoll(true)));
    }

    private static Kernel epoll(boolean exactData) {
        return new EpollKernel(BINDING.syscalls(), BINDING.platform(), exactData);
    }
}
