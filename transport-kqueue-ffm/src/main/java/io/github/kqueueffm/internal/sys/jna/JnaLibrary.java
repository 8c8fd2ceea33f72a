// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.jna;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.CLibrary;
import io.github.kqueueffm.internal.sys.LibraryLoadError;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The library that the methods of {@link Functions} are bound to, and which functions it has. */
final class JnaLibrary {

    /** RTLD_LAZY, which is 1 everywhere, without RTLD_GLOBAL: a library with a read(2) of its own is not for others. */
    private static final int OPEN_FLAGS = 1;

    /** Each function that has a class to itself, and that class. */
    private static final Map<CFunction, Class<?>> SINGLE = Map.ofEntries(
            Map.entry(CFunction.ACCEPT4, Functions.Accept4.class),
            Map.entry(CFunction.PACCEPT, Functions.Paccept.class),
            Map.entry(CFunction.READV, Functions.Readv.class),
            Map.entry(CFunction.RECVFROM, Functions.Recvfrom.class),
            Map.entry(CFunction.SENDTO, Functions.Sendto.class),
            Map.entry(CFunction.RECVMSG, Functions.Recvmsg.class),
            Map.entry(CFunction.SENDMSG, Functions.Sendmsg.class),
            Map.entry(CFunction.RECVMMSG, Functions.Recvmmsg.class),
            Map.entry(CFunction.SENDMMSG, Functions.Sendmmsg.class),
            Map.entry(CFunction.SENDFILE, Functions.Sendfile.class),
            Map.entry(CFunction.SENDFILE_SBYTES, Functions.SendfileSbytes.class),
            Map.entry(CFunction.SENDFILE_LENGTH, Functions.SendfileLength.class),
            Map.entry(CFunction.CONNECTX, Functions.Connectx.class),
            Map.entry(CFunction.DISCONNECTX, Functions.Disconnectx.class),
            Map.entry(CFunction.OPEN, Functions.Open.class),
            Map.entry(CFunction.LSTAT, Functions.Lstat.class),
            Map.entry(CFunction.FSTAT, Functions.Fstat.class),
            Map.entry(CFunction.UNLINK, Functions.Unlink.class),
            Map.entry(CFunction.PIPE, Functions.Pipe.class),
            Map.entry(CFunction.POLL, Functions.Poll.class),
            Map.entry(CFunction.KQUEUE, Functions.Kqueue.class),
            Map.entry(CFunction.KEVENT, Functions.Kevent.class),
            Map.entry(CFunction.EPOLL_CREATE1, Functions.EpollCreate1.class),
            Map.entry(CFunction.EPOLL_CTL, Functions.EpollCtl.class),
            Map.entry(CFunction.EPOLL_WAIT, Functions.EpollWait.class),
            Map.entry(CFunction.EPOLL_PWAIT2, Functions.EpollPwait2.class),
            Map.entry(CFunction.EVENTFD, Functions.Eventfd.class),
            Map.entry(CFunction.LSEEK, Functions.Lseek.class),
            Map.entry(CFunction.INOTIFY_INIT1, Functions.InotifyInit1.class),
            Map.entry(CFunction.INOTIFY_ADD_WATCH, Functions.InotifyAddWatch.class),
            Map.entry(CFunction.INOTIFY_RM_WATCH, Functions.InotifyRmWatch.class),
            Map.entry(CFunction.PIDFD_OPEN, Functions.PidfdOpen.class),
            Map.entry(CFunction.WAITID, Functions.Waitid.class),
            Map.entry(CFunction.FCNTL, Functions.Fcntl.class),
            Map.entry(CFunction.IOCTL, Functions.Ioctl.class),
            Map.entry(CFunction.ERRNO_LOCATION, Functions.ErrnoLocation.class));

    private static @Nullable JnaLibrary bound;

    private final Platform platform;
    private final CLibrary source;
    private final Map<String, Object> options;
    private final NativeLibrary library;
    private final Set<CFunction> functions;

