// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueIoOps;
import io.netty.channel.EventLoopGroup;
import io.netty.util.internal.ObjectUtil;
import java.util.Locale;

/**
 * Watches a signal to this process (EVFILT_SIGNAL; on Linux by way of the JVM). While it is watched, by any event loop, the signal
 * does nothing else: not even SIGTERM ends the process, and the JVM runs no shutdown hooks for it. SIGCHLD alone keeps its default
 * action, which is to do nothing. When the last watch of a signal closes, what was there before is put back. Programs that are started
 * meanwhile inherit nothing of it.
 *
 * <p>Several event loops may watch a signal, and each is told; one event loop watches it once.
 *
 * <p>The JVM needs some signals for itself, and these are refused: SEGV, BUS, FPE, ILL and TRAP, QUIT, PIPE and XFSZ, USR2 (unless the
 * environment variable {@code _JAVA_SR_SIGNUM} gives it another one), and IO, which the JDK uses on macOS and the BSDs. KILL and STOP
 * nobody can catch. A JVM that was started with {@code -Xrs} does not let go of HUP, INT and TERM. One that was started with HUP, INT
 * or TERM ignored, as nohup(1) does with HUP, and shells with INT of what runs in the background, hears it on the BSDs; on Linux the
 * watch fails (EPERM).
 *
 * <p>Needs the module {@code jdk.unsupported}, which has {@code sun.misc.Signal}.
 */
public final class KQueueSignal extends KQueueHandle {

    private static final String PREFIX = "SIG";

    private final String name;
    private final SignalDisposition disposition;
    private final KQueueSignalListener listener;

    private KQueueSignal(
            EventLoopGroup loops, String name, SignalDisposition disposition, KQueueSignalListener listener) {
        super(loops, KQueueFilter.SIGNAL, disposition.number());
        this.name = name;
        this.disposition = disposition;
        this.listener = listener;
    }

    /**
     * Watches a signal.
     *
     * @param signal {@code HUP} or {@code SIGHUP}, in upper or lower case
     * @throws UnsupportedOperationException when the JVM needs it for itself, or nobody can catch it; the message tells why and what
     *     to do instead
     * @throws IllegalArgumentException when the system has no signal of that name, or the event loop is not of this transport
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueSignal watch(EventLoopGroup loops, String signal, KQueueSignalListener listener) {
        ObjectUtil.checkNotNull(loops, "loops");
        ObjectUtil.checkNotNull(listener, "listener");
        String name = plain(signal);
        OwnedSignals.check(name);
        SignalDisposition disposition = SignalDisposition.take(name);
        KQueueSignal watch;
        try {
            watch = new KQueueSignal(loops, name, disposition, listener);
        } catch (RuntimeException e) {
            disposition.release();
            throw e;
        }
        watch.register();
        return watch;
    }

    private static String plain(String signal) {
        String upper = signal.toUpperCase(Locale.ROOT);
        return upper.startsWith(PREFIX) ? upper.substring(PREFIX.length()) : upper;
    }

    /** {@code HUP}. */
    public String name() {
        return name;
    }

    /** Its number on this system. */
    public int number() {
        return disposition.number();
    }

    @Override
    KQueueIoOps addition() {
        return KQueueIoOps.newOps(
                KQueueFilter.SIGNAL, KQueueIoOps.ADD | KQueueIoOps.ENABLE | KQueueIoOps.RECEIPT | KQueueIoOps.CLEAR, 0);
    }

    @Override
    void deliver(KQueueIoEvent event) {
        listener.received(this, event.data());
    }

    @Override
    boolean isLast(KQueueIoEvent event) {
        return false;
    }

    @Override
    void caught(Throwable cause) {
        listener.exceptionCaught(this, cause);
    }

    @Override
    void release() {
        disposition.release();
    }

    @Override
    public String toString() {
        return "KQueueSignal(" + PREFIX + name + ')';
    }
}
