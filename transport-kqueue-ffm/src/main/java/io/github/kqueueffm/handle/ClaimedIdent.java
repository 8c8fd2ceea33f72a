// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueFilter;
import io.netty.channel.IoEventLoop;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A kqueue has one knote for each filter and ident, and EV_ADD of one that is there takes it away from whoever added it. So an
 * event loop watches a signal or a process once.
 */
record ClaimedIdent(IoEventLoop eventLoop, KQueueFilter filter, int ident) {

    private static final Set<ClaimedIdent> CLAIMED = ConcurrentHashMap.newKeySet();

    /** @throws IllegalStateException when another handle has it */
    static ClaimedIdent claim(KQueueHandle handle, KQueueFilter filter, int ident) {
        ClaimedIdent claim = new ClaimedIdent(handle.eventLoop(), filter, ident);
        if (!CLAIMED.add(claim)) {
            throw new IllegalStateException(
                    "another handle on the same event loop is open for this already, and a kqueue"
                            + " tells one: close that one first, or take another event loop for " + handle);
        }
        return claim;
    }

    void release() {
        CLAIMED.remove(this);
    }
}