    private JnaLibrary(Platform platform, CLibrary source) {
        this.platform = platform;
        this.source = source;
        this.options = source.file() == null
                ? Map.of(Library.OPTION_FUNCTION_MAPPER, mapper(platform))
                : Map.of(Library.OPTION_FUNCTION_MAPPER, mapper(platform), Library.OPTION_OPEN_FLAGS, OPEN_FLAGS);
        this.library = load();
        this.functions = exported();
    }

    /**
     * @throws LibraryLoadError when the library cannot be loaded; the message is dlopen(3)'s
     * @throws UnsatisfiedLinkError when JNA's own library cannot be loaded
     */
    static JnaLibrary open(Platform platform, CLibrary source) {
        return new JnaLibrary(platform, source);
    }

    boolean has(CFunction function) {
        return functions.contains(function);
    }

    /** Binds the native methods, once in the life of the JVM. */
    void bind() {
        synchronized (JnaLibrary.class) {
            if (bound == null) {
                register(Functions.Required.class);
                SINGLE.forEach((function, holder) -> {
                    if (has(function)) {
                        register(holder);
                    }
                });
                bound = this;
            } else if (!bound.bindsTheSame(this)) {
                throw new IllegalStateException("JNA is bound to " + bound.source + " with the names of platform "
                        + bound.platform.id() + " in this JVM, and cannot be bound to " + source + " with those of "
                        + platform.id() + " as well");
            }
        }
    }

    private boolean bindsTheSame(JnaLibrary other) {
        return Objects.equals(source.file(), other.source.file())
                && functions.equals(other.functions)
                && platform.symbols().equals(other.platform.symbols());
    }

    Variadic variadicCalls() {
        return new VariadicByInterface(Native.load(source.file(), VariadicByInterface.Prototypes.class, options));
    }

    /** Whether errno has to be read where the library says: it keeps one apart from that of the running system. */
    boolean hasForeignErrno() {
        if (source.file() == null || !has(CFunction.ERRNO_LOCATION)) {
            return false;
        }
        String hostName = source.hostErrnoLocation();
        Pointer host = hostName == null ? null : address(NativeLibrary.getProcess(), hostName);
        if (host == null) {
            return true;
        }
        Pointer hosts = NativeLibrary.getProcess().getFunction(hostName).invokePointer(new Object[0]);
        return Pointer.nativeValue(hosts) != Functions.ErrnoLocation.errnoLocation();
    }

    private NativeLibrary load() {
        // Loads JNA's own library, whose failure is another matter.
        NativeLibrary process = NativeLibrary.getProcess(options);
        if (source.file() == null) {
            return process;
        }
        try {
            return NativeLibrary.getInstance(source.file(), options);
        } catch (UnsatisfiedLinkError e) {
            throw new LibraryLoadError(source.file(), e);
        }
    }

    private void register(Class<?> holder) {
        Native.register(holder, library);
    }

    private Set<CFunction> exported() {
        Set<CFunction> exported = EnumSet.noneOf(CFunction.class);
        for (CFunction function : CFunction.values()) {
            String symbol = platform.symbol(function);
            if (symbol != null && exports(symbol)) {
                exported.add(function);
            }
        }
        return Collections.unmodifiableSet(exported);
    }

    private boolean exports(String symbol) {
        Pointer address = address(library, symbol);
        boolean hostsOwn = source.foreign() && Objects.equals(address, address(NativeLibrary.getProcess(), symbol));
        return address != null && !hostsOwn;
    }

    private static @Nullable Pointer address(NativeLibrary library, String symbol) {
        try {
            return library.getGlobalVariableAddress(symbol);
        } catch (UnsatisfiedLinkError e) {
            // dlsym(3) found no such symbol: JNA has no way to ask that does not throw
            return null;
        }
    }

    /** {@code epollCreate1} of {@link Functions} is EPOLL_CREATE1, and that has its name in the platform record. */
    private static FunctionMapper mapper(Platform platform) {
        return (library, method) -> {
            String name = method.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
            return platform.symbol(CFunction.valueOf(name));
        };
    }
}
