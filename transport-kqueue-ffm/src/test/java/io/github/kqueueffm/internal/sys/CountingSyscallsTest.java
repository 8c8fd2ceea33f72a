// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CountingSyscallsTest {

    private final List<String> passedOn = new ArrayList<>();

    private final Syscalls recorder = (Syscalls) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                passedOn.add(method.getName() + Arrays.toString(arguments));
                Class<?> type = method.getReturnType();
                return type == int.class ? (Object) 77 : type == long.class ? (Object) 78L : (Object) true;
            });

    private final CountingSyscalls counting = new CountingSyscalls(recorder);

    /** Every method in turn, with arguments that differ: passed on unchanged, counted under its C name, once. */
    @Test
    void everyCallIsPassedOnAndCounted() throws ReflectiveOperationException {
        Set<String> names = new HashSet<>();
        long calls = 0;
        for (Method method : Syscalls.class.getMethods()) {
            if (method.getName().equals("has") || method.getName().equals("address")) {
                continue;
            }
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = method.getParameterTypes()[i] == int.class ? (Object) (i + 1) : (Object) (i + 1L);
            }
            Object result = method.invoke(counting, arguments);
            assertThat(((Number) result).intValue()).isEqualTo(method.getReturnType() == int.class ? 77 : 78);
            assertThat(passedOn)
                    .last()
                    .isEqualTo(method.getName() + (arguments.length == 0 ? "null" : Arrays.toString(arguments)));
            calls++;
            String name = method.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            names.add(name);
            assertThat(counting.snapshot()).containsEntry(name, 1L).hasSize(names.size());
            assertThat(counting.total()).isEqualTo(calls);
        }
        // All but the one that Syscalls does not offer to callers.
        assertThat(calls).isEqualTo(CFunction.values().length - 1);
    }

    @Test
    void questionsAreNotCounted() {
        assertThat(counting.has(CFunction.KQUEUE)).isTrue();
        assertThat(counting.address(ByteBuffer.allocateDirect(1))).isEqualTo(78);
        assertThat(counting.total()).isZero();
        assertThat(counting.snapshot()).isEmpty();
    }

    @Test
    void aSnapshotDoesNotChange() {
        counting.close(1);
        Map<String, Long> snapshot = counting.snapshot();
        counting.close(1);
        assertThat(snapshot).containsExactly(Map.entry("close", 1L));
        assertThat(counting.snapshot()).containsExactly(Map.entry("close", 2L));
    }
}
