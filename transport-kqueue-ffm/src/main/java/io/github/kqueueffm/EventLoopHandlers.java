// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of an event loop, which Netty's event loops keep to themselves. Weak in both: an event loop that was never
 * started is never told that it ends. Any thread.
 */
final class EventLoopHandlers {

    private static final Map<Object, WeakReference<KQueueIoHandler>> HANDLERS = new WeakHashMap<>();

    private EventLoopHandlers() {}

    static void add(Object eventLoop, KQueueIoHandler handler) {
        synchronized (HANDLERS) {
            HANDLERS.put(eventLoop, new WeakReference<>(handler));
        }
    }

    /** {@code null} for an executor that is no event loop of this transport. */
    static @Nullable KQueueIoHandler of(Object executor) {
        synchronized (HANDLERS) {
            WeakReference<KQueueIoHandler> handler = HANDLERS.get(executor);
            return handler == null ? null : handler.get();
        }
    }
}
