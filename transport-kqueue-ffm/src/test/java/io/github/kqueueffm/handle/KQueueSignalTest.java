// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Real signals to this JVM. */
@Timeout(120)
class KQueueSignalTest extends HandleLoops {

    private static final SignalHandler MARK = signal -> {};

    private final KQueueSignalListener noting = new KQueueSignalListener() {
        @Override
        public void received(KQueueSignal signal, long count) {
            for (long i = 0; i < count; i++) {
                notes.add(signal.name());
            }
        }

        @Override
        public void exceptionCaught(KQueueSignal signal, Throwable cause) {
            notes.add(cause);
        }
    };

    private KQueueSignal watch(String signal) throws Exception {
        return registered(KQueueSignal.watch(loop, signal, noting));
    }

    /** From outside, as a user does it. */
    private static void kill(String signal) throws Exception {
        Process kill = new ProcessBuilder(
                        "kill",
                        "-" + signal,
                        Long.toString(ProcessHandle.current().pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Each of them would end a process that does not handle it. */
    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT", "TERM", "USR1", "ALRM", "PROF"})
    void signalIsToldAndDoesNothingElse(String name) throws Exception {
        Signal signal = new Signal(name);
        SignalHandler before = Signal.handle(signal, MARK);
        Signal.handle(signal, before);
        assumeTrue(before != SignalHandler.SIG_IGN, "this JVM was started with it ignored");
        KQueueSignal watch = watch(name);
        assertThat(watch.number()).isEqualTo(new Signal(name).getNumber());
        for (int i = 0; i < 3; i++) {
            kill(name);
            assertThat(note()).isEqualTo(name);
        }
        nothingMore();
        done(watch.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WINCH", "winch", "SIGWINCH", "sigwinch"})
    void namesAreTakenAsKillHasThem(String name) throws Exception {
        KQueueSignal watch = watch(name);
        assertThat(watch.name()).isEqualTo("WINCH");
        assertThat(watch).hasToString("KQueueSignal(SIGWINCH)");
        kill("WINCH");
        assertThat(note()).isEqualTo("WINCH");
    }

    @Test
    void dispositionIsPutBackByTheLastWatch() throws Exception {
        Signal usr1 = new Signal("USR1");
        SignalHandler before = Signal.handle(usr1, MARK);
        try {
            KQueueSignal first = watch("USR1");
            KQueueSignal second = registered(KQueueSignal.watch(otherLoop, "USR1", noting));
            done(first.close());
            kill("USR1");
            assertThat(note()).isEqualTo("USR1");
            done(second.close());
            assertThat(Signal.handle(usr1, MARK)).isSameAs(MARK);
            // And once more, as what was there before is looked at anew.
            done(watch("USR1").close());
            assertThat(Signal.handle(usr1, MARK)).isSameAs(MARK);
        } finally {
            Signal.handle(usr1, before);
        }
    }

    @Test
    void dispositionIsPutBackByTheEndOfTheLoop() throws Exception {
        Signal usr1 = new Signal("USR1");
        SignalHandler before = Signal.handle(usr1, MARK);
        try {
            KQueueSignal watch = watch("USR1");
            done(group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertThat(watch.closeFuture().isSuccess()).isTrue();
            assertThat(Signal.handle(usr1, MARK)).isSameAs(MARK);
            assertThatThrownBy(() -> KQueueSignal.watch(loop, "USR1", noting))
                    .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
            assertThat(Signal.handle(usr1, MARK)).isSameAs(MARK);
        } finally {
            Signal.handle(usr1, before);
        }
    }

    @Test
    void eachEventLoopIsTold() throws Exception {
        watch("USR1");
        registered(KQueueSignal.watch(otherLoop, "USR1", (signal, count) -> notes.add("other")));
        kill("USR1");
        assertThat(List.of(note(), note())).containsExactlyInAnyOrder("USR1", "other");
    }

    @Test
    void oneEventLoopWatchesASignalOnce() throws Exception {
        watch("USR1");
        KQueueSignal second = KQueueSignal.watch(loop, "USR1", noting);
        Throwable cause = failure(second.registerFuture());
        assertThat(cause).isInstanceOf(IllegalStateException.class).hasMessageContaining("another handle");
        assertThat(note()).isSameAs(cause);
        done(second.closeFuture());
        kill("USR1");
        assertThat(note()).isEqualTo("USR1");
        nothingMore();
    }

    @Test
    void childrenAreToldAndStillWaitedFor() throws Exception {
        watch("CHLD");
        Process child = new ProcessBuilder("sh", "-c", "exit 9").start();
        assertThat(note()).isEqualTo("CHLD");
        assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(9);
    }

    @Test
    void whatIsPendingAtCloseIsDropped() throws Exception {
        KQueueSignal watch = watch("USR1");
        CountDownLatch free = hold();
        kill("USR1");
        watch.close();
        free.countDown();
        done(watch.closeFuture());
        nothingMore();
    }

    /** kill(1) does not name QUIT, SEGV and so on to a JVM that would do something about them. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP", "SEGV", "BUS", "FPE", "ILL", "TRAP", "QUIT", "PIPE", "XFSZ", "USR2", "IO"})
    void signalsOfTheJvmAreRefusedByName(String name) {
        assertThatThrownBy(() -> KQueueSignal.watch(loop, name, noting))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("SIG" + name + " cannot be watched: ")
                .hasMessageMatching(".*(Use |use |Handle ).*");
    }

    @Test
    void signalOfTheJvmIsFreeWhenItTakesAnother() {
        assertThatCode(() -> OwnedSignals.check("USR2", "12")).doesNotThrowAnyException();
        assertThatThrownBy(() -> OwnedSignals.check("USR2", null)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> OwnedSignals.check("SEGV", "12")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void signalThatThereIsNot() {
        assertThatThrownBy(() -> KQueueSignal.watch(loop, "NONSENSE", noting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NONSENSE");
    }

    /** A program that is started while a signal is watched can be ended by it: SIG_IGN would be inherited. */
    @Test
    void programsInheritNothing() throws Exception {
        watch("TERM");
        Process child = new ProcessBuilder("sleep", "300").start();
        child.destroy();
        assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(128 + 15);
    }
}
