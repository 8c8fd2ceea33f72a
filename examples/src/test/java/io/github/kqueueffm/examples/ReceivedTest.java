// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReceivedTest {
    @Test
    void tellsTheLengthAndTheText() {
        assertThat(describe("hello\n")).isEqualTo("6 bytes: hello");
        assertThat(describe("a")).isEqualTo("1 byte: a");
        assertThat(describe("")).isEqualTo("0 bytes");
        assertThat(describe("\n")).isEqualTo("1 byte");
    }

    @Test
    void letsNobodyControlTheTerminal() {
        assertThat(describe("a\u001b[2Jb\r\nc\u009b\u00e4")).isEqualTo("11 bytes: a.[2Jb..c..");
    }

    @Test
    void shortensALongText() {
        assertThat(describe("x".repeat(1234))).isEqualTo("1,234 bytes: " + "x".repeat(60) + "...");
    }

    @Test
    void doesNotReadTheBuffer() {
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {'-', 'a', 'b'}).skipBytes(1);

        assertThat(Received.describe(bytes)).isEqualTo("2 bytes: ab");
        assertThat(bytes.readableBytes()).isEqualTo(2);
    }

    private static String describe(String text) {
        return Received.describe(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }
}
