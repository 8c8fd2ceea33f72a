// SPDX-License-Identifier: Apache-2.0

/**
 * What a kqueue watches besides sockets, on the event loops of this transport: files, signals, processes, timers and user
 * events.
 *
 * <pre>{@code
 * KQueueFileWatch watch = KQueueFileWatch.watch(
 *         group, Path.of("app.conf"), EnumSet.of(KQueueFileEvent.WRITE, KQueueFileEvent.DELETE),
 *         (file, events) -> reload());
 * }</pre>
 *
 * <p>Each is made by a static method that takes an event loop, or a group that chooses one, and a listener, which is called on
 * that event loop's thread. {@link KQueueHandle} tells what they have in common. They are built on {@code KQueueIoHandle},
 * {@code KQueueIoOps} and {@code KQueueIoEvent} alone, which are there for filters of your own too.
 */
@NullMarked
package io.github.kqueueffm.handle;

import org.jspecify.annotations.NullMarked;
