// SPDX-License-Identifier: Apache-2.0

/** {@link io.github.kqueueffm.internal.sys.Syscalls} by JNA direct mapping, for JDK 17 to 21. Loaded by name only. */
@NullMarked
package io.github.kqueueffm.internal.sys.jna;

import org.jspecify.annotations.NullMarked;
