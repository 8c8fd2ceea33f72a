// SPDX-License-Identifier: Apache-2.0

/**
 * Netty's published transport test suite over our TCP channels: our server with our client, and each of them with NIO
 * at the other end. One small subclass for each class of the suite.
 */
@NullMarked
package io.github.kqueueffm.testsuite.shared;

import org.jspecify.annotations.NullMarked;
