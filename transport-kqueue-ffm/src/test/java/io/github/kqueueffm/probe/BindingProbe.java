// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.probe;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.github.kqueueffm.internal.sys.BindingUnavailableException;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.lang.ref.Reference;

/**
 * What the tests run in JVMs of their own: loads the binding and prints what came of it. In a package apart, so that it can be
 * on the class path when ours is a module.
 */
public final class BindingProbe {

    private BindingProbe() {}

    /** @param arguments {@code fake-kernel} or {@code fake-kqueue} to call the functions of fake_kernel.c as well */
    public static void main(String[] arguments) {
        Binding binding;
        try {
            binding = BindingLoader.load();
        } catch (BindingUnavailableException e) {
            System.out.println("UNAVAILABLE " + e.getMessage());
            for (Throwable failure : e.getSuppressed()) {
                System.out.println("SUPPRESSED " + failure.getClass().getName());
            }
            return;
        }
        System.out.println("LOADED " + binding.name() + ' ' + binding.platform().id() + ' '
                + binding.syscalls().getClass().getSimpleName());
        for (String argument : arguments) {
            NativeMemory memory = NativeMemory.allocate(binding.syscalls(), 64);
            switch (argument) {
                case "fake-kernel" -> callFakeKernel(binding.syscalls(), memory.address());
                case "fake-kqueue" -> callFakeKqueue(binding.syscalls(), memory);
                default -> throw new IllegalArgumentException(argument);
            }
            Reference.reachabilityFence(memory);
        }
    }

    /** The kqueue of the library, and pipe(2) and close(2) of the system, which work. */
    private static void callFakeKqueue(Syscalls sys, NativeMemory memory) {
        print("kqueue", sys.kqueue());
        print("kevent", sys.kevent(1, memory.address(), 2, memory.address(), 3, 0));
        print("pipe", sys.pipe(memory.address()));
        print("close", sys.close(memory.buffer().getInt(0)));
        print("close again", sys.close(memory.buffer().getInt(0)));
        printAbsent(sys);
    }

    private static void callFakeKernel(Syscalls sys, long memory) {
        print("socket", sys.socket(1, 2, 3));
        print("bind", sys.bind(1, memory, 2));
        print("listen", sys.listen(1, 2));
        print("connect", sys.connect(1, memory, 2));
        print("accept", sys.accept(1, memory, memory));
        print("paccept", sys.paccept(1, memory, memory, 0, 2));
        print("getsockname", sys.getsockname(1, memory, memory));
        print("getpeername", sys.getpeername(1, memory, memory));
        print("getsockopt", sys.getsockopt(1, 2, 3, memory, memory));
        print("setsockopt", sys.setsockopt(1, 2, 3, memory, 4));
        print("shutdown", sys.shutdown(1, 2));
        print("close", sys.close(1));
        print("read", sys.read(1, memory, 1L << 40));
        print("write", sys.write(1, memory, 1));
        print("writev", sys.writev(1, memory, 2));
        print("fcntl", sys.fcntl(1, 2, 3));
        print("kqueue", sys.kqueue());
        print("kevent", sys.kevent(1, memory, 2, memory, 3, 0));
        // In the C library of every system, but not in this one
        print("accept4", sys.accept4(1, 0, 0, 0));
        print("pipe", sys.pipe(memory));
        print("poll", sys.poll(memory, 0, 0));
        printAbsent(sys);
    }

    private static void printAbsent(Syscalls sys) {
        for (CFunction function : CFunction.values()) {
            if (!sys.has(function)) {
                System.out.print(function + " ");
            }
        }
        System.out.println("are absent");
    }

    private static void print(String function, long result) {
        System.out.println(function + '=' + result);
    }
}
