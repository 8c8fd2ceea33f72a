// SPDX-License-Identifier: Apache-2.0

/**
 * {@link io.github.kqueueffm.internal.sys.Syscalls} by {@code java.lang.foreign}, for JDK 22 and newer. Compiled to class
 * files of release 17 like the rest of the jar and loaded by name only, so that older JVMs never see it.
 */
@NullMarked
package io.github.kqueueffm.internal.sys.ffm;

import org.jspecify.annotations.NullMarked;
