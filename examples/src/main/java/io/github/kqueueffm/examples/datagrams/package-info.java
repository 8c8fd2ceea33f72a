// SPDX-License-Identifier: Apache-2.0

/** An echo server for UDP, unicast and multicast, for any client. */
@NullMarked
package io.github.kqueueffm.examples.datagrams;

import org.jspecify.annotations.NullMarked;
