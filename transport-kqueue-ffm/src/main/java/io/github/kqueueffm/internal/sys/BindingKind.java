// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import io.github.kqueueffm.internal.platform.Platform;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The two implementations of {@link Syscalls}, in the order in which they are tried. */
enum BindingKind {
    FFM("FfmSyscalls", 22),
    JNA("JnaSyscalls", 17);

    private final String simpleName;
    private final int oldestJdk;

    BindingKind(String simpleName, int oldestJdk) {
        this.simpleName = simpleName;
        this.oldestJdk = oldestJdk;
    }

    /** As written in the property and in messages. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why this JDK cannot have the binding, {@code null} if it can. */
    @Nullable
    String tooOld(int jdk) {
        return jdk >= oldestJdk ? null : "needs JDK " + oldestJdk + " or newer";
    }

    /**
     * Links the implementation. It is found by a name made from this package's, which a shaded jar changes along, since a class
     * file that mentions it could not be verified where {@code java.lang.foreign} or JNA is missing.
     *
     * @throws Throwable whatever its class initializer, its constructor or its linking throws
     */
    Syscalls make(Platform platform, CLibrary library) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> implementation = lookup.findClass(BindingKind.class.getPackageName() + '.' + id() + '.' + simpleName);
        return (Syscalls) lookup.findConstructor(
                        implementation, MethodType.methodType(void.class, Platform.class, CLibrary.class))
                .invoke(platform, library);
    }
}
