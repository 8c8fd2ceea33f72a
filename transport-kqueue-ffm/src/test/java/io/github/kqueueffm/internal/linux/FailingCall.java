// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The real C library, of which one call fails; and which of the descriptors that it has opened are open. */
final class FailingCall {

    private static final Set<String> OPENERS = Set.of("epollCreate1", "eventfd", "inotifyInit1", "pidfdOpen");
    private static final Set<String> NO_CALLS = Set.of("has", "address");

    /** Its descriptors, by number. */
    final Set<Integer> open = new TreeSet<>();

    /** The calls made since {@link #failAt}, by name. */
    final List<String> made = new ArrayList<>();

    private final int errno;
    private int failing = -1;

    FailingCall(int errno) {
        this.errno = errno;
    }

    /** The {@code index}-th call from here on fails, counted from 0; a negative one never comes. */
    void failAt(int index) {
        failing = index;
        made.clear();
    }

    Syscalls over(Syscalls real) {
        return (Syscalls) Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(),
                new Class<?>[] {Syscalls.class},
                (proxy, method, arguments) -> call(real, method, arguments));
    }

    private Object call(Syscalls real, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (!NO_CALLS.contains(name)) {
            made.add(name);
            // A close that fails has closed all the same (close(2)).
            if (made.size() - 1 == failing && !name.equals("close")) {
                return method.getReturnType() == long.class ? (Object) (long) -errno : (Object) (-errno);
            }
        }
        try {
            Object result = method.invoke(real, arguments);
            if (OPENERS.contains(name) && (int) result >= 0) {
                open.add((int) result);
            } else if (name.equals("close")) {
                open.remove((int) arguments[0]);
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
