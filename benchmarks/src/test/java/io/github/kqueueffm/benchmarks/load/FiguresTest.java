// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** From what a server counts to what is printed. */
class FiguresTest {
    private static final Snapshot BEFORE = new Snapshot(1_000, 500, 1, 64, Map.of("read", 1L));
    private static final Snapshot AFTER =
            new Snapshot(2_000_001_000L, 500_000_500L, 3, 64 * 100_001L, Map.of("read", 100_001L, "epoll_pwait2", 7L));

    @Test
    void aSnapshotIsReadAsItWasWritten() {
        Snapshot uncounted = new Snapshot(-5, 0, 0, 0, Map.of());
        assertThat(Snapshot.parse(AFTER.toLine())).isEqualTo(AFTER);
        assertThat(Snapshot.parse(uncounted.toLine())).isEqualTo(uncounted);
    }

    @Test
    void aSliceIsWhatIsBetweenTwoSnapshots() {
        Slice slice = Slice.between(BEFORE, AFTER);
        assertThat(slice.requests()).isEqualTo(100_000);
        assertThat(slice.cpuMicrosPerRequest()).isEqualTo(5.0);
        assertThat(slice.requestsPerSecond()).isEqualTo(50_000.0);
        assertThat(slice.busy()).isEqualTo(0.25);
        assertThat(slice.systemCalls().counts()).isEqualTo(Map.of("read", 100_000L, "epoll_pwait2", 7L));
    }

    @Test
    void theMedianIsInTheMiddle() {
        assertThat(Spread.of(3, 1, 2.5)).isEqualTo(new Spread(2.5, 1, 3));
        assertThat(Spread.of(4, 1, 2, 3)).isEqualTo(new Spread(2.5, 1, 4));
        assertThat(Spread.of(1)).hasToString("1.00 (1.00-1.00)");
    }
}
