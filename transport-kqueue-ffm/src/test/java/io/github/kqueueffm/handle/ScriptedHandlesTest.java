// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.ScriptedLoop;
import io.github.kqueueffm.handle.KQueueUserEvent.Operation;
import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.NoteConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import io.github.kqueueffm.testing.Flavour;
import io.github.kqueueffm.testing.Kevent;
import io.github.kqueueffm.testing.ScriptedKernel;
import io.netty.channel.ManualIoEventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What BSD kernels answer otherwise than Linux, and the changes that they are sent. */
class ScriptedHandlesTest {

    private final Platform platform = Platforms.current();
    private final KqueueConstants c = platform.kqueue();
    private final NoteConstants notes = platform.notes();
    private final Errno errno = platform.errno();
    private final ScriptedKernel kernel = new ScriptedKernel(platform);
    private final List<Object> told = new ArrayList<>();
    private ManualIoEventLoop loop;

    @BeforeEach
    void start() {
        loop = ScriptedLoop.on(kernel);
    }

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            turn();
        }
        assertThat(kernel.openDescriptors()).as("left open").isEmpty();
        assertThat(kernel.failuresDone()).isTrue();
    }

    private void turn() {
        loop.runNow();
    }

    /** A new handle is registered, and what comes with that is told. */
    private void turns() {
        for (int i = 0; i < 4; i++) {
            turn();
        }
    }

    /** The change that has added a filter. */
    private Kevent added(int filter) {
        return kernel.changes().stream()
                .filter(change -> change.filter() == filter && change.has(c.EV_ADD()) && change.ident() != 0)
                .findFirst()
                .orElseThrow();
    }

    private final KQueueUserEventListener notingFlags = (event, flags) -> told.add(flags);

    @ParameterizedTest
    @EnumSource
    void timer(Flavour flavour) {
        kernel.flavour(flavour);
        KQueueTimer timer = KQueueTimer.periodic(loop, Duration.ofMillis(20), (expired, count) -> told.add(count));
        assertThat(timer.registerFuture().isDone()).isFalse();
        turns();
        assertThat(timer.registerFuture().isSuccess()).isTrue();
        Kevent change = added(c.EVFILT_TIMER());
        assertThat(change.flags()).isEqualTo(c.EV_ADD() | c.EV_ENABLE() | c.EV_RECEIPT() | c.EV_CLEAR());
        assertThat(change.fflags()).as("milliseconds").isZero();
        assertThat(change.data()).isEqualTo(20);
        assertThat(change.ident()).isGreaterThanOrEqualTo(1 << 30);

        kernel.fire(change.ident(), c.EVFILT_TIMER(), 0, 1);
        turn();
        kernel.fire(change.ident(), c.EVFILT_TIMER(), 0, 1);
        kernel.fire(change.ident(), c.EVFILT_TIMER(), 0, 1);
        turn();
        assertThat(told).containsExactly(1L, 2L);

        kernel.clearLog();
        assertThat(timer.close().isDone()).isTrue();
        assertThat(kernel.changes())
                .containsExactly(new Kevent(change.ident(), c.EVFILT_TIMER(), c.EV_DELETE(), 0, 0, change.udata()));
        assertThat(kernel.fire(change.ident(), c.EVFILT_TIMER(), 0, 1)).isFalse();
    }

    /** It has expired, the kernel will tell of it, and it is closed before that. */
    @ParameterizedTest
    @EnumSource
    void whatIsPendingInTheKernelAtCloseIsDropped(Flavour flavour) {
        kernel.flavour(flavour);
        KQueueTimer timer = KQueueTimer.periodic(loop, Duration.ofMillis(20), (expired, count) -> told.add(count));
        KQueueSignal signal = KQueueSignal.watch(loop, "URG", (watch, count) -> told.add(count));
        turns();
        kernel.fire(added(c.EVFILT_TIMER()).ident(), c.EVFILT_TIMER(), 0, 1);
        kernel.fire(signal.number(), c.EVFILT_SIGNAL(), 0, 1);
        timer.close();
        signal.close();
        turns();
        assertThat(told).isEmpty();
    }

    /** Both events of one batch, of which the first closes the other's handle. */
    @ParameterizedTest
    @EnumSource
    void whatWasFetchedIsDroppedWhenItsHandleCloses(Flavour flavour) {
        kernel.flavour(flavour);
        List<KQueueTimer> timers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            timers.add(KQueueTimer.periodic(loop, Duration.ofMillis(20), (expired, count) -> {
                told.add(expired);
                timers.forEach(KQueueTimer::close);
            }));
        }
        turns();
        for (Kevent change : kernel.changes()) {
            if (change.filter() == c.EVFILT_TIMER()) {
                kernel.fire(change.ident(), c.EVFILT_TIMER(), 0, 1);
            }
        }
        turns();
        assertThat(told).containsExactly(timers.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void signalsAreCounted(Flavour flavour) {
        kernel.flavour(flavour);
        KQueueSignal signal = KQueueSignal.watch(loop, "URG", (watch, count) -> told.add(count));
        turns();
        assertThat(added(c.EVFILT_SIGNAL()).ident()).isEqualTo(signal.number());
        kernel.fire(signal.number(), c.EVFILT_SIGNAL(), 0, 5);
        turn();
        kernel.fire(signal.number(), c.EVFILT_SIGNAL(), 0, Integer.MAX_VALUE);
        kernel.fire(signal.number(), c.EVFILT_SIGNAL(), 0, Integer.MAX_VALUE);
        turn();
        assertThat(told).containsExactly(5L, 2L * Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @EnumSource
    void processThatForksExecutesAndEnds(Flavour flavour) {
        kernel.flavour(flavour);
        KQueueProcess process =
                KQueueProcess.watch(loop, 4711, EnumSet.allOf(KQueueProcessEvent.class), new KQueueProcessListener() {
                    @Override
                    public void exited(KQueueProcess ended) {
                        told.add("exit " + ended.exitCode() + ' ' + ended.exitSignal() + ' ' + ended.isCoreDumped());
                    }

                    @Override
                    public void forked(KQueueProcess forking) {
                        told.add("fork");
                    }

                    @Override
                    public void executed(KQueueProcess executing) {
                        told.add("exec");
                    }
                });
        turns();
        assertThat(process.registerFuture().isSuccess()).isTrue();
        assertThat(added(c.EVFILT_PROC()).fflags())
                .isEqualTo(notes.NOTE_EXIT() | notes.NOTE_FORK() | notes.NOTE_EXEC());
        kernel.fire(4711, c.EVFILT_PROC(), notes.NOTE_FORK(), 0);
        turn();
        kernel.fire(4711, c.EVFILT_PROC(), notes.NOTE_FORK() | notes.NOTE_EXEC(), 0);
        turn();
        kernel.fire(4711, c.EVFILT_PROC(), notes.NOTE_EXEC() | notes.NOTE_EXIT(), 11 | 0x80);
        turn();
        assertThat(told).containsExactly("fork", "fork", "exec", "exec", "exit -1 11 true");
        assertThat(process.isOpen()).isFalse();
        assertThat(process.isExitStatusKnown()).isTrue();
        assertThat(process.closeFuture().isDone()).isTrue();
    }

    /** What macOS puts beside EV_ERROR must not make an answer of it that is not one. */
    @ParameterizedTest
    @EnumSource
    void refusalsAreTold(Flavour flavour) {
        kernel.flavour(flavour).errorsKeepFlags(true);
        kernel.refuse(4711, c.EVFILT_PROC(), errno.ESRCH());
        kernel.refuse(4712, c.EVFILT_PROC(), errno.EACCES());
        kernel.refuse(4713, c.EVFILT_PROC(), errno.ENOMEM());
        List<String> names = new ArrayList<>();
        for (int pid = 4711; pid <= 4714; pid++) {
            KQueueProcess process = KQueueProcess.watch(loop, pid, ended -> told.add("ended"));
            process.registerFuture()
                    .addListener(future ->
                            names.add(future.isSuccess() ? "taken" : ((KQueueIoException) future.cause()).errnoName()));
            turns();
            assertThat(process.isOpen()).isEqualTo(pid == 4714);
        }
        assertThat(names).containsExactly("ESRCH", "EACCES", "ENOMEM", "taken");
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nothingButTheKernelsAnswerRegisters(Flavour flavour) {
        kernel.flavour(flavour).refuse(4711, c.EVFILT_PROC(), errno.ENOTSUP());
        KQueueProcess process =
                KQueueProcess.watch(loop, 4711, Set.of(KQueueProcessEvent.FORK), ended -> told.add("ended"));
        turns();
        assertThat(process.registerFuture().cause()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(process.closeFuture().isDone()).isTrue();
    }

    /** EVFILT_USER of the kernel: the flags of changes are sent as they are, without EV_CLEAR, which takes triggers back. */
    @ParameterizedTest
    @EnumSource
    void userEventOfTheKernel(Flavour flavour) {
        kernel.flavour(flavour);
        KQueueUserEvent event = KQueueUserEvent.open(loop, 5, notingFlags);
        turns();
        Kevent add = added(c.EVFILT_USER());
        assertThat(add.fflags()).isEqualTo(5);
        kernel.clearLog();
        event.trigger();
        turns();
        assertThat(told).hasSize(1);
        event.trigger(Operation.AND, 1);
        turns();
        assertThat(told).hasSize(2);
        event.update(Operation.OR, 3);
        turns();
        event.update(Operation.COPY, 9);
        turns();
        assertThat(told).hasSize(2);
        assertThat(kernel.changes().stream().filter(change -> change.ident() == add.ident()))
                .extracting(Kevent::flags, Kevent::fflags)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0, c.NOTE_TRIGGER()),
                        org.assertj.core.groups.Tuple.tuple(0, c.NOTE_TRIGGER() | notes.NOTE_FFAND() | 1),
                        org.assertj.core.groups.Tuple.tuple(0, notes.NOTE_FFOR() | 3),
                        org.assertj.core.groups.Tuple.tuple(0, notes.NOTE_FFCOPY() | 9));
    }

    /** NetBSD before 10, OpenBSD before 7.8. */
    @ParameterizedTest
    @EnumSource
    void userEventWithoutTheKernel(Flavour flavour) {
        kernel.flavour(flavour).userEvents(false);
        KQueueUserEvent event = KQueueUserEvent.open(loop, 0xf0, notingFlags);
        event.trigger(Operation.OR, 1);
        turns();
        assertThat(event.registerFuture().isSuccess()).isTrue();
        event.trigger();
        assertThat(told).as("in a turn of its own").containsExactly(0xf1);
        event.trigger(Operation.AND, 0x81);
        event.update(Operation.OR, 2);
        turns();
        assertThat(told).containsExactly(0xf1, 0x83);
        event.update(Operation.COPY, 4);
        turns();
        assertThat(told).hasSize(2);
        event.trigger();
        event.close();
        turns();
        assertThat(told).hasSize(2);

        KQueueUserEvent throwing = KQueueUserEvent.open(loop, (self, flags) -> {
            told.add(self);
            throw new IllegalStateException("wanted by the test");
        });
        turns();
        throwing.trigger();
        turns();
        throwing.trigger();
        turns();
        assertThat(told).containsExactly(0xf1, 0x83, throwing, throwing);
        KQueueUserEvent open = KQueueUserEvent.open(loop, notingFlags);
        turns();
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        turns();
        assertThat(open.closeFuture().isDone())
                .as("the end of its event loop is the end of it")
                .isTrue();
    }

    /** A descriptor that the kernel of the kqueue does not know. */
    @ParameterizedTest
    @EnumSource
    void fileThatCannotBeWatchedIsClosed(Flavour flavour) throws Exception {
        kernel.flavour(flavour);
        Path file = Files.createTempFile("watch", ".txt").toRealPath();
        try {
            KQueueFileWatch watch = KQueueFileWatch.watch(
                    loop, file, EnumSet.of(KQueueFileEvent.WRITE), (changed, events) -> told.add(events));
            assertThat(HandleLoops.descriptors()).contains(file.toString());
            turns();
            assertThat(watch.registerFuture().cause())
                    .isInstanceOfSatisfying(
                            KQueueIoException.class,
                            e -> assertThat(e.errnoName()).isEqualTo("EBADF"));
            assertThat(watch.closeFuture().isDone()).isTrue();
            assertThat(watch.isOpen()).isFalse();
            assertThat(HandleLoops.descriptors()).doesNotContain(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** kevent itself fails as the handle is taken out: what it holds is given back all the same. */
    @ParameterizedTest
    @EnumSource
    void failureToCloseLeavesNothing(Flavour flavour) {
        kernel.flavour(flavour);
        KQueueTimer timer = KQueueTimer.periodic(loop, Duration.ofMillis(20), (expired, count) -> told.add(count));
        turns();
        kernel.fail(io.github.kqueueffm.internal.platform.CFunction.KEVENT, 1, errno.ENOMEM());
        assertThat(timer.close().isSuccess()).isTrue();
        turns();
        kernel.fire(added(c.EVFILT_TIMER()).ident(), c.EVFILT_TIMER(), 0, 1);
        turns();
        assertThat(told).isEmpty();
    }
}
