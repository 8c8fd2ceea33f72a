// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.AcceptFilter;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** {@code struct accept_filter_arg} in the layout of a platform record. */
public final class AcceptFilterCodec {

    private final StructLayouts layout;

    public AcceptFilterCodec(Platform platform) {
        layout = platform.structs();
    }

    /**
     * A value for setsockopt(2), to be read from its position.
     *
     * @throws IllegalArgumentException if name or arguments are too long, as the kernel would cut them
     */
    public ByteBuffer encode(AcceptFilter filter) {
        ByteBuffer value = ByteBuffer.allocate(layout.acceptFilterSize());
        put(value, layout.acceptFilterName(), layout.acceptFilterNameSize(), filter.filterName());
        put(value, layout.acceptFilterArgument(), layout.acceptFilterArgumentSize(), filter.filterArgs());
        return value;
    }

    /** Room for getsockopt(2). */
    public ByteBuffer room() {
        return ByteBuffer.allocate(layout.acceptFilterSize());
    }

    public AcceptFilter decode(ByteBuffer value) {
        return new AcceptFilter(
                get(value, layout.acceptFilterName(), layout.acceptFilterNameSize()),
                get(value, layout.acceptFilterArgument(), layout.acceptFilterArgumentSize()));
    }

    /** The last byte stays zero: both are C strings. */
    private static void put(ByteBuffer into, int at, int size, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= size) {
            throw new IllegalArgumentException(
                    "'" + text + "' has " + bytes.length + " bytes; an accept filter takes " + (size - 1));
        }
        into.put(at, bytes);
    }

    private static String get(ByteBuffer from, int at, int size) {
        int length = 0;
        while (length < size && from.get(at + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        from.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
