// SPDX-License-Identifier: Apache-2.0

/**
 * The transport over the kernel of another operating system: a shared library in {@code src/test/c} that has NetBSD's ABI,
 * run in JVMs of its own, since a binding is chosen once in the life of one.
 */
@NullMarked
package io.github.kqueueffm.testsuite.foreign;

import org.jspecify.annotations.NullMarked;
