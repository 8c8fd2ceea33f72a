// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.kqueueffm.internal.platform.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * One downcall handle per C prototype in use, and the way from a failed call to {@code -errno}.
 *
 * <p>Handles are {@code static final} so that the JIT inlines them; the function to call is their first argument, so that
 * functions of one prototype share one. A method is named after the result and then the parameters: i for int, j for
 * long, size_t and pointers. None links as {@code critical}: a thread in such a call holds up every safepoint, and these
 * calls may block.
 *
 * <p>invokeExact needs the very types of the handle at the call site, which is why each call is written out with its cast.
 */
final class Downcalls {

    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CAPTURED.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** Where the linker leaves errno, one per thread: it must not be shared, and a call must not allocate. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURED));

    /** All memory, to read an int behind a raw pointer without making a segment for it. */
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final MethodHandle I = handle(JAVA_INT);
    private static final MethodHandle I_I = handle(JAVA_INT, JAVA_INT);
    private static final MethodHandle I_J = handle(JAVA_INT, JAVA_LONG);
    private static final MethodHandle I_IJ = handle(JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle I_II = handle(JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle I_JJ = handle(JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle I_III = handle(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle I_IJI = handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IJJ = handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle I_JJI = handle(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IIIJ = handle(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle I_IIJI = handle(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IJII = handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle I_IJJI = handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IIIJI = handle(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IIIJJ = handle(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle I_IJJIJ = handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    private static final MethodHandle I_IJIJJ = handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle I_IJJJI = handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IIJJJI =
            handle(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IJJJJJ =
            handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle I_IIJJJJI =
            handle(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle I_IJIIJIJJ =
            handle(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle J_IJI = handle(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle J_IJJ = handle(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle J_IIJJ = handle(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle J_IJJIJI =
            handle(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle J_IJJIJJ =
            handle(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);

    /** fcntl(int, int, ...) with an int. */
    private static final MethodHandle I_II_VARIADIC_I = variadicHandle(2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

    /** ioctl(int, unsigned long, ...) with a pointer. */
    private static final MethodHandle I_IJ_VARIADIC_J = variadicHandle(2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    /** open(const char *, int, ...) with an int: mode_t is promoted where it is narrower. */
    private static final MethodHandle I_JI_VARIADIC_I = variadicHandle(2, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    /** int *errno_location(void): needs no errno itself. */
    private static final MethodHandle POINTER = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG));

    private final int absent;
    private final int unknown;
    private final @Nullable MemorySegment errnoLocation;

    /** @param errnoLocation function that tells where the library keeps errno, {@code null} if the linker captures it */
    Downcalls(Errno errno, @Nullable MemorySegment errnoLocation) {
        this.absent = -errno.ENOSYS();
        this.unknown = -errno.EIO();
        this.errnoLocation = errnoLocation;
    }

    private static MethodHandle handle(ValueLayout result, ValueLayout... parameters) {
        return Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadicHandle(int firstVariadic, ValueLayout result, ValueLayout... parameters) {
        return Linker.nativeLinker()
                .downcallHandle(
                        FunctionDescriptor.of(result, parameters),
                        Linker.Option.captureCallState("errno"),
                        Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** Calls {@code int *function(void)}. */
    static long pointer(MemorySegment function) {
        try {
            return (long) POINTER.invokeExact(function);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private int failed(MemorySegment state) {
        int errno = errnoLocation == null
                ? state.get(JAVA_INT, ERRNO_OFFSET)
                : MEMORY.get(JAVA_INT, pointer(errnoLocation));
        // A failure without a reason must not look like the success that -0 would be.
        return errno > 0 ? -errno : unknown;
    }

    private static RuntimeException unexpected(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        if (t instanceof RuntimeException exception) {
            throw exception;
        }
        return new IllegalStateException("invokeExact declares Throwable, but a downcall throws nothing checked", t);
    }

    int i(@Nullable MemorySegment function) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I.invokeExact(function, state);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int ii(@Nullable MemorySegment function, int a) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_I.invokeExact(function, state, a);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int ij(@Nullable MemorySegment function, long a) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_J.invokeExact(function, state, a);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iij(@Nullable MemorySegment function, int a, long b) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJ.invokeExact(function, state, a, b);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iii(@Nullable MemorySegment function, int a, int b) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_II.invokeExact(function, state, a, b);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int ijj(@Nullable MemorySegment function, long a, long b) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_JJ.invokeExact(function, state, a, b);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiii(@Nullable MemorySegment function, int a, int b, int c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_III.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiji(@Nullable MemorySegment function, int a, long b, int c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJI.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijj(@Nullable MemorySegment function, int a, long b, long c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJJ.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int ijji(@Nullable MemorySegment function, long a, long b, int c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_JJI.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiiij(@Nullable MemorySegment function, int a, int b, int c, long d) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IIIJ.invokeExact(function, state, a, b, c, d);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiiji(@Nullable MemorySegment function, int a, int b, long c, int d) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IIJI.invokeExact(function, state, a, b, c, d);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijii(@Nullable MemorySegment function, int a, long b, int c, int d) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJII.invokeExact(function, state, a, b, c, d);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijji(@Nullable MemorySegment function, int a, long b, long c, int d) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJJI.invokeExact(function, state, a, b, c, d);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiiiji(@Nullable MemorySegment function, int a, int b, int c, long d, int e) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IIIJI.invokeExact(function, state, a, b, c, d, e);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiiijj(@Nullable MemorySegment function, int a, int b, int c, long d, long e) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IIIJJ.invokeExact(function, state, a, b, c, d, e);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijjij(@Nullable MemorySegment function, int a, long b, long c, int d, long e) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJJIJ.invokeExact(function, state, a, b, c, d, e);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijijj(@Nullable MemorySegment function, int a, long b, int c, long d, long e) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJIJJ.invokeExact(function, state, a, b, c, d, e);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijjji(@Nullable MemorySegment function, int a, long b, long c, long d, int e) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJJJI.invokeExact(function, state, a, b, c, d, e);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiijjji(@Nullable MemorySegment function, int a, int b, long c, long d, long e, int f) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IIJJJI.invokeExact(function, state, a, b, c, d, e, f);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijjjjj(@Nullable MemorySegment function, int a, long b, long c, long d, long e, long f) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJJJJJ.invokeExact(function, state, a, b, c, d, e, f);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiijjjji(@Nullable MemorySegment function, int a, int b, long c, long d, long e, long f, int g) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IIJJJJI.invokeExact(function, state, a, b, c, d, e, f, g);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iijiijijj(@Nullable MemorySegment function, int a, long b, int c, int d, long e, int f, long g, long h) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJIIJIJJ.invokeExact(function, state, a, b, c, d, e, f, g, h);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    long jiji(@Nullable MemorySegment function, int a, long b, int c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            long result = (long) J_IJI.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    long jijj(@Nullable MemorySegment function, int a, long b, long c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            long result = (long) J_IJJ.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    long jiijj(@Nullable MemorySegment function, int a, int b, long c, long d) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            long result = (long) J_IIJJ.invokeExact(function, state, a, b, c, d);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    long jijjiji(@Nullable MemorySegment function, int a, long b, long c, int d, long e, int f) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            long result = (long) J_IJJIJI.invokeExact(function, state, a, b, c, d, e, f);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    long jijjijj(@Nullable MemorySegment function, int a, long b, long c, int d, long e, long f) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            long result = (long) J_IJJIJJ.invokeExact(function, state, a, b, c, d, e, f);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int iiVariadicI(@Nullable MemorySegment function, int a, int b, int c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_II_VARIADIC_I.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int ijVariadicJ(@Nullable MemorySegment function, int a, long b, long c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_IJ_VARIADIC_J.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int ijiVariadicI(@Nullable MemorySegment function, long a, int b, int c) {
        if (function == null) {
            return absent;
        }
        MemorySegment state = STATE.get();
        try {
            int result = (int) I_JI_VARIADIC_I.invokeExact(function, state, a, b, c);
            return result >= 0 ? result : failed(state);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }
}
