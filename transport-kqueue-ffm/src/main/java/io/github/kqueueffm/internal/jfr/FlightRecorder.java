// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.jfr;

import io.github.kqueueffm.internal.engine.LoopObserver;
import io.github.kqueueffm.internal.platform.Errno;

/** The way to JDK Flight Recorder, where there is one. */
public final class FlightRecorder {

    private FlightRecorder() {}

    /**
     * An observer for one event loop.
     *
     * @param errno numbers of the platform
     */
    public static LoopObserver observer(Errno errno) {
        try {
            return new FlightRecorderObserver(errno);
        } catch (LinkageError e) {
            // No module jdk.jfr in this image, or the application's modules do not ask for it: nothing can be recorded.
            return LoopObserver.NONE;
        }
    }
}
