// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Kevent;
import io.github.kqueueffm.testing.Records;
import io.github.kqueueffm.testing.ScriptedKernel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which waker a kernel can do is found by trying. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class WakerChoiceTest {

    private final Platform platform;
    private final ScriptedKernel kernel;

    WakerChoiceTest(Platform platform) {
        this.platform = platform;
        kernel = new ScriptedKernel(platform);
    }

    @Test
    void aKernelThatHasUserEventsNeedsNoPipe() {
        KQueueEngine engine = open(kernel, null);

        assertThat(engine.waker()).isEqualTo("user");
        assertThat(kernel.openDescriptors()).hasSize(1);
        assertThat(kernel.changes().get(0))
                .isEqualTo(new Kevent(
                        UserWaker.IDENT,
                        platform.kqueue().EVFILT_USER(),
                        platform.kqueue().EV_ADD()
                                | platform.kqueue().EV_ENABLE()
                                | platform.kqueue().EV_CLEAR(),
                        0,
                        0,
                        UserWaker.UDATA));
        assertThatItWakes(engine);
    }

    @Test
    void theKqueueIsClosedOnExec() {
        open(kernel, null);

        int kq = kernel.openDescriptors().iterator().next();
        assertThat(kernel.descriptorFlags(kq)).isEqualTo(platform.file().FD_CLOEXEC());
    }

    @Test
    void aKernelThatAnswersEinvalGetsANonBlockingPipe() {
        kernel.userEvents(false);
        KQueueEngine engine = open(kernel, null);

        assertThat(engine.waker()).isEqualTo("pipe");
        assertThat(kernel.openDescriptors()).hasSize(3);
        for (int fd : kernel.openDescriptors()) {
            assertThat(kernel.descriptorFlags(fd)).isEqualTo(platform.file().FD_CLOEXEC());
        }
        int[] ends = kernel.openDescriptors().stream()
                .mapToInt(Integer::intValue)
                .skip(1)
                .toArray();
        for (int fd : ends) {
            assertThat(kernel.statusFlags(fd)).isEqualTo(platform.file().O_NONBLOCK());
        }
        assertThatItWakes(engine);
    }

    @Test
    void aPlatformWithoutTheConstantIsNotAsked() {
        Platform without = withoutUserFilter();
        ScriptedKernel bare = new ScriptedKernel(without).userEvents(false);
        KQueueEngine engine = open(bare, null);

        assertThat(engine.waker()).isEqualTo("pipe");
        assertThat(bare.changes())
                .extracting(Kevent::filter)
                .containsExactly(without.kqueue().EVFILT_READ());
    }

    @Test
    void aPipeThatIsAskedForIsUsedThoughThereAreUserEvents() {
        KQueueEngine engine = open(kernel, "pipe");

        assertThat(engine.waker()).isEqualTo("pipe");
        assertThat(kernel.changes())
                .extracting(Kevent::filter)
                .containsExactly(platform.kqueue().EVFILT_READ());
        assertThatItWakes(engine);
    }

    @Test
    void userEventsThatAreAskedForAndNotThereAreAnError() {
        kernel.userEvents(false);

        assertThatThrownBy(() -> open(kernel, "user"))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.errno()).isEqualTo(platform.errno().EINVAL()))
                .hasMessageContaining("waker=user");

        assertThat(kernel.openDescriptors()).isEmpty();
    }

    @Test
    void userEventsThatAreAskedForAreUsed() {
        KQueueEngine engine = open(kernel, "user");
        assertThat(engine.waker()).isEqualTo("user");
        assertThatItWakes(engine);
    }

    /** As a kernel would that takes the filter for another: the probe must see the event come back. */
    @Test
    void aTriggerThatNeverArrivesIsNotTrusted() {
        ScriptedKernel deaf = new ScriptedKernel(platform) {
            @Override
            public int kevent(int kq, long changes, int changeCount, long events, int eventCapacity, long timespec) {
                // The trigger is the one call that has no room for events.
                return eventCapacity == 0 ? 0 : super.kevent(kq, changes, changeCount, events, eventCapacity, timespec);
            }
        };
        KQueueEngine engine = open(deaf, null);

        assertThat(engine.waker()).isEqualTo("pipe");
        assertThatItWakes(engine, deaf);
    }

    @Test
    void aTriggerThatFailsIsNotTrusted() {
        kernel.fail(CFunction.KEVENT, 2, platform.errno().ENOENT());
        KQueueEngine engine = open(kernel, null);

        assertThat(engine.waker()).isEqualTo("pipe");
        assertThatItWakes(engine);
    }

    @Test
    void theErrnoOfAUserEventThatIsAskedForIsTold() {
        kernel.fail(CFunction.KEVENT, 2, platform.errno().EIO());

        assertThatThrownBy(() -> open(kernel, "user"))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.errno()).isEqualTo(platform.errno().EIO()));

        assertThat(kernel.openDescriptors()).isEmpty();
    }

    /** The event was added (kqueue(2), EINTR), so there is nothing to fall back from. */
    @Test
    void anInterruptedProbeIsNotAFailedOne() {
        for (int nth = 1; nth <= 3; nth++) {
            ScriptedKernel interrupted = new ScriptedKernel(platform);
            interrupted.fail(CFunction.KEVENT, nth, platform.errno().EINTR());

            assertThat(open(interrupted, null).waker()).isEqualTo("user");
        }
    }

    /** Flags 0: EV_CLEAR would take the trigger back. The same udata: a trigger replaces the knote's. */
    @Test
    void theTriggerSaysNothingButThat() {
        KQueueEngine engine = open(kernel, "user");
        kernel.clearLog();
        kernel.duringWait(engine::wakeup);
        engine.prepareTurn();
        engine.turn(KQueueEngine.NO_DEADLINE);

        assertThat(kernel.changes())
                .containsExactly(new Kevent(
                        UserWaker.IDENT,
                        platform.kqueue().EVFILT_USER(),
                        0,
                        platform.kqueue().NOTE_TRIGGER(),
                        0,
                        UserWaker.UDATA));
    }

    /** OpenBSD: past kq_usereventsmax. */
    @Test
    void aKernelThatHasNoMoreUserEventsGetsAPipe() {
        kernel.refuse(
                UserWaker.IDENT,
                platform.kqueue().EVFILT_USER(),
                platform.errno().ENOMEM());
        KQueueEngine engine = open(kernel, null);

        assertThat(engine.waker()).isEqualTo("pipe");
        assertThatItWakes(engine);
    }

    @Test
    void theProbesOwnEventIsNotLeftBehind() {
        KQueueEngine engine = open(kernel, null);
        kernel.clearLog();

        engine.prepareTurn();
        assertThat(engine.collect(KQueueEngine.NOW)).isFalse();

        assertThat(kernel.lastKevent().events()).isEmpty();
    }

    private static KQueueEngine open(ScriptedKernel kernel, @Nullable String preferred) {
        Platform platform = kernel.platform();
        return new KQueueEngine(kernel, platform, new KqueueKernel(kernel, platform), 1024, preferred);
    }

    private void assertThatItWakes(KQueueEngine engine) {
        assertThatItWakes(engine, kernel);
    }

    private static void assertThatItWakes(KQueueEngine engine, ScriptedKernel kernel) {
        for (int i = 0; i < 3; i++) {
            kernel.duringWait(engine::wakeup);
            engine.prepareTurn();
            assertThat(engine.turn(KQueueEngine.NO_DEADLINE)).isZero();
            assertThat(kernel.scriptDone()).isTrue();
        }
    }

    private Platform withoutUserFilter() {
        KqueueConstants without = Records.with(platform.kqueue(), "EVFILT_USER", Platform.ABSENT);
        return Records.with(platform, "kqueue", without);
    }
}
