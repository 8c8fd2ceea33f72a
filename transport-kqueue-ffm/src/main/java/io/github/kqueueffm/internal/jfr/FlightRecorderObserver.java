// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.jfr;

import io.github.kqueueffm.internal.engine.LoopObserver;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.ErrnoNames;

/** Makes events of what it hears. While none is recorded, a turn costs it three calls that find this out. */
final class FlightRecorderObserver implements LoopObserver {

    private final Errno names;

    /** One for all turns: JFR copies what it commits, and one for each turn would be garbage of each turn. */
    private final SlowTurnEvent turn = new SlowTurnEvent();

    /** {@link System#nanoTime} of the begin of a turn that is watched. */
    private long start;

    /** The turn under way is watched; events may be turned on and off in the middle of one. */
    private boolean watched;

    FlightRecorderObserver(Errno names) {
        this.names = names;
        // Loads the class now: when there is no descriptor left, none can be loaded from a folder.
        ErrorEvent unused = new ErrorEvent("", -1, 0, "");
    }

    @Override
    public void turnBegins() {
        if (turn.isEnabled()) {
            watched = true;
            start = System.nanoTime();
            turn.events = 0;
            turn.eventTime = 0;
            turn.begin();
        }
    }

    @Override
    public void handedOut(int events) {
        if (watched) {
            turn.events += events;
            turn.eventTime = System.nanoTime() - start;
        }
    }

    @Override
    public void turnEnds() {
        if (watched) {
            watched = false;
            turn.end();
            if (turn.shouldCommit()) {
                turn.commit();
            }
        }
    }

    @Override
    public void failed(String call, int ident, int errno) {
        ErrorEvent event = new ErrorEvent(call, ident, errno, ErrnoNames.name(names, errno));
        event.commit();
    }
}
