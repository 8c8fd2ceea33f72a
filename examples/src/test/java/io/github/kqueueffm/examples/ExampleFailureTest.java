// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ExampleFailureTest {
    @Test
    void tellsEachCauseOnce() {
        Throwable cause = new IOException("no way: disk full", new IOException("disk full", new Error("worn out")));

        assertThat(ExampleFailure.describe(cause)).isEqualTo("no way: disk full: worn out");
    }

    @Test
    void makesOneLineOfMany() {
        assertThat(ExampleFailure.describe(new IOException("tried:\n  ffm\n  jna\n")))
                .isEqualTo("tried: ffm; jna");
    }

    @Test
    void namesAnExceptionThatSaysNothing() {
        assertThat(new ExampleFailure("cannot listen", new IllegalStateException()))
                .hasMessage("cannot listen: IllegalStateException");
    }
}
