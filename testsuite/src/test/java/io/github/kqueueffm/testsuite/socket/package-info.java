// SPDX-License-Identifier: Apache-2.0

/**
 * What Netty's shared suite does not ask of a TCP channel. Every scenario is run over our channels, with ourselves and with
 * NIO at the other end, and over NIO's, which proves that it describes what users of Netty know.
 */
@NullMarked
package io.github.kqueueffm.testsuite.socket;

import org.jspecify.annotations.NullMarked;
