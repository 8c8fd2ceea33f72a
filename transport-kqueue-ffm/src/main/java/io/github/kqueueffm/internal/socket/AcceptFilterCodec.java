// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.AcceptFilter;
import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.StructLayouts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** SO_ACCEPTFILTER and its {@code struct accept_filter_arg}, see accept_filter(9). The socket must be listening. */
public final class AcceptFilterCodec {

    private final Platform platform;
    private final StructLayouts layout;
    private final int level;
    private final int option;

    /** @throws UnsupportedOperationException if the platform has no accept filters */
    public AcceptFilterCodec(Platform platform) {
        if (!isSupported(platform)) {
            throw new UnsupportedOperationException("SO_ACCEPTFILTER is not available on " + platform.id());
        }
        this.platform = platform;
        layout = platform.structs();
        level = platform.socket().SOL_SOCKET();
        option = platform.socket().SO_ACCEPTFILTER();
    }

    public static boolean isSupported(Platform platform) {
        return Platform.has(platform.socket().SO_ACCEPTFILTER());
    }

    /** Sets a filter, or takes it away if its name is empty. */
    public void set(NativeSocket listener, AcceptFilter filter) throws IOException {
        ByteBuffer value = filter.filterName().isEmpty() ? ByteBuffer.allocate(0) : encode(filter);
        listener.setRawOption(level, option, value);
    }

    /** The filter in use, {@code null} for none. */
    public @Nullable AcceptFilter get(NativeSocket listener) throws IOException {
        ByteBuffer value = ByteBuffer.allocate(layout.acceptFilterSize());
        try {
            listener.rawOption(level, option, value);
        } catch (KQueueIoException e) {
            // EINVAL: the answer of a socket without a filter (FreeBSD and NetBSD, accept_filt_getopt() in
            // uipc_accf.c).
            // ENOPROTOOPT: of a kernel that was built without filters.
            int errno = e.errno();
            if (errno == platform.errno().EINVAL() || errno == platform.errno().ENOPROTOOPT()) {
                return null;
            }
            throw e;
        }
        return decode(value);
    }

    /** @throws IllegalArgumentException if name or arguments are too long: the kernel would cut them */
    public void check(AcceptFilter filter) {
        encode(filter);
    }

    ByteBuffer encode(AcceptFilter filter) {
        ByteBuffer value = ByteBuffer.allocate(layout.acceptFilterSize());
        put(value, layout.acceptFilterName(), layout.acceptFilterNameSize(), filter.filterName());
        put(value, layout.acceptFilterArgument(), layout.acceptFilterArgumentSize(), filter.filterArgs());
        return value;
    }

    AcceptFilter decode(ByteBuffer value) {
        return new AcceptFilter(
                text(value, layout.acceptFilterName(), layout.acceptFilterNameSize()),
                text(value, layout.acceptFilterArgument(), layout.acceptFilterArgumentSize()));
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

    private static String text(ByteBuffer from, int at, int size) {
        int length = 0;
        while (length < size && from.get(at + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        from.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
