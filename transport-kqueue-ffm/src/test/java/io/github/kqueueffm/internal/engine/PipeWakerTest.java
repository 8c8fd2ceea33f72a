// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.Call;
import io.github.kqueueffm.testing.ScriptedKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class PipeWakerTest {

    private final Platform platform;
    private final ScriptedKernel kernel;
    private final PipeWaker waker;

    PipeWakerTest(Platform platform) {
        this.platform = platform;
        kernel = new ScriptedKernel(platform);
        waker = new PipeWaker(kernel, platform);
        kernel.clearLog();
    }

    @Test
    void receivingEmptiesThePipeHoweverMuchIsInIt() {
        for (int bytes : new int[] {1, 15, 16, 17, 32, 100}) {
            for (int i = 0; i < bytes; i++) {
                waker.trigger();
            }
            waker.received();
            assertThat(kernel.readable(waker.readEnd())).as("%d bytes", bytes).isZero();
        }
    }

    @Test
    void receivingNothingIsNoError() {
        waker.received();

        assertThat(kernel.log()).extracting(Call::result).containsExactly((long)
                -platform.errno().EAGAIN());
    }

    @Test
    void aFullPipeHasWokenTheLoopAlready() {
        long before;
        do {
            before = kernel.readable(waker.readEnd());
            kernel.clearLog();
            waker.trigger();
        } while (kernel.readable(waker.readEnd()) > before);
        assertThat(kernel.log()).extracting(Call::result).containsExactly((long)
                -platform.errno().EAGAIN());

        waker.received();
        assertThat(kernel.readable(waker.readEnd())).isZero();
    }

    @Test
    void aReadThatIsInterruptedIsRepeated() {
        waker.trigger();
        kernel.fail(CFunction.READ, 1, platform.errno().EINTR());

        waker.received();

        assertThat(kernel.readable(waker.readEnd())).isZero();
    }

    @Test
    void otherErrorsAreNotHidden() {
        kernel.fail(CFunction.READ, 1, platform.errno().EIO());
        assertThatThrownBy(waker::received).isInstanceOf(KernelException.class).hasMessageContaining("read");
        kernel.fail(CFunction.WRITE, 1, platform.errno().EPIPE());
        assertThatThrownBy(waker::trigger).isInstanceOf(KernelException.class).hasMessageContaining("write");
    }

    @Test
    void closingClosesBothEnds() {
        waker.close();

        assertThat(kernel.openDescriptors()).isEmpty();
    }
}
