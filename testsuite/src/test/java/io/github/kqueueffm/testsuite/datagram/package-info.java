// SPDX-License-Identifier: Apache-2.0

/** What the shared suite does not ask of channels that send and receive datagrams, over UDP and UNIX domain sockets. */
@NullMarked
package io.github.kqueueffm.testsuite.datagram;

import org.jspecify.annotations.NullMarked;
