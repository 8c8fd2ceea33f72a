// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.probe;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.BindingLoader;
import io.github.kqueueffm.internal.sys.BindingUnavailableException;
import io.github.kqueueffm.internal.sys.CLibrary;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import io.github.kqueueffm.testing.Records;
import java.lang.ref.Reference;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the tests run in JVMs of their own: loads the binding and prints what came of it. In a package apart, so that it can be
 * on the class path when ours is a module.
 */
public final class BindingProbe {

    private BindingProbe() {}

    /** @param arguments {@code fake-other-systems} alone, or {@code fake-kernel} or {@code fake-kqueue} to call the functions of fake_kernel.c as well */
    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("fake-other-systems")) {
            callFakeOtherSystems();
            return;
        }
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

    /**
     * All functions that a C library may lack, those of macOS, FreeBSD and Linux too, which no C library has side by side: hence
     * a record of our own making, and no BindingLoader.
     */
    private static void callFakeOtherSystems() {
        Platform netbsd = Platforms.current();
        Map<CFunction, String> symbols = new EnumMap<>(netbsd.symbols());
        symbols.put(CFunction.SENDFILE, "linux_sendfile");
        symbols.put(CFunction.SENDFILE_SBYTES, "freebsd_sendfile");
        symbols.put(CFunction.SENDFILE_LENGTH, "darwin_sendfile");
        symbols.put(CFunction.CONNECTX, "darwin_connectx");
        symbols.put(CFunction.DISCONNECTX, "darwin_disconnectx");
        Platform platform = Records.with(netbsd, "symbols", symbols);
        CLibrary library = new CLibrary(System.getProperty(BindingLoader.LIBRARY_PROPERTY), true, null);
        Syscalls sys = make(System.getProperty(BindingLoader.BINDING_PROPERTY), platform, library);
        NativeMemory memory = NativeMemory.allocate(sys, 64);
        long m = memory.address();
        print("recvmmsg", sys.recvmmsg(1, m, 2, 3, m + 8));
        print("sendmmsg", sys.sendmmsg(1, m, 2, 3));
        memory.buffer().putLong(0, 5);
        print("sendfile", sys.sendfile(1, 2, m, 1L << 40));
        print("sendfile offset", memory.buffer().getLong(0));
        print("sendfileSbytes", sys.sendfileSbytes(1, 2, 1L << 40, 1L << 41, m, m + 8, 3));
        print("sendfileSbytes sent", memory.buffer().getLong(8));
        memory.buffer().putLong(8, 1L << 41);
        print("sendfileLength", sys.sendfileLength(1, 2, 1L << 40, m + 8, m, 3));
        print("sendfileLength sent", memory.buffer().getLong(8));
        print("connectx", sys.connectx(1, m, 2, 3, m + 8, 4, m + 16, m + 24));
        print("connectx length", memory.buffer().getLong(16));
        print("disconnectx", sys.disconnectx(1, 2, 3));
        memory.buffer().putLong(0, 0).put(0, (byte) 1);
        print("open", sys.open(m, 2, 3));
        print("lstat", sys.lstat(m, m + 8));
        print("unlink", sys.unlink(m));
        print("fstat", sys.fstat(2, m));
        print("fstat filled", memory.buffer().getLong(0));
        Reference.reachabilityFence(memory);
    }

    private static Syscalls make(String binding, Platform platform, CLibrary library) {
        String name = binding.equals("ffm") ? "ffm.FfmSyscalls" : "jna.JnaSyscalls";
        try {
            return (Syscalls) Class.forName(Syscalls.class.getPackageName() + '.' + name)
                    .getConstructor(Platform.class, CLibrary.class)
                    .newInstance(platform, library);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
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
