// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;

/** How the examples end their event loops. */
public final class EventLoops {
    // Not 0: a Netty 4.2 loop that is told so while it is running handlers ends without closing its channels
    // (SingleThreadIoEventLoop.run asks isShuttingDown before the tasks, and confirmShutdown after them).
    private static final long QUIET_MILLIS = 200;
    private static final long TIMEOUT_MILLIS = 10_000;

    private EventLoops() {}

    /**
     * Closes all channels of a group and ends its loops. Waits for that, but no longer than 20 seconds.
     *
     * @return whether they have ended
     */
    public static boolean end(EventLoopGroup group) {
        return group.shutdownGracefully(QUIET_MILLIS, TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(2 * TIMEOUT_MILLIS);
    }
}
