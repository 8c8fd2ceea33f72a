// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The signals of this process, for every kqueue that watches one. A signalfd cannot do it: it reads what is blocked, and the
 * threads of a JVM do not block signals. So the JVM catches them (module jdk.unsupported), which leaves it in command of its
 * own: SEGV, QUIT and others are refused. A signal that is watched has lost its default action; the handler that was there
 * before is put back when the last kqueue has let go. Any thread.
 */
final class SignalHub {

    /** sun.misc.Signal knows signals by name; their numbers differ between systems. */
    private static final String[] NAMES = {
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private static final Set<String> SHUTDOWN = Set.of("HUP", "INT", "TERM");

    /** The answer of {@link #subscribe}. */
    enum Answer {
        DONE,
        /** No signal has this number. */
        UNKNOWN,
        /** The JVM, or the operating system, keeps it for itself, or whoever started the JVM wants it ignored. */
        REFUSED
    }

    private static final Map<Integer, SignalHub> WATCHED = new HashMap<>();

    private final Signal signal;
    private final SignalHandler handler = this::handle;
    private final SignalHandler before;
    private final List<SignalTarget> targets = new ArrayList<>();

    private SignalHub(Signal signal) {
        this.signal = signal;
        before = Signal.handle(signal, handler);
    }

    static Answer subscribe(SignalTarget target) {
        synchronized (WATCHED) {
            SignalHub hub = WATCHED.get(target.number);
            if (hub == null) {
                Signal signal = signal(target.number);
                if (signal == null) {
                    return Answer.UNKNOWN;
                }
                initializeProcesses();
                try {
                    hub = new SignalHub(signal);
                } catch (IllegalArgumentException e) {
                    // "Signal already used by VM or OS"
                    return Answer.REFUSED;
                }
                if (hub.staysIgnored()) {
                    hub.letGo();
                    return Answer.REFUSED;
                }
                WATCHED.put(target.number, hub);
            }
            hub.targets.add(target);
            return Answer.DONE;
        }
    }

    /** When this returns, {@code target} is not and will not be told. */
    static void unsubscribe(SignalTarget target) {
        synchronized (WATCHED) {
            SignalHub hub = WATCHED.get(target.number);
            if (hub != null && hub.targets.remove(target) && hub.targets.isEmpty()) {
                WATCHED.remove(target.number);
                hub.letGo();
            }
        }
    }

    /**
     * Of the three signals that end it, the JVM leaves those alone that it was started with ignored, as nohup(1) does and shells
     * with INT in the background. It says so by the old handler and no other way (jvm_posix.cpp, JVM_RegisterSignal).
     */
    private boolean staysIgnored() {
        return before == SignalHandler.SIG_IGN && SHUTDOWN.contains(signal.getName());
    }

    private void letGo() {
        SignalHandler present = Signal.handle(signal, before);
        if (present != handler) {
            // Set by someone else after ours: it is theirs.
            Signal.handle(signal, present);
        }
    }

    private void handle(Signal delivered) {
        synchronized (WATCHED) {
            for (SignalTarget target : targets) {
                target.raised();
            }
        }
    }

    /**
     * The first use of java.lang.Process sets SIGCHLD to its default action (ProcessImpl_md.c, setSIGCHLDHandler), which would
     * take a handler of ours away. So that is made to happen before.
     */
    private static void initializeProcesses() {
        try {
            Class.forName("java.lang.ProcessImpl");
        } catch (ClassNotFoundException e) {
            // Another JDK's: SIGCHLD is told until its first process is started, if that resets it.
            return;
        }
    }

    private static @Nullable Signal signal(int number) {
        for (String name : NAMES) {
            try {
                Signal signal = new Signal(name);
                if (signal.getNumber() == number) {
                    return signal;
                }
            } catch (IllegalArgumentException e) {
                // This system has no signal of that name.
                continue;
            }
        }
        return null;
    }
}
