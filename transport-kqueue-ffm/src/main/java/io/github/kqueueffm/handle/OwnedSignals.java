// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The signals that a Java program cannot have, and why. The JVM refuses some of them by itself (JVM_RegisterSignal of HotSpot),
 * and would let others be taken from it.
 */
final class OwnedSignals {

    /** signals_posix.cpp: the signal by which HotSpot suspends its threads is the one that this names. */
    private static final String SUSPEND_VARIABLE = "_JAVA_SR_SIGNUM";

    private static final String OTHER = "Use one that is free, such as SIGUSR1 or SIGHUP.";

    private static final String FAULTS = "the JVM turns it into exceptions and runs its own checks by it. " + OTHER;

    private static final String WRITES =
            "the JVM turns it into an IOException of the write that has caused it. Handle that one.";

    private static final String SUSPEND =
            "the JVM suspends threads by it, which the Flight Recorder needs. Start the JVM with the"
                    + " environment variable " + SUSPEND_VARIABLE
                    + " set to the number of a signal above SIGSEGV and SIGBUS that nobody"
                    + " needs, or use SIGUSR1.";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("KILL", "no process can catch it. Use SIGTERM."),
            Map.entry("STOP", "no process can catch it. Use SIGTSTP."),
            Map.entry("SEGV", FAULTS),
            Map.entry("BUS", FAULTS),
            Map.entry("FPE", FAULTS),
            Map.entry("ILL", FAULTS),
            Map.entry("TRAP", FAULTS),
            Map.entry("QUIT", "the JVM prints its threads at it, and lets jcmd and jstack in. " + OTHER),
            Map.entry("PIPE", WRITES),
            Map.entry("XFSZ", WRITES),
            Map.entry("USR2", SUSPEND),
            Map.entry("IO", "the JDK interrupts threads that wait for a socket by it on macOS and the BSDs. " + OTHER));

    private OwnedSignals() {}

    /** @throws UnsupportedOperationException when {@code name} is not to be had */
    static void check(String name) {
        check(name, System.getenv(SUSPEND_VARIABLE));
    }

    static void check(String name, @Nullable String suspendSignal) {
        String reason = REASONS.get(name);
        if (reason != null && !(name.equals("USR2") && suspendSignal != null)) {
            throw new UnsupportedOperationException("SIG" + name + " cannot be watched: " + reason);
        }
    }

    /** The JVM has refused a signal that it has in most cases no use for. */
    static UnsupportedOperationException refused(String name, IllegalArgumentException cause) {
        return new UnsupportedOperationException(
                "SIG" + name
                        + " cannot be watched: the JVM keeps it for itself. If it was started with -Xrs, which leaves SIGHUP,"
                        + " SIGINT and SIGTERM their default actions, start it without, or use another signal, such as SIGUSR1.",
                cause);
    }
}
