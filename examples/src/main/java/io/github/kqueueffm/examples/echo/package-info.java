// SPDX-License-Identifier: Apache-2.0

/** An echo server and a measuring, verifying client in one process. */
@NullMarked
package io.github.kqueueffm.examples.echo;

import org.jspecify.annotations.NullMarked;
