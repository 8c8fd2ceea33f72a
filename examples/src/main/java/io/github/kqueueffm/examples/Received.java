// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Words for what has come in. */
public final class Received {
    private static final int SHOWN = 60;

    private Received() {}

    /**
     * Its length and the beginning of its text, on one line: what is not printable ASCII is shown as a dot, since what strangers
     * send must not control a terminal. The reader index does not move.
     */
    public static String describe(ByteBuf bytes) {
        int length = bytes.readableBytes();
        String text = bytes.toString(bytes.readerIndex(), Math.min(length, SHOWN), StandardCharsets.ISO_8859_1)
                // The end of the line that a user has typed.
                .stripTrailing()
                .replaceAll("[^ -~]", ".");
        return String.format(Locale.ROOT, "%,d %s", length, length == 1 ? "byte" : "bytes")
                + (text.isEmpty() ? "" : ": " + text)
                + (length > SHOWN ? "..." : "");
    }
}
