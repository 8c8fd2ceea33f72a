// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the kernel is asked for, with the units of each kind of system. */
class TimerSettingTest {

    private static final TimerUnits DRAGONFLY = new TimerUnits(TimerUnits.NONE, TimerUnits.NONE, TimerUnits.NONE);
    private static final TimerUnits FREEBSD = new TimerUnits(4, 8, 16);
    private static final TimerUnits OPENBSD = new TimerUnits(2, 3, 16);
    private static final TimerUnits MICROS_ONLY = new TimerUnits(2, TimerUnits.NONE, TimerUnits.NONE);

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L, 7);

    private static TimerSetting setting(int fflags, long data) {
        return new TimerSetting(fflags, data);
    }

    @Test
    void wholeMillisecondsNeedNoUnit() {
        for (TimerUnits units : new TimerUnits[] {DRAGONFLY, FREEBSD, OPENBSD, MICROS_ONLY}) {
            assertThat(TimerSetting.after(units, 1_000_000)).isEqualTo(setting(0, 1));
            assertThat(TimerSetting.after(units, TimeUnit.DAYS.toNanos(30))).isEqualTo(setting(0, 2_592_000_000L));
        }
    }

    @Test
    void partsOfThemTakeTheCoarsestUnitThatIsExact() {
        assertThat(TimerSetting.after(FREEBSD, 1_500_000)).isEqualTo(setting(4, 1_500));
        assertThat(TimerSetting.after(FREEBSD, 1_500_001)).isEqualTo(setting(8, 1_500_001));
        assertThat(TimerSetting.after(OPENBSD, 1_000)).isEqualTo(setting(2, 1));
        assertThat(TimerSetting.after(OPENBSD, 1)).isEqualTo(setting(3, 1));
    }

    @Test
    void whereThereIsNoneTheyAreRoundedUp() {
        assertThat(TimerSetting.after(DRAGONFLY, 1)).isEqualTo(setting(0, 1));
        assertThat(TimerSetting.after(DRAGONFLY, 1_000_001)).isEqualTo(setting(0, 2));
        assertThat(TimerSetting.after(DRAGONFLY, 1_999_999)).isEqualTo(setting(0, 2));
        assertThat(TimerSetting.after(MICROS_ONLY, 1_001)).isEqualTo(setting(2, 2));
        assertThat(TimerSetting.after(DRAGONFLY, Long.MAX_VALUE)).isEqualTo(setting(0, 9_223_372_036_855L));
    }

    /** As kernels refuse 0. */
    @Test
    void noTimeIsTheShortest() {
        assertThat(TimerSetting.after(DRAGONFLY, 0)).isEqualTo(setting(0, 1));
        assertThat(TimerSetting.after(FREEBSD, 0)).isEqualTo(setting(8, 1));
    }

    @Test
    void pointInTimeToComeIsCountedFromTheEpoch() {
        assertThat(TimerSetting.at(FREEBSD, Instant.ofEpochSecond(2_000_000_000L), NOW))
                .isEqualTo(setting(16, 2_000_000_000_000L));
        assertThat(TimerSetting.at(FREEBSD, Instant.ofEpochSecond(2_000_000_000L, 5_000), NOW))
                .isEqualTo(setting(16 | 4, 2_000_000_000_000_005L));
        assertThat(TimerSetting.at(OPENBSD, Instant.ofEpochSecond(2_000_000_000L, 1), NOW))
                .isEqualTo(setting(16 | 3, 2_000_000_000_000_000_001L));
        assertThat(TimerSetting.at(FREEBSD, Instant.MAX, NOW)).isEqualTo(setting(16 | 8, Long.MAX_VALUE));
    }

    @Test
    void pointInTimeIsReckonedWhereTheKernelTakesNone() {
        assertThat(TimerSetting.at(DRAGONFLY, NOW.plusMillis(20), NOW)).isEqualTo(setting(0, 20));
        assertThat(TimerSetting.at(DRAGONFLY, NOW.plusNanos(1), NOW)).isEqualTo(setting(0, 1));
        // One that is over is not given to a kernel that might wait for it, or refuse it.
        assertThat(TimerSetting.at(FREEBSD, NOW, NOW)).isEqualTo(setting(8, 1));
        assertThat(TimerSetting.at(FREEBSD, Instant.MIN, NOW)).isEqualTo(setting(8, 1));
        assertThat(TimerSetting.at(DRAGONFLY, Instant.MAX, NOW)).isEqualTo(setting(0, 9_223_372_036_855L));
    }
}
