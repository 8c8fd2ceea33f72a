// SPDX-License-Identifier: Apache-2.0

/** Tail -f over HTTP: files watched on the event loop that sends them. */
@NullMarked
package io.github.kqueueffm.examples.watch;

import org.jspecify.annotations.NullMarked;
