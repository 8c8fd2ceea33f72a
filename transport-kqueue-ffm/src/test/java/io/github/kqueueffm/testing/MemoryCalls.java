// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A C library whose functions are a test's, and get at the memory that they are given the address of, byte by byte. A byte before or
 * behind the memory is an error, as in {@link FakeMemory}; so is a call that the test does not expect.
 */
public final class MemoryCalls {

    /** What a function does and returns. */
    public interface Body {
        long call(Object[] arguments);
    }

    private final FakeMemory memory = new FakeMemory();
    private final Map<String, Body> functions = new HashMap<>();
    private final Binding binding;

    public MemoryCalls(Platform platform) {
        Syscalls syscalls = (Syscalls)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Syscalls.class}, this::invoke);
        binding = new Binding("memory", platform, syscalls);
    }

    private Object invoke(Object proxy, Method method, Object[] arguments) {
        String name = method.getName();
        if (name.equals("address")) {
            return memory.addressOf((ByteBuffer) arguments[0]);
        }
        if (name.equals("has")) {
            return binding.platform().symbol((CFunction) arguments[0]) != null;
        }
        Body body = functions.get(name);
        if (body == null) {
            throw new AssertionError("unexpected " + name);
        }
        long result = body.call(arguments);
        if (method.getReturnType() == long.class) {
            return result;
        }
        return (int) result;
    }

    /** @param function the name of a method of {@link Syscalls} */
    public MemoryCalls on(String function, Body body) {
        functions.put(function, body);
        return this;
    }

    public Binding binding() {
        return binding;
    }

    public Syscalls syscalls() {
        return binding.syscalls();
    }

    /** A copy of what is at an address. */
    public byte[] read(long address, int length) {
        byte[] bytes = new byte[length];
        memory.at(address, length).get(bytes);
        return bytes;
    }

    public void write(long address, byte[] bytes) {
        memory.at(address, bytes.length).put(bytes);
    }
}
