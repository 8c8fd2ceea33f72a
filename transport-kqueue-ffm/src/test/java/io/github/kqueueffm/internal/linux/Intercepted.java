// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A C library of which single functions answer what a test wants; all others are the real ones. */
final class Intercepted {

    /** Returns what the function is to return, null to call the real one. */
    interface Answer {
        Object to(Object[] arguments);
    }

    private final Map<String, Answer> answers = new HashMap<>();
    private final Syscalls syscalls;

    Intercepted(Syscalls real) {
        syscalls = (Syscalls) Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    Answer answer = answers.get(method.getName());
                    Object given = answer == null ? null : answer.to(arguments);
                    if (given != null) {
                        return given;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    Intercepted answer(String method, Answer answer) {
        answers.put(method, answer);
        return this;
    }

    Syscalls syscalls() {
        return syscalls;
    }
}
