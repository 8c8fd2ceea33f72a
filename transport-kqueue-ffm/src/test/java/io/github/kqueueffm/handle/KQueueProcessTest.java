// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.KQueueIoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes. */
@Timeout(120)
class KQueueProcessTest extends HandleLoops {

    private final List<Process> started = new ArrayList<>();

    private final KQueueProcessListener noting = new KQueueProcessListener() {
        @Override
        public void exited(KQueueProcess process) {
            notes.add(process);
        }

        @Override
        public void exceptionCaught(KQueueProcess process, Throwable cause) {
            notes.add(cause);
        }
    };

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    /** A shell that runs {@code script} when it is told to go on, by a line. */
    private Process shell(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "read line; " + script)
                .redirectErrorStream(true)
                .start();
        started.add(process);
        return process;
    }

    private static void goOn(Process process) throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    @Test
    void exitCode() throws Exception {
        Process process = shell("exit 42");
        KQueueProcess watch = registered(KQueueProcess.watch(loop, process.pid(), noting));
        assertThat(watch.pid()).isEqualTo(process.pid());
        assertThat(watch.isExited()).isFalse();
        assertThat(watch.exitCode()).isEqualTo(-1);
        nothingMore();
        goOn(process);
        assertThat(note()).isSameAs(watch);
        assertThat(watch.isExited()).isTrue();
        assertThat(watch.isExitStatusKnown()).isTrue();
        assertThat(watch.exitCode()).isEqualTo(42);
        assertThat(watch.exitSignal()).isZero();
        assertThat(watch.isCoreDumped()).isFalse();
        done(watch.closeFuture());
        assertThat(process.waitFor()).as("its end is still java.lang.Process's").isEqualTo(42);
        nothingMore();
    }

    @Test
    void goodEnd() throws Exception {
        Process process = shell("exit 0");
        KQueueProcess watch = registered(KQueueProcess.watch(loop, process.pid(), noting));
        goOn(process);
        note();
        assertThat(watch.isExitStatusKnown()).isTrue();
        assertThat(watch.exitCode()).isZero();
    }

    @Test
    void signalThatEndedIt() throws Exception {
        Process process = shell("exit 1");
        KQueueProcess watch = registered(KQueueProcess.watch(loop, process.pid(), noting));
        process.destroyForcibly();
        note();
        assertThat(watch.isExitStatusKnown()).isTrue();
        assertThat(watch.exitSignal()).isEqualTo(9);
        assertThat(watch.exitCode()).isEqualTo(-1);
        assertThat(watch.isCoreDumped()).isFalse();
    }

    /** The shell's child is not ours, so its status is told or is not; never made up. */
    @Test
    void grandchild() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.2 & echo $!; wait").start();
        started.add(parent);
        long pid = Long.parseLong(parent.inputReader().readLine());
        KQueueProcess watch = KQueueProcess.watch(loop, pid, noting);
        assertThat(note()).isSameAs(watch);
        assertThat(watch.isExited()).isTrue();
        if (watch.isExitStatusKnown()) {
            assertThat(watch.exitCode()).isZero();
        } else {
            assertThat(watch.exitCode()).isEqualTo(-1);
        }
        assertThat(watch.exitSignal()).isZero();
    }

    @Test
    void processThatIsGone() throws Exception {
        Process process = shell("exit 0");
        goOn(process);
        process.waitFor();
        KQueueProcess watch = KQueueProcess.watch(loop, process.pid(), noting);
        Throwable cause = failure(watch.registerFuture());
        assertThat(cause)
                .isInstanceOfSatisfying(
                        KQueueIoException.class,
                        error -> assertThat(error.errnoName()).isEqualTo("ESRCH"));
        assertThat(note()).isSameAs(cause);
        done(watch.closeFuture());
        assertThat(watch.isExited()).isFalse();
    }

    @Test
    void numbersThatNoProcessHas() {
        for (long pid : new long[] {0, -1, 1L << 32}) {
            assertThatThrownBy(() -> KQueueProcess.watch(loop, pid, noting))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no number of a process");
        }
    }

    @Test
    void forksAreNotToldOnLinux() throws Exception {
        for (KQueueProcessEvent event : KQueueProcessEvent.values()) {
            KQueueProcess watch =
                    KQueueProcess.watch(loop, ProcessHandle.current().pid(), EnumSet.of(event), noting);
            Throwable cause = failure(watch.registerFuture());
            assertThat(cause)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("this system tells of the end of a process, and not of [" + event + "]")
                    .hasCauseInstanceOf(KQueueIoException.class);
            assertThat(note()).isSameAs(cause);
            done(watch.closeFuture());
        }
    }

    /** A kqueue has room for one filter of a process: the second would take it from the first without a word. */
    @Test
    void oneEventLoopWatchesAProcessOnce() throws Exception {
        Process process = shell("exit 3");
        KQueueProcess first = registered(KQueueProcess.watch(loop, process.pid(), noting));
        KQueueProcess second = KQueueProcess.watch(loop, process.pid(), noting);
        Throwable cause = failure(second.registerFuture());
        assertThat(cause).isInstanceOf(IllegalStateException.class).hasMessageContaining("another handle");
        assertThat(note()).isSameAs(cause);
        KQueueProcess elsewhere = registered(KQueueProcess.watch(otherLoop, process.pid(), noting));
        goOn(process);
        assertThat(List.of(note(), note())).containsExactlyInAnyOrder(first, elsewhere);
        assertThat(first.exitCode()).isEqualTo(3);
        assertThat(elsewhere.exitCode()).isEqualTo(3);
    }

    @Test
    void closedWatchOfAProcessMakesRoomForAnother() throws Exception {
        Process process = shell("exit 5");
        for (int i = 0; i < 10; i++) {
            KQueueProcess.watch(loop, process.pid(), noting).close();
        }
        KQueueProcess last = registered(KQueueProcess.watch(loop, process.pid(), noting));
        goOn(process);
        assertThat(note()).isSameAs(last);
        nothingMore();
    }

    @Test
    void endThatIsPendingAtCloseIsDropped() throws Exception {
        Process process = shell("exit 0");
        KQueueProcess watch = registered(KQueueProcess.watch(loop, process.pid(), noting));
        var free = hold();
        goOn(process);
        process.waitFor();
        watch.close();
        free.countDown();
        done(watch.closeFuture());
        nothingMore();
        assertThat(watch.isExited()).isFalse();
    }

    @Test
    void noDescriptorIsLeft() throws Exception {
        settle();
        Process gone = shell("exit 0");
        goOn(gone);
        gone.waitFor();
        Process process = shell("exit 0");
        long before = pidfds();
        KQueueProcess watch = registered(KQueueProcess.watch(loop, process.pid(), noting));
        failure(KQueueProcess.watch(loop, gone.pid(), noting).registerFuture());
        done(watch.close());
        KQueueProcess open = registered(KQueueProcess.watch(loop, process.pid(), noting));
        done(group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertThat(open.closeFuture().isSuccess()).isTrue();
        assertThat(pidfds()).isEqualTo(before);
    }

    private static long pidfds() throws IOException {
        return descriptors().stream().filter(target -> target.contains("pidfd")).count();
    }
}
