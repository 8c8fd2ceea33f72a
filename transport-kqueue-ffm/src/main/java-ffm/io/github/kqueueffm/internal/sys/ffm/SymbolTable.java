// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys.ffm;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.CLibrary;
import io.github.kqueueffm.internal.sys.LibraryLoadError;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Addresses of the C functions, looked up once when the binding is made. */
final class SymbolTable {

    private final SymbolLookup host = Linker.nativeLinker().defaultLookup();
    private final Map<CFunction, MemorySegment> addresses = new EnumMap<>(CFunction.class);
    private final CLibrary library;

    /** @throws LibraryLoadError when the library cannot be loaded */
    SymbolTable(Platform platform, CLibrary library) {
        this.library = library;
        SymbolLookup lookup = library.file() == null ? host : load(library.file());
        for (CFunction function : CFunction.values()) {
            String symbol = platform.symbol(function);
            if (symbol != null) {
                lookup.find(symbol)
                        .filter(address -> !library.foreign() || !isHostsOwn(symbol, address))
                        .ifPresent(address -> addresses.put(function, address));
            }
        }
    }

    boolean has(CFunction function) {
        return addresses.containsKey(function);
    }

    /** {@code null} if the library does not have it. */
    @Nullable
    MemorySegment find(CFunction function) {
        return addresses.get(function);
    }

    /** For a function that {@link io.github.kqueueffm.internal.sys.RequiredFunctions} has seen. */
    MemorySegment get(CFunction function) {
        MemorySegment address = addresses.get(function);
        if (address == null) {
            throw new UnsatisfiedLinkError(function + " was not checked to exist");
        }
        return address;
    }

    /**
     * The function that tells where a library keeps its own errno, {@code null} when the one errno of the running system's C
     * library is used, which the linker captures after the call.
     */
    @Nullable
    MemorySegment foreignErrnoLocation() {
        MemorySegment location = find(CFunction.ERRNO_LOCATION);
        if (library.file() == null || location == null) {
            return null;
        }
        String hostName = library.hostErrnoLocation();
        Optional<MemorySegment> hosts = hostName == null ? Optional.empty() : host.find(hostName);
        boolean same = hosts.isPresent() && Downcalls.pointer(hosts.get()) == Downcalls.pointer(location);
        return same ? null : location;
    }

    /** dlopen(3) of a path: finds the symbols of the libraries that this one depends on too. */
    private static SymbolLookup load(String file) {
        try {
            return SymbolLookup.libraryLookup(Path.of(file), Arena.global());
        } catch (IllegalArgumentException e) {
            throw new LibraryLoadError(file, e);
        }
    }

    private boolean isHostsOwn(String symbol, MemorySegment address) {
        return host.find(symbol).filter(address::equals).isPresent();
    }
}
