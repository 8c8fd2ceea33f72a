// SPDX-License-Identifier: Apache-2.0

/** Loads on a whole server, which compare transports by the CPU time that a request costs. */
@NullMarked
package io.github.kqueueffm.benchmarks.load;

import org.jspecify.annotations.NullMarked;
