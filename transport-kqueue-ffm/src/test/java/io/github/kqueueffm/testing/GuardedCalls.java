// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The real C library, which is given other memory than the caller's: every buffer that its address is asked of gets a twin that ends
 * where a page ends that nobody may touch. So a struct that is larger to the kernel than to us is EFAULT, and not a write over what
 * happens to be behind it. Before each call the twins become as the buffers are, and after it the other way round. For one thread.
 */
public final class GuardedCalls implements AutoCloseable {

    /** A multiple of every page size that there is. */
    private static final int PAGE = 1 << 16;

    private static final int NO_ACCESS = 0;
    private static final int READ_AND_WRITE = 3;

    private static final NativeLibrary C = NativeLibrary.getProcess();

    private record Twin(ByteBuffer buffer, Pointer block, long offset) {

        void push() {
            byte[] bytes = new byte[buffer.capacity()];
            buffer.get(0, bytes);
            block.write(offset, bytes, 0, bytes.length);
        }

        void pull() {
            buffer.put(0, block.getByteArray(offset, buffer.capacity()));
        }
    }

    private final Syscalls real;
    private final Syscalls guarded;
    private final Map<ByteBuffer, Twin> twins = new IdentityHashMap<>();
    private final List<Pointer> guards = new ArrayList<>();

    public GuardedCalls(Syscalls real) {
        this.real = real;
        guarded = (Syscalls)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Syscalls.class}, this::invoke);
    }

    public Syscalls syscalls() {
        return guarded;
    }

    private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("address")) {
            Twin twin = twins.computeIfAbsent((ByteBuffer) arguments[0], this::twin);
            return Pointer.nativeValue(twin.block) + twin.offset;
        }
        twins.values().forEach(Twin::push);
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            twins.values().forEach(Twin::pull);
        }
    }

    private Twin twin(ByteBuffer buffer) {
        int size = (buffer.capacity() + PAGE - 1) / PAGE * PAGE;
        PointerByReference result = new PointerByReference();
        call("posix_memalign", result, (long) PAGE, (long) size + PAGE);
        Pointer block = result.getValue();
        Pointer guard = block.share(size);
        call("mprotect", guard, (long) PAGE, NO_ACCESS);
        guards.add(guard);
        return new Twin(buffer, block, size - buffer.capacity());
    }

    private static void call(String function, Object... arguments) {
        int result = C.getFunction(function).invokeInt(arguments);
        if (result != 0) {
            throw new AssertionError(function + " failed: " + result);
        }
    }

    /** Gives the memory back; nothing may be called any more. */
    @Override
    public void close() {
        guards.forEach(guard -> call("mprotect", guard, (long) PAGE, READ_AND_WRITE));
        twins.values().forEach(twin -> C.getFunction("free").invokeVoid(new Object[] {twin.block}));
        guards.clear();
        twins.clear();
    }
}
