// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Platforms;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KQueueNoteTest {

    /** NOTE_... of the record of the running platform, by name. */
    private static Map<String, Integer> recorded() throws ReflectiveOperationException {
        Platform platform = Platforms.current();
        Map<String, Integer> values = new HashMap<>();
        for (Record each : new Record[] {platform.kqueue(), platform.notes()}) {
            for (RecordComponent component : each.getClass().getRecordComponents()) {
                if (component.getName().startsWith("NOTE_")) {
                    values.put(component.getName(), (Integer)
                            component.getAccessor().invoke(each));
                }
            }
        }
        return values;
    }

    /** Each name stands for the constant of that name, and for no other. */
    @ParameterizedTest
    @EnumSource
    void valueIsThatOfItsName(KQueueNote note) throws ReflectiveOperationException {
        Integer value = recorded().get("NOTE_" + note.name());
        assertThat(note.number(Platforms.current())).isEqualTo(value);
        assertThat(note.isSupported()).isEqualTo(Platform.has(value));
        if (note.isSupported()) {
            assertThat(note.value()).isEqualTo(value);
            assertThat(note.isIn(value)).isTrue();
            assertThat(note.isIn(-1)).isTrue();
            assertThat(note.isIn(0)).isFalse();
        } else {
            assertThatThrownBy(note::value)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageEndingWith(" has no NOTE_" + note.name());
            assertThat(note.isIn(-1)).isFalse();
        }
    }

    /** FFCOPY is FFAND and FFOR together. */
    @Test
    void allBitsHaveToBeThere() {
        assertThat(KQueueNote.FFCOPY.isIn(KQueueNote.FFAND.value())).isFalse();
        assertThat(KQueueNote.FFCOPY.isIn(KQueueNote.FFAND.value() | KQueueNote.FFOR.value()))
                .isTrue();
    }

    @Test
    void causeOfAnEvent() {
        int esrch = Platforms.current().errno().ESRCH();
        KQueueIoEvent event = KQueueIoEvent.newEvent(7, KQueueFilter.PROC, KQueueIoEvent.ERROR, 0, esrch);
        assertThat(event.cause()).hasMessage("kevent(..) failed: ESRCH (No such process)");
        assertThat(event.cause().errno()).isEqualTo(esrch);
        assertThat(KQueueIoEvent.newEvent(7, KQueueFilter.PROC, KQueueIoEvent.ERROR, 0, 0)
                        .cause())
                .isNull();
        assertThat(KQueueIoEvent.newEvent(7, KQueueFilter.PROC, KQueueIoEvent.EOF, 0, esrch)
                        .cause())
                .isNull();
    }
}
