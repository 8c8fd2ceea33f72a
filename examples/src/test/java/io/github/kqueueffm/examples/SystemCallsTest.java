// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
    @Test
    void countsWhatHappenedInBetween() {
        SystemCalls calls =
                SystemCalls.between(Map.of("read", 10L, "close", 3L), Map.of("read", 25L, "close", 3L, "write", 5L));

        assertThat(calls.counts()).containsOnly(Map.entry("read", 15L), Map.entry("write", 5L));
        assertThat(calls.total()).isEqualTo(20);
    }

    @Test
    void tellsTheMostFrequentFirstAndLeavesOutTheRare() {
        SystemCalls calls = new SystemCalls(Map.of("kevent", 500L, "read", 1000L, "accept4", 1L));

        assertThat(calls.per(1000)).isEqualTo("1.50 (read 1.00, kevent 0.50)");
    }

    @Test
    void tellsOfNothing() {
        assertThat(new SystemCalls(Map.of()).per(1)).isEqualTo("0.00");
    }
}
