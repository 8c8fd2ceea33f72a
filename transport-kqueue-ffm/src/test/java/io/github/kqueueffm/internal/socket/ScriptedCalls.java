// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The real C library, but for the calls that a test answers itself. Keeps a log of all calls: {@code close(7)}, without addresses.
 * Answers come in the numbering of the platform record, which may be another system's as long as every call is answered.
 */
public final class ScriptedCalls {

    /** Returns what the function is to return, {@code null} to make the real call. */
    public interface Answer {
        Object to(Object[] arguments);
    }

    private final Binding binding;
    private final Map<String, Answer> answers = new HashMap<>();
    private final Set<CFunction> absent = EnumSet.noneOf(CFunction.class);
    private final List<String> log = new ArrayList<>();

    /** With the record of the running system. */
    public ScriptedCalls() {
        this(RealBinding.BINDING.platform());
    }

    /** On a kernel that shares nothing with the JDK. */
    public ScriptedCalls(Platform platform) {
        this(platform, false);
    }

    /** @param jdkKernel whether descriptors and file names are taken for the JDK's */
    public ScriptedCalls(Platform platform, boolean jdkKernel) {
        Syscalls syscalls = (Syscalls)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Syscalls.class}, this::invoke);
        binding = new Binding("scripted", platform, syscalls, jdkKernel);
    }

    private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("has")) {
            CFunction function = (CFunction) arguments[0];
            return binding.platform().symbol(function) != null && !absent.contains(function);
        }
        if (!name.equals("address")) {
            synchronized (log) {
                log.add(describe(name, arguments));
            }
        }
        Answer answer = answers.get(name);
        Object given = answer == null ? null : answer.to(arguments);
        if (given != null) {
            return method.getReturnType() == long.class ? ((Number) given).longValue() : given;
        }
        try {
            return method.invoke(RealBinding.BINDING.syscalls(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Without the addresses, which are longs. */
    private static String describe(String name, Object[] arguments) {
        List<Object> ints = new ArrayList<>(Arrays.asList(arguments));
        ints.removeIf(Long.class::isInstance);
        return name + ints.toString().replace('[', '(').replace(']', ')');
    }

    public Binding binding() {
        return binding;
    }

    public ScriptedCalls answer(String function, Answer answer) {
        answers.put(function, answer);
        return this;
    }

    /** Always the same. */
    public ScriptedCalls answer(String function, int result) {
        return answer(function, arguments -> result);
    }

    public ScriptedCalls absent(CFunction... functions) {
        absent.addAll(List.of(functions));
        return this;
    }

    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    public void clearLog() {
        synchronized (log) {
            log.clear();
        }
    }

    public long count(String function) {
        Predicate<String> named = call -> call.startsWith(function + '(');
        return log().stream().filter(named).count();
    }
}
