// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.KeventLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.testing.ScriptedKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.github.kqueueffm.internal.platform.TestPlatforms#ofEachKernel")
class KEventListTest {

    /** Keeps what it was asked the address of. */
    private static final class Memory extends ScriptedKernel {
        final List<ByteBuffer> blocks = new ArrayList<>();

        Memory(Platform platform) {
            super(platform);
        }

        @Override
        public long address(ByteBuffer direct) {
            blocks.add(direct);
            return super.address(direct);
        }
    }

    private final KeventLayout layout;
    private final Memory memory;
    private final KEventList list;

    KEventListTest(Platform platform) {
        layout = platform.kevent();
        memory = new Memory(platform);
        list = new KEventList(memory, layout, 3);
    }

    @Test
    void eachMemberIsWhereTheLayoutSays() {
        list.set(1, 0x1122_3344_5566L, -5, 0x4020, 0x0506_0708, Long.MIN_VALUE + 9, -2);

        ByteBuffer bytes = memory.blocks.get(0);
        assertThat(bytes.capacity()).isEqualTo(3 * layout.size());
        assertThat(bytes.order()).isEqualTo(ByteOrder.nativeOrder());
        int at = layout.size();
        assertThat(bytes.getLong(at + layout.ident())).isEqualTo(0x1122_3344_5566L);
        assertThat(bytes.getInt(at + layout.fflags())).isEqualTo(0x0506_0708);
        assertThat(bytes.getLong(at + layout.data())).isEqualTo(Long.MIN_VALUE + 9);
        assertThat(bytes.getLong(at + layout.udata())).isEqualTo(-2);
        if (layout.filterSize() == 2) {
            assertThat(bytes.getShort(at + layout.filter())).isEqualTo((short) -5);
            assertThat(bytes.getShort(at + layout.flags())).isEqualTo((short) 0x4020);
        } else {
            assertThat(bytes.getInt(at + layout.filter())).isEqualTo(-5);
            assertThat(bytes.getInt(at + layout.flags())).isEqualTo(0x4020);
        }
        for (int i = 0; i < layout.size(); i++) {
            assertThat(bytes.get(i)).isZero();
            assertThat(bytes.get(2 * layout.size() + i)).isZero();
        }
    }

    @Test
    void whatWasSetIsRead() {
        list.set(2, 77, -11, 0xC0FF, -1, -3, 0x0123_4567_89ab_cdefL);

        assertThat(list.ident(2)).isEqualTo(77);
        assertThat(list.filter(2)).isEqualTo(-11);
        assertThat(list.flags(2)).as("EV_EOF is the sign bit of 16").isEqualTo(0xC0FF);
        assertThat(list.fflags(2)).isEqualTo(-1);
        assertThat(list.data(2)).isEqualTo(-3);
        assertThat(list.udata(2)).isEqualTo(0x0123_4567_89ab_cdefL);
    }

    @Test
    void aCopyIsOfAllMembers() {
        list.set(0, 1, -2, 3, 4, 5, 6);
        KEventList other = new KEventList(memory, layout, 1);
        other.copy(list, 0, 0);

        assertThat(memory.blocks.get(1)).isEqualTo(memory.blocks.get(0).slice(0, layout.size()));
        list.set(0, 0, 0, 0, 0, 0, 0);
        assertThat(other.udata(0)).isEqualTo(6);
    }

    @Test
    void thereIsNoEntryBeyondTheLast() {
        assertThat(list.capacity()).isEqualTo(3);
        assertThatThrownBy(() -> list.set(3, 0, 0, 0, 0, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.udata(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.ident(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
