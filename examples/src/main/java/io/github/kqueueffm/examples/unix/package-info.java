// SPDX-License-Identifier: Apache-2.0

/** An echo server on a UNIX socket, for any client. */
@NullMarked
package io.github.kqueueffm.examples.unix;

import org.jspecify.annotations.NullMarked;
