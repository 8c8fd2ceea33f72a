// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.github.kqueueffm.internal.platform.UnknownPlatformException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a binding to the C library that works in this JVM, or says exactly why there is none. */
public final class BindingLoader {

    /** {@code ffm} or {@code jna}: try this binding only. */
    public static final String BINDING_PROPERTY = "io.github.kqueueffm.binding";

    /** A shared library to look the C functions up in, instead of the process. */
    public static final String LIBRARY_PROPERTY = "io.github.kqueueffm.library";

    /** {@code true}: {@link Binding#syscalls()} is a {@link CountingSyscalls}. */
    public static final String COUNT_PROPERTY = "io.github.kqueueffm.countSystemCalls";

    private final UnavailabilityReport report = new UnavailabilityReport();

    private BindingLoader() {}

    /**
     * Tries {@code java.lang.foreign} on JDK 22 or newer, then JNA. Blocking (it may unpack and load a library); call it once
     * and keep the result.
     *
     * @throws BindingUnavailableException when neither works
     */
    public static Binding load() throws BindingUnavailableException {
        return new BindingLoader().find();
    }

    private Binding find() throws BindingUnavailableException {
        List<BindingKind> kinds = kinds();
        Platform platform = platform();
        CLibrary library = library(platform);
        for (BindingKind kind : kinds) {
            Syscalls syscalls = attempt(kind, platform, library);
            if (syscalls != null) {
                boolean count = Boolean.getBoolean(COUNT_PROPERTY);
                Syscalls used = count ? new CountingSyscalls(syscalls) : syscalls;
                return new Binding(kind.id(), confirmed(platform, library, syscalls), used, library.file() == null);
            }
        }
        throw report.toException();
    }

    private List<BindingKind> kinds() throws BindingUnavailableException {
        String asked = System.getProperty(BINDING_PROPERTY);
        if (asked == null) {
            return List.of(BindingKind.values());
        }
        for (BindingKind kind : BindingKind.values()) {
            if (kind.id().equals(asked)) {
                return List.of(kind);
            }
        }
        throw report.because("-D" + BINDING_PROPERTY + "=" + asked + " is neither ffm nor jna", null);
    }

    private Platform platform() throws BindingUnavailableException {
        try {
            Platform platform = Platforms.current();
            report.platform(platform);
            return platform;
        } catch (UnknownPlatformException | IllegalStateException | UncheckedIOException e) {
            // No data for this system, or data files that did not survive a repackaging of the jar
            throw report.because(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The record that the kernel agrees with, which need not be that of the release it calls itself. A record or a library that was
     * chosen by hand is used as it is.
     */
    private Platform confirmed(Platform platform, CLibrary library, Syscalls syscalls)
            throws BindingUnavailableException {
        boolean detected = System.getProperty(Platforms.PROPERTY) == null && library.file() == null;
        if (!detected || !syscalls.has(CFunction.KEVENT) || !syscalls.has(CFunction.PIPE)) {
            return platform;
        }
        Platform confirmed = KeventProbe.choose(syscalls, Platforms.withTheSameNames(platform));
        if (confirmed == null) {
            throw report.because(
                    "kevent(2) of this kernel takes another struct kevent than the platform data has; a record can be "
                            + "chosen with -D" + Platforms.PROPERTY
                            + "=<os>-<arch>[-<version>], and is then not questioned",
                    null);
        }
        return confirmed;
    }

    private CLibrary library(Platform platform) throws BindingUnavailableException {
        if (Platforms.hasOtherByteOrder(platform)) {
            throw report.because(
                    "platform record " + platform.id()
                            + " is that of a machine with the other byte order, for which no "
                            + "library can be that this JVM can load",
                    null);
        }
        String file = libraryFile();
        boolean foreign = Platforms.isForeign(platform);
        if (foreign && file == null) {
            throw report.because(
                    "platform record " + platform.id()
                            + " is that of another operating system, so the C functions have to "
                            + "come from a library made for it: name it with -D" + LIBRARY_PROPERTY + "=<file>",
                    null);
        }
        return new CLibrary(file, foreign, hostErrnoLocation());
    }

    private static @Nullable String hostErrnoLocation() {
        Platform host = Platforms.host();
        return host == null ? null : host.symbol(CFunction.ERRNO_LOCATION);
    }

    /** The linkers only say that a file could not be opened; the common mistakes deserve their names. */
    private @Nullable String libraryFile() throws BindingUnavailableException {
        String file = System.getProperty(LIBRARY_PROPERTY);
        if (file == null) {
            return null;
        }
        String problem;
        try {
            Path path = Path.of(file).toAbsolutePath();
            if (!Files.exists(path)) {
                problem = "there is no such file";
            } else if (!Files.isRegularFile(path)) {
                problem = "this is not a file";
            } else if (!Files.isReadable(path)) {
                problem = "the file cannot be read";
            } else {
                return path.toString();
            }
        } catch (InvalidPathException e) {
            problem = String.valueOf(e.getMessage());
        }
        throw report.because("-D" + LIBRARY_PROPERTY + '=' + file + ": " + problem, null);
    }

    private @Nullable Syscalls attempt(BindingKind kind, Platform platform, CLibrary library) {
        String tooOld = kind.tooOld(Runtime.version().feature());
        if (tooOld != null) {
            report.notTried(kind, tooOld);
            return null;
        }
        try {
            return kind.make(platform, library);
        } catch (LinkageError | RuntimeException | ReflectiveOperationException e) {
            // What a missing class, a denied or failed load and an absent function look like. Kept for the report.
            report.failed(kind, e);
            return null;
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("The constructors of the bindings declare no checked exception", e);
        }
    }
}
