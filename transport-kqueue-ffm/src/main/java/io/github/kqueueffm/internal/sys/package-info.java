// SPDX-License-Identifier: Apache-2.0

/**
 * The way into the C library: {@link io.github.kqueueffm.internal.sys.Syscalls}, and {@link
 * io.github.kqueueffm.internal.sys.BindingLoader}, which finds an implementation that works in this JVM.
 */
@NullMarked
package io.github.kqueueffm.internal.sys;

import org.jspecify.annotations.NullMarked;
