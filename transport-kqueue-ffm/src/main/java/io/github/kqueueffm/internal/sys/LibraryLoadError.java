// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

/** The shared library that was chosen by hand could not be loaded. */
public final class LibraryLoadError extends UnsatisfiedLinkError {

    private static final long serialVersionUID = 1L;

    /** @param cause what the linker or JNA made of dlopen(3)'s failure */
    public LibraryLoadError(String file, Throwable cause) {
        super(file + " cannot be loaded (no shared library for this system and processor, or one that it depends on is "
                + "missing): " + cause.getMessage());
        initCause(cause);
    }
}
