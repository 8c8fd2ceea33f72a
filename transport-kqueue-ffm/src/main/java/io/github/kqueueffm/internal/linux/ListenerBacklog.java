// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.engine.Kernel;

/**
 * When to ask a listener for the length of its queue. The answer is worth its call only under a stream of connections,
 * when several are waiting each time: so only a listener that was ready at the wait before as well is asked, and one that
 * answers "one" is left alone for ever longer.
 */
final class ListenerBacklog {

    private static final int MAX_PAUSE = 64;

    private long lastTurn = Long.MIN_VALUE;
    private int pause;
    private int left;
    private boolean checked;
    private boolean never;

    /**
     * @param turn number of this wait
     * @return what to report as {@code data}: the length of the queue or {@link Kernel#UNKNOWN}
     */
    long ready(SocketQueries queries, int fd, long turn) {
        boolean again = lastTurn == turn - 1;
        lastTurn = turn;
        if (!again || never) {
            return Kernel.UNKNOWN;
        }
        if (left > 0) {
            left--;
            return Kernel.UNKNOWN;
        }
        if (!checked) {
            checked = true;
            never = !queries.isListener(fd);
            if (never) {
                return Kernel.UNKNOWN;
            }
        }
        long backlog = queries.backlog(fd);
        if (backlog == Kernel.UNKNOWN) {
            never = true;
            return Kernel.UNKNOWN;
        }
        pause = backlog > 1 ? 0 : Math.min(MAX_PAUSE, pause * 2 + 1);
        left = pause;
        // 0: the connection that made it ready was taken by another process, or is gone. accept() will tell.
        return backlog > 0 ? backlog : Kernel.UNKNOWN;
    }
}
