// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What a signal does to this process while it is watched: nothing, by a handler that does nothing. Not by SIG_IGN, although a kqueue
 * counts what is ignored too: programs that are started inherit that, and could not be ended by SIGTERM. Counted, so that the last
 * watch puts back what was there. Any thread.
 */
final class SignalDisposition {

    /** Ignored by default, and a handler of it would be lost to the first {@link Process} (ProcessImpl_md.c, setSIGCHLDHandler). */
    private static final String KEEPS_DEFAULT = "CHLD";

    private static final SignalHandler NOTHING = signal -> {};

    /** By name. */
    private static final Map<String, SignalDisposition> TAKEN = new HashMap<>();

    private final Signal signal;

    /** What was there before; null if that was left alone. */
    private final @Nullable SignalHandler before;

    /** Guarded by {@link #TAKEN}. */
    private int holders;

    private SignalDisposition(Signal signal, @Nullable SignalHandler before) {
        this.signal = signal;
        this.before = before;
    }

    /**
     * {@link #release} must follow.
     *
     * @throws IllegalArgumentException when there is no such signal
     * @throws UnsupportedOperationException when the JVM keeps it
     */
    static SignalDisposition take(String name) {
        try {
            synchronized (TAKEN) {
                SignalDisposition disposition = TAKEN.get(name);
                if (disposition == null) {
                    Signal signal = new Signal(name);
                    disposition = new SignalDisposition(signal, replace(signal));
                    TAKEN.put(name, disposition);
                }
                disposition.holders++;
                return disposition;
            }
        } catch (NoClassDefFoundError e) {
            throw new UnsupportedOperationException(
                    "signals need the module jdk.unsupported: add --add-modules jdk.unsupported to java, or to jlink",
                    e);
        }
    }

    private static @Nullable SignalHandler replace(Signal signal) {
        if (signal.getName().equals(KEEPS_DEFAULT)) {
            return null;
        }
        try {
            return Signal.handle(signal, NOTHING);
        } catch (IllegalArgumentException e) {
            throw OwnedSignals.refused(signal.getName(), e);
        }
    }

    int number() {
        return signal.getNumber();
    }

    /** Once for each {@link #take}, when no kqueue of the holder's watches the signal any more. */
    void release() {
        synchronized (TAKEN) {
            if (--holders == 0) {
                TAKEN.remove(signal.getName());
                if (before != null) {
                    Signal.handle(signal, before);
                }
            }
        }
    }
}
