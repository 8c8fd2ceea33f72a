// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.TestPlatforms;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Multicast requests byte by byte, as the headers of the systems lay them out. */
@Timeout(120)
class MulticastCodecTest {

    private static final Inet4Address GROUP4 = (Inet4Address) address("239.1.2.3");
    private static final Inet4Address INTERFACE4 = (Inet4Address) address("10.0.0.9");
    private static final Inet4Address SOURCE4 = (Inet4Address) address("192.0.2.5");
    private static final Inet6Address GROUP6 = (Inet6Address) address("ff15::7");
    private static final Inet6Address SOURCE6 = (Inet6Address) address("2001:db8::1");

    private final MulticastCodec linux = new MulticastCodec(TestPlatforms.named("linux-amd64"));
    private final MulticastCodec netbsd = new MulticastCodec(TestPlatforms.named("netbsd-amd64"));

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(ByteBuffer request) {
        assertThat(request.position()).isZero();
        assertThat(request.limit()).isEqualTo(request.capacity());
        return HexFormat.of().formatHex(request.array());
    }

    /** Four bytes in the order of this machine. */
    private static String number(int value) {
        return HexFormat.of()
                .formatHex(ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    @Test
    void anySource4() {
        assertThat(hex(linux.request4(GROUP4, INTERFACE4))).isEqualTo("ef010203" + "0a000009");
        assertThat(hex(netbsd.request4(GROUP4, INTERFACE4))).isEqualTo("ef010203" + "0a000009");
    }

    @Test
    void oneSource4() {
        assertThat(hex(linux.request4(GROUP4, INTERFACE4, SOURCE4)))
                .as("group, interface, source")
                .isEqualTo("ef010203" + "0a000009" + "c0000205");
    }

    @Test
    void oneSource4InTheOrderOfTheBsds() {
        for (String id : List.of("freebsd-amd64", "darwin-amd64")) {
            assertThat(hex(new MulticastCodec(TestPlatforms.named(id)).request4(GROUP4, INTERFACE4, SOURCE4)))
                    .as("group, source, interface")
                    .isEqualTo("ef010203" + "c0000205" + "0a000009");
        }
    }

    @Test
    void anySource6() {
        String group = "ff150000000000000000000000000007";
        assertThat(hex(linux.request6(GROUP6, 3))).isEqualTo(group + number(3));
        assertThat(hex(netbsd.request6(GROUP6, 3))).isEqualTo(group + number(3));
    }

    @Test
    void aMappedGroup() {
        assertThat(hex(netbsd.request6(GROUP4, 2))).isEqualTo("00000000000000000000ffff" + "ef010203" + number(2));
    }

    @Test
    void oneSource6() {
        ByteBuffer request = linux.request6(GROUP6, 5, SOURCE6);
        assertThat(request.capacity()).isEqualTo(264);
        String family = HexFormat.of()
                .formatHex(ByteBuffer.allocate(2)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) 10)
                        .array());
        String zeros = "00".repeat(128 - 28);
        String group = family + "0000" + "00000000" + "ff150000000000000000000000000007" + "00000000" + zeros;
        String source = family + "0000" + "00000000" + "20010db8000000000000000000000001" + "00000000" + zeros;
        assertThat(hex(request)).isEqualTo(number(5) + "00000000" + group + source);
    }

    @Test
    void oneSource6PackedAsOnMacos() {
        ByteBuffer request = new MulticastCodec(TestPlatforms.named("darwin-amd64")).request6(GROUP6, 5, SOURCE6);
        assertThat(request.capacity()).isEqualTo(260);
        assertThat(request.get(4 + 8)).isEqualTo((byte) 0xff);
        assertThat(request.get(132 + 8)).isEqualTo((byte) 0x20);
    }
}
