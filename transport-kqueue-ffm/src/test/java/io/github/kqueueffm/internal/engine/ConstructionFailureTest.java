// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.ScriptedKernel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine that cannot be made leaves nothing open, whichever call it is that fails. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class ConstructionFailureTest {

    private final Platform platform;

    ConstructionFailureTest(Platform platform) {
        this.platform = platform;
    }

    @Test
    void withUserEvents() {
        assertThat(failEachCall(true, null, platform.errno().ENOMEM())).isEqualTo(2 + 3);
    }

    @Test
    void withUserEventsThatAreAskedFor() {
        assertThat(failEachCall(true, "user", platform.errno().ENOMEM())).isEqualTo(2 + 3);
    }

    @Test
    void withoutUserEvents() {
        assertThat(failEachCall(false, null, platform.errno().EMFILE())).isEqualTo(2 + 1 + 7 + 1);
    }

    @Test
    void withAPipe() {
        assertThat(failEachCall(true, "pipe", platform.errno().EMFILE())).isEqualTo(2 + 7 + 1);
    }

    /** A signal at any point costs at most an attempt. */
    @Test
    void interrupted() {
        failEachCall(true, null, platform.errno().EINTR());
        failEachCall(false, null, platform.errno().EINTR());
    }

    /** Whatever fails first, the pipe that is tried instead may fail as well. */
    @Test
    void twice() {
        for (int nth = 3; nth <= 5; nth++) {
            for (int second = 1; second <= 8; second++) {
                ScriptedKernel kernel = new ScriptedKernel(platform);
                kernel.failAny(nth, platform.errno().ENOMEM());
                kernel.failAny(nth + second, platform.errno().ENFILE());
                openAndDestroy(kernel, null);
                assertThat(kernel.failuresDone()).isTrue();
            }
        }
    }

    @Test
    void whatWasRefusedIsNamed() {
        ScriptedKernel kernel = new ScriptedKernel(platform);
        kernel.fail(CFunction.KQUEUE, 1, platform.errno().EMFILE());

        KernelException failure = openAndDestroy(kernel, null);

        assertThat(failure).isNotNull();
        assertThat(failure.errno()).isEqualTo(platform.errno().EMFILE());
        assertThat(failure).hasMessageContaining("kqueue");
        assertThat(kernel.log()).hasSize(1);
    }

    /** Returns how many calls a construction makes. */
    private int failEachCall(boolean userEvents, @Nullable String waker, int errno) {
        for (int nth = 1; nth < 100; nth++) {
            ScriptedKernel kernel = new ScriptedKernel(platform).userEvents(userEvents);
            kernel.failAny(nth, errno);
            openAndDestroy(kernel, waker);
            if (!kernel.failuresDone()) {
                return nth - 1;
            }
        }
        throw new AssertionError("a construction of 100 calls");
    }

    /** Returns what the construction threw. If it succeeded, so that the failure did no harm, the engine must work. */
    private @Nullable KernelException openAndDestroy(ScriptedKernel kernel, @Nullable String waker) {
        KQueueEngine engine;
        int calls;
        try {
            engine = new KQueueEngine(kernel, platform, new KqueueKernel(kernel, platform), 16, waker);
            calls = kernel.log().size();
        } catch (KernelException e) {
            assertThat(kernel.openDescriptors()).as("after %s", e.getMessage()).isEmpty();
            return e;
        }
        if (kernel.failuresDone()) {
            kernel.duringWait(engine::wakeup);
            engine.prepareTurn();
            assertThat(engine.turn(KQueueEngine.NO_DEADLINE)).isZero();
            assertThat(kernel.scriptDone()).isTrue();
            engine.destroy();
            assertThat(kernel.openDescriptors()).as("after %d calls", calls).isEmpty();
        }
        return null;
    }
}
