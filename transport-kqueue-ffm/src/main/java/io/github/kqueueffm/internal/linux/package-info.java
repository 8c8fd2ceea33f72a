// SPDX-License-Identifier: Apache-2.0

/** The engine's kernel on Linux: kevent(2) semantics made of epoll and eventfd. */
@NullMarked
package io.github.kqueueffm.internal.linux;

import org.jspecify.annotations.NullMarked;
