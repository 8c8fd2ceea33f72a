// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a turn lets the kernel wait. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class WaitTest {

    private final Platform platform;
    private final EngineFixture f;

    WaitTest(Platform platform) {
        this.platform = platform;
        f = new EngineFixture(platform);
    }

    @Test
    void withoutADeadlineThereIsNoTimeout() {
        f.kernel.duringWait(f.engine::wakeup);
        f.turnForever();

        assertThat(f.kernel.kevents().get(1).timeoutNanos()).isEqualTo(ScriptedKernel.FOREVER);
    }

    @Test
    void nowIsAPoll() {
        assertThat(f.turn(KQueueEngine.NOW)).isZero();

        assertThat(f.kernel.kevents()).hasSize(1);
        assertThat(f.kernel.lastKevent().timeoutNanos()).isZero();
    }

    @Test
    void aDeadlineThatHasPassedIsAPoll() {
        assertThat(f.turn(System.nanoTime() - TimeUnit.SECONDS.toNanos(5))).isZero();

        assertThat(f.kernel.lastKevent().timeoutNanos()).isZero();
    }

    @Test
    void theTimeoutIsWhatIsLeftUntilTheDeadlineToTheNanosecond() {
        long before = System.nanoTime();
        long deadline = before + TimeUnit.MILLISECONDS.toNanos(90_750) + 123;
        f.turn(deadline);
        long after = System.nanoTime();

        assertThat(f.kernel.lastKevent().timeoutNanos()).isBetween(deadline - after, deadline - before);
    }

    @Test
    void aWaitThatTimesOutIsOneCall() {
        f.register(f.kernel.newSocket()).startReading();
        assertThat(f.turn(System.nanoTime() + TimeUnit.SECONDS.toNanos(1))).isZero();

        assertThat(f.kernel.kevents()).hasSize(1);
        assertThat(f.changesOfATurn()).isEmpty();
    }

    /** The scripted kernel answers EINVAL to more than the platform record says it takes. */
    @Test
    void aTimeoutLongerThanTheKernelTakesIsCut() {
        long cap = TimeUnit.SECONDS.toNanos(platform.traits().maxWaitSeconds());
        for (long wait : new long[] {cap + 1, cap + 999_999_999, cap * 2 + 5, Long.MAX_VALUE / 2}) {
            // Some of it passes before the call: enough to spare that what is left is still beyond the cap.
            f.turn(System.nanoTime() + wait + TimeUnit.MINUTES.toNanos(1));
            assertThat(f.kernel.lastKevent().timeoutNanos()).isEqualTo(cap);
        }
    }

    @Test
    void aTimeoutThatTheKernelTakesIsNotChanged() {
        long wait = TimeUnit.SECONDS.toNanos(platform.traits().maxWaitSeconds()) / 4 * 3;
        f.turn(System.nanoTime() + wait);

        assertThat(f.kernel.lastKevent().timeoutNanos()).isBetween(wait - TimeUnit.MINUTES.toNanos(1), wait);
    }

    @Test
    void etimedoutIsNoEvents() {
        FakeSocket socket = f.kernel.newSocket();
        Registration registration = f.register(socket);
        registration.startReading();
        f.kernel.endWait(platform.errno().ETIMEDOUT(), () -> {});

        assertThat(f.turn(System.nanoTime() + TimeUnit.SECONDS.toNanos(10))).isZero();

        assertThat(f.changesOfATurn()).isEmpty();
        socket.arrive(1);
        assertThat(f.turn()).isEqualTo(1);
    }
}
