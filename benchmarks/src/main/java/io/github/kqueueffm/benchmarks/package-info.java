// SPDX-License-Identifier: Apache-2.0

/** JMH benchmarks of the layers below the channels. */
@NullMarked
package io.github.kqueueffm.benchmarks;

import org.jspecify.annotations.NullMarked;
