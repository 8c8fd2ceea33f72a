// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.TestPlatforms;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotTableTest {

    private final EngineFixture f = new EngineFixture(TestPlatforms.named("linux-amd64"));
    private final SlotTable slots = new SlotTable();

    private Registration put() {
        Registration registration = new Registration(f.engine, f.target, 1, slots.reserve(), FilterKind.EDGE);
        slots.put(registration);
        return registration;
    }

    @Test
    void udataFindsItsRegistrationOnly() {
        Registration first = put();
        Registration second = put();

        assertThat(slots.find(first.udata())).isSameAs(first);
        assertThat(slots.find(second.udata())).isSameAs(second);
        assertThat(slots.count()).isEqualTo(2);
    }

    @Test
    void aSlotUsedAgainHasAnotherGeneration() {
        Registration first = put();
        slots.remove(first);
        assertThat(slots.find(first.udata())).isNull();
        Registration second = put();

        assertThat((int) second.udata()).isEqualTo((int) first.udata());
        assertThat(second.udata()).isNotEqualTo(first.udata());
        assertThat(slots.find(first.udata())).isNull();
        assertThat(slots.find(second.udata())).isSameAs(second);
        assertThat(slots.extent()).isEqualTo(1);
        assertThat(slots.count()).isEqualTo(1);
    }

    @Test
    void generationsWrapAroundWithoutThatOfTheWaker() throws ReflectiveOperationException {
        setGeneration(Integer.MAX_VALUE - 1);
        Registration last = put();
        assertThat(last.udata()).isEqualTo((long) Integer.MAX_VALUE << 32);
        assertThat(slots.find(last.udata())).isSameAs(last);
        slots.remove(last);

        Registration negative = put();
        assertThat(negative.udata()).isEqualTo(Long.MIN_VALUE);
        assertThat(slots.find(negative.udata())).isSameAs(negative);
        assertThat(slots.find(last.udata())).isNull();
        slots.remove(negative);

        setGeneration(-1);
        Registration wrapped = put();
        assertThat(wrapped.udata()).as("0 would be the waker's").isEqualTo(1L << 32);
        assertThat(slots.find(wrapped.udata())).isSameAs(wrapped);
    }

    private void setGeneration(int generation) throws ReflectiveOperationException {
        Field field = SlotTable.class.getDeclaredField("generations");
        field.setAccessible(true);
        ((int[]) field.get(slots))[0] = generation;
    }

    @Test
    void itGrowsAndKeepsWhatItHas() {
        List<Registration> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(put());
        }
        assertThat(slots.extent()).isEqualTo(1000);
        for (Registration registration : all) {
            assertThat(slots.find(registration.udata())).isSameAs(registration);
        }
        all.forEach(slots::remove);
        assertThat(slots.count()).isZero();

        List<Registration> again = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            again.add(put());
        }
        assertThat(slots.extent()).isEqualTo(1000);
        assertThat(again).extracting(Registration::udata).doesNotHaveDuplicates();
        for (int i = 0; i < 1000; i++) {
            assertThat(slots.find(again.get(i).udata())).isSameAs(again.get(i));
            assertThat(slots.find(all.get(i).udata())).isNull();
        }
    }

    @Test
    void whatIsNoUdataOfOursFindsNothing() {
        Registration registration = put();

        for (long udata : new long[] {0, -1, 1, Long.MIN_VALUE, 0x8000_0000L, registration.udata() + 1}) {
            assertThat(slots.find(udata)).isNull();
        }
        assertThat(slots.find(registration.udata() | 0xffff_ffffL)).isNull();
        assertThat(slots.find(registration.udata() + 100_000)).isNull();
    }
}
