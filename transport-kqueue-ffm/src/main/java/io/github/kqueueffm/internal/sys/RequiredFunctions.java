// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What a C library must have for the transport to work. Everything else has a way round it. */
public final class RequiredFunctions {

    /** Without these there is no TCP. */
    public static final Set<CFunction> SOCKETS = Collections.unmodifiableSet(EnumSet.of(
            CFunction.SOCKET,
            CFunction.BIND,
            CFunction.LISTEN,
            CFunction.CONNECT,
            CFunction.ACCEPT,
            CFunction.GETSOCKNAME,
            CFunction.GETPEERNAME,
            CFunction.GETSOCKOPT,
            CFunction.SETSOCKOPT,
            CFunction.SHUTDOWN,
            CFunction.CLOSE,
            CFunction.READ,
            CFunction.WRITE,
            CFunction.WRITEV,
            CFunction.FCNTL));

    private static final Set<CFunction> KQUEUE = EnumSet.of(CFunction.KQUEUE, CFunction.KEVENT);

    private static final Set<CFunction> EPOLL =
            EnumSet.of(CFunction.EPOLL_CREATE1, CFunction.EPOLL_CTL, CFunction.EPOLL_WAIT, CFunction.EVENTFD);

    private RequiredFunctions() {}

    /**
     * Throws unless the library has what is needed: sockets, and kqueue or, in the C library of a system that has it, epoll.
     * A library that was chosen by hand must bring kqueue: it was chosen for that.
     *
     * @throws MissingFunctionsError naming everything that is missing, under the names looked up
     */
    public static void check(Platform platform, CLibrary library, Predicate<CFunction> exported) {
        List<String> missing = new ArrayList<>();
        addMissing(missing, SOCKETS, platform, exported);
        boolean epollWillDo = library.file() == null && EPOLL.stream().allMatch(exported);
        if (!epollWillDo) {
            addMissing(missing, KQUEUE, platform, exported);
        }
        if (!missing.isEmpty()) {
            String where = library.file() == null ? "The C library of this process" : library.file();
            throw new MissingFunctionsError(
                    where + " does not have what platform " + platform.id() + " calls: " + String.join(", ", missing));
        }
    }

    private static void addMissing(
            List<String> missing, Set<CFunction> functions, Platform platform, Predicate<CFunction> exported) {
        for (CFunction function : functions) {
            if (!exported.test(function)) {
                String symbol = platform.symbol(function);
                missing.add(symbol != null ? symbol : function.name().toLowerCase(Locale.ROOT));
            }
        }
    }
}
