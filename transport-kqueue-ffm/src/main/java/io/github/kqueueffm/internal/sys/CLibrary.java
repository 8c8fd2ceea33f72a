// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import org.jspecify.annotations.Nullable;

/**
 * Where the C functions are looked up.
 *
 * @param file absolute path of a shared library, {@code null} for the C library that the process runs with
 * @param foreign the library has the ABI of another operating system: a name that it only passes on from the C library of
 *     the running system is not the function meant, and counts as absent
 * @param hostErrnoLocation the name under which the C library of the running system exports its errno function,
 *     {@code null} if we do not know the system; tells whether {@code file} keeps an errno of its own
 */
public record CLibrary(
        @Nullable String file, boolean foreign, @Nullable String hostErrnoLocation) {}
