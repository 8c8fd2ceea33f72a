// SPDX-License-Identifier: Apache-2.0

/** The engine's kernel on Linux: kevent(2) semantics made of epoll, eventfd, inotify, pidfds and the JVM's signals. */
@NullMarked
package io.github.kqueueffm.internal.linux;

import org.jspecify.annotations.NullMarked;
