// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** From the end of one wait to the beginning of the next. */
@Name("io.github.kqueueffm.SlowTurn")
@Label("Slow Event Loop Turn")
@Description("An event loop was away from its kqueue for long: handling events, then running tasks")
@Category({"Netty", "kqueue"})
@Threshold("20 ms")
// It would always be that of the wait.
@StackTrace(false)
final class SlowTurnEvent extends Event {

    @Label("Events")
    @Description("Events that were handed out to channels and handles")
    int events;

    @Label("Event Time")
    @Description("Part of the duration that went into these events; the rest went into tasks")
    @Timespan(Timespan.NANOSECONDS)
    long eventTime;
}
