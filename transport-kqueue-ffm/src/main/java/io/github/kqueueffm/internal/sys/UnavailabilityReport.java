// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers what a {@link BindingLoader} tried, for a message that a user can act on. */
final class UnavailabilityReport {

    private static final String JNA = "com.sun.jna";

    private final List<String> attempts = new ArrayList<>();
    private final Set<String> cures = new LinkedHashSet<>();
    private final List<Throwable> failures = new ArrayList<>();
    private @Nullable Platform platform;
    private boolean ffmNeedsNewerJdk;

    /** The failure is that of the library chosen by hand: no other binding or JDK would help. */
    private boolean libraryAtFault;

    void platform(Platform used) {
        this.platform = used;
    }

    void notTried(BindingKind kind, String reason) {
        attempts.add(kind.id() + ": not tried, " + reason);
        ffmNeedsNewerJdk |= kind == BindingKind.FFM;
    }

    void failed(BindingKind kind, Throwable failure) {
        failures.add(failure);
        Throwable root = failure;
        while (root instanceof ExceptionInInitializerError && root.getCause() != null) {
            root = root.getCause();
        }
        attempts.add(kind.id() + ": " + reason(kind, root));
    }

    /** For a failure before any binding was tried. */
    BindingUnavailableException because(String reason, @Nullable Throwable cause) {
        attempts.add(reason);
        if (cause != null) {
            failures.add(cause);
        }
        return toException();
    }

    BindingUnavailableException toException() {
        StringBuilder message = new StringBuilder("The kqueue transport cannot reach the C library on ")
                .append(Platforms.detectedId())
                .append(" with JDK ")
                .append(Runtime.version())
                .append(", platform record ")
                .append(platform == null ? "none" : platform.id())
                .append(settings())
                .append(". Tried:");
        attempts.forEach(attempt -> message.append("\n  ").append(attempt));
        if (ffmNeedsNewerJdk && !libraryAtFault) {
            cures.add("use JDK 22 or newer with " + nativeAccess(false));
        }
        if (!cures.isEmpty()) {
            message.append("\nWhat helps: ").append(String.join(", or ", cures));
        }
        BindingUnavailableException exception = new BindingUnavailableException(message.toString());
        failures.forEach(exception::addSuppressed);
        return exception;
    }

    private String reason(BindingKind kind, Throwable failure) {
        if (failure instanceof IllegalCallerException) {
            cures.add("start java with " + nativeAccess(kind == BindingKind.JNA));
            return "native access is denied: " + failure.getMessage();
        }
        if (failure instanceof ClassNotFoundException) {
            return "this jar was built without it: " + failure.getMessage();
        }
        if (failure instanceof NoClassDefFoundError && failure.getCause() instanceof ClassNotFoundException) {
            if (kind == BindingKind.JNA && !libraryAtFault) {
                cures.add("add net.java.dev.jna:jna to the dependencies");
            }
            return "a class is missing: " + failure.getMessage();
        }
        if (failure instanceof MissingFunctionsError || failure instanceof LibraryLoadError) {
            libraryAtFault = true;
            return String.valueOf(failure.getMessage());
        }
        if (kind == BindingKind.JNA && failure instanceof UnsatisfiedLinkError) {
            cures.add("install JNA's own library for this system and name its folder with -Djna.boot.library.path");
        }
        return failure.toString();
    }

    private static String settings() {
        StringBuilder settings = new StringBuilder();
        for (String property :
                List.of(Platforms.PROPERTY, BindingLoader.BINDING_PROPERTY, BindingLoader.LIBRARY_PROPERTY)) {
            String value = System.getProperty(property);
            if (value != null) {
                settings.append(settings.isEmpty() ? " (-D" : ", -D")
                        .append(property)
                        .append('=')
                        .append(value);
            }
        }
        return settings.isEmpty() ? "" : settings.append(')').toString();
    }

    /** The flag that allows native access to the module whose code asks for it. */
    private static String nativeAccess(boolean jna) {
        Module ours = BindingLoader.class.getModule();
        if (!ours.isNamed()) {
            return "--enable-native-access=ALL-UNNAMED";
        }
        // JNA loads its library itself, so on the module path it is JNA's module that needs the permission.
        boolean jnaIsModule = jna && ours.getLayer().findModule(JNA).isPresent();
        return "--enable-native-access=" + ours.getName() + (jnaIsModule ? "," + JNA : "");
    }
}
