// SPDX-License-Identifier: Apache-2.0

/** A server that is told by signals to reload and to end. */
@NullMarked
package io.github.kqueueffm.examples.signals;

import org.jspecify.annotations.NullMarked;
