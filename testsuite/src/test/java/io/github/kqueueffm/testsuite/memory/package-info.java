// SPDX-License-Identifier: Apache-2.0

/** The two ways that Netty has to direct memory: with {@code sun.misc.Unsafe}, and without. */
@NullMarked
package io.github.kqueueffm.testsuite.memory;

import org.jspecify.annotations.NullMarked;
