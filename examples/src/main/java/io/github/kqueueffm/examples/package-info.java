// SPDX-License-Identifier: Apache-2.0

/** What the runnable examples share: the choice of a transport, command line handling, and the progress line. */
@NullMarked
package io.github.kqueueffm.examples;

import org.jspecify.annotations.NullMarked;
