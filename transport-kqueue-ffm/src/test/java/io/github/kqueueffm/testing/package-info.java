// SPDX-License-Identifier: Apache-2.0

/**
 * A kernel in memory for tests: {@link io.github.kqueueffm.testing.ScriptedKernel} is a
 * {@link io.github.kqueueffm.internal.sys.Syscalls} whose descriptors a test sets as it likes, whose calls it can read
 * afterwards, and which fails when it is told to.
 */
@NullMarked
package io.github.kqueueffm.testing;

import org.jspecify.annotations.NullMarked;
