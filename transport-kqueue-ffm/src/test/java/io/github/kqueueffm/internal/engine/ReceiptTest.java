// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.engine.RecordingTarget.Kind;
import io.github.kqueueffm.internal.engine.RecordingTarget.Told;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.ScriptedKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** EV_RECEIPT of an owner's change: it is told what became of it, and the others are not. */
@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class ReceiptTest {

    private static final int IDENT = 4711;

    private final EngineFixture f;
    private final Registration registration;
    private final int timer;
    private final int add;

    ReceiptTest(Platform platform) {
        f = new EngineFixture(platform);
        registration = f.engine.register(IDENT, FilterKind.EDGE, f.target);
        timer = f.c.EVFILT_TIMER();
        add = f.c.EV_ADD() | f.c.EV_ENABLE();
    }

    private Told receipt(int flags) {
        return new Told(Kind.EVENT, registration, timer, flags, 0, 0, false, 0);
    }

    @Test
    void goodChangeIsAnswered() {
        f.kernel.errorsKeepFlags(false);
        f.engine.submit(registration, timer, add | f.c.EV_RECEIPT(), 0, 50);
        f.turn();
        assertThat(f.target.told).containsExactly(receipt(f.c.EV_ERROR()));
    }

    /** macOS leaves the flags of the change beside EV_ERROR. */
    @Test
    void answerOfAKernelThatKeepsTheFlags() {
        f.kernel.errorsKeepFlags(true);
        f.engine.submit(registration, timer, add | f.c.EV_RECEIPT(), 0, 50);
        f.turn();
        assertThat(f.target.told).containsExactly(receipt(add | f.c.EV_RECEIPT() | f.c.EV_ERROR()));
    }

    @Test
    void badChangeIsRefusedAsAnyOther() {
        f.kernel.refuse(IDENT, timer, f.platform.errno().ENOMEM());
        f.engine.submit(registration, timer, add | f.c.EV_RECEIPT(), 0, 50);
        f.turn();
        assertThat(f.target.told)
                .containsExactly(new Told(
                        Kind.REFUSED,
                        registration,
                        timer,
                        0,
                        0,
                        f.platform.errno().ENOMEM(),
                        false,
                        0));
    }

    @Test
    void changeWithoutItIsNotAnswered() {
        f.engine.submit(registration, timer, add, 0, 50);
        f.turn();
        f.turn();
        assertThat(f.target.told).isEmpty();
    }

    /** The kernel answers at once and without events: those come with the next wait, and neither is lost. */
    @Test
    void eventsComeAfterTheAnswer() {
        ScriptedKernel kernel = f.kernel;
        f.engine.submit(registration, timer, add | f.c.EV_CLEAR(), 0, 50);
        f.turn();
        kernel.fire(IDENT, timer, 0, 3);
        Registration other = f.engine.register(IDENT + 1, FilterKind.EDGE, f.target);
        f.engine.submit(other, timer, add | f.c.EV_RECEIPT(), 0, 50);
        f.turn();
        f.turn();
        assertThat(f.target.of(Kind.EVENT)).containsExactly(other, registration);
        assertThat(f.target.last().data()).isEqualTo(3);
    }

    /** It was answered by an early flush, and the registration ended before that was handed out. */
    @Test
    void answerOfAnEndedRegistrationIsDropped() {
        f.engine.submit(registration, timer, add | f.c.EV_RECEIPT(), 0, 50);
        // Another fflags: the first must be sent before.
        f.engine.submit(registration, timer, add, 1, 50);
        registration.cancel();
        f.turn();
        assertThat(f.target.told).isEmpty();
    }
}
