// SPDX-License-Identifier: Apache-2.0

/**
 * A Netty 4.2 transport on a kqueue engine: the kernel's own kqueue on macOS and the BSDs, one built on epoll on Linux.
 *
 * <p>Start with {@code new MultiThreadIoEventLoopGroup(KQueueIoHandler.newFactory())} and the channel classes of this
 * package; {@code KQueue} tells whether the transport works in this JVM, and why not. Files, signals, processes, timers and user
 * events on the same event loops are in {@code io.github.kqueueffm.handle}.
 */
@NullMarked
package io.github.kqueueffm;

import org.jspecify.annotations.NullMarked;
