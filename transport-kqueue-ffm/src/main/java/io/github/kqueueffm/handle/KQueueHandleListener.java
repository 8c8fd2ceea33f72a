// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * What the listeners of all handles have in common. A listener is called on the thread of its handle's event loop, and must not
 * block it.
 *
 * @param <H> the kind of handle
 */
public interface KQueueHandleListener<H extends KQueueHandle> {

    /**
     * The handle could not be registered, and is closed; a later change was refused; or another method of this listener has
     * thrown. Unless overridden, this writes a warning to the log.
     *
     * @param cause a {@link io.github.kqueueffm.KQueueIoException} with the errno, {@link UnsupportedOperationException} where
     *     the system cannot do what was asked for, or what the listener has thrown
     */
    default void exceptionCaught(H handle, Throwable cause) {
        InternalLoggerFactory.getInstance(handle.getClass())
                .warn("Nobody takes an exception of {}: its listener has no exceptionCaught", handle, cause);
    }
}
