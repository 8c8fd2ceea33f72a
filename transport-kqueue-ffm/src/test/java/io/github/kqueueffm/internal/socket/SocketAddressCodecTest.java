// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SocketAddressCodecTest {

    /** Left over from whatever the memory was used for before. */
    private static final byte RUBBISH = (byte) 0xa5;

    private static final SocketAddressCodec LINUX = codec("linux-amd64");
    private static final SocketAddressCodec NETBSD = codec("netbsd-amd64");

    private static SocketAddressCodec codec(String id) {
        return new SocketAddressCodec(TestPlatforms.named(id));
    }

    private static ByteBuffer memory() {
        ByteBuffer memory = ByteBuffer.allocate(160).order(ByteOrder.nativeOrder());
        Arrays.fill(memory.array(), RUBBISH);
        return memory;
    }

    private static String encoded(SocketAddressCodec codec, InetSocketAddress address, SocketProtocolFamily family) {
        ByteBuffer memory = memory();
        int length = codec.encode(address, family, memory, 0);
        byte[] bytes = memory.array();
        for (int i = length; i < bytes.length; i++) {
            assertThat(bytes[i]).as("byte %d, behind the sockaddr", i).isEqualTo(RUBBISH);
        }
        return HexFormat.of().formatHex(bytes, 0, length);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.nativeOrder());
    }

    private static InetSocketAddress address(String ip, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(ip), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** What follows the family (and length) of an address, the same on all little-endian and big-endian systems. */
    private static final String IN4_REST = "1f90" + "c0000207" + "0000000000000000";

    private static final String IN6_REST = "1f90" + "00000000" + "20010db8000000000000000000000007" + "00000000";
    private static final String MAPPED_REST = "1f90" + "00000000" + "00000000000000000000ffffc0000207" + "00000000";

    private static String linuxFamily(int family) {
        ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.nativeOrder()).putShort(0, (short) family);
        return HexFormat.of().formatHex(bytes.array());
    }

    @Test
    void ipv4ByteByByte() {
        InetSocketAddress address = address("192.0.2.7", 8080);
        assertThat(encoded(LINUX, address, SocketProtocolFamily.INET)).isEqualTo(linuxFamily(2) + IN4_REST);
        assertThat(encoded(NETBSD, address, SocketProtocolFamily.INET)).isEqualTo("1002" + IN4_REST);
    }

    @Test
    void ipv6ByteByByte() {
        InetSocketAddress address = address("2001:db8::7", 8080);
        assertThat(encoded(LINUX, address, SocketProtocolFamily.INET6)).isEqualTo(linuxFamily(10) + IN6_REST);
        assertThat(encoded(NETBSD, address, SocketProtocolFamily.INET6)).isEqualTo("1c18" + IN6_REST);
    }

    @Test
    void ipv4IsMappedForAnIpv6Socket() {
        InetSocketAddress address = address("192.0.2.7", 8080);
        assertThat(encoded(LINUX, address, SocketProtocolFamily.INET6)).isEqualTo(linuxFamily(10) + MAPPED_REST);
        assertThat(encoded(NETBSD, address, SocketProtocolFamily.INET6)).isEqualTo("1c18" + MAPPED_REST);
    }

    @Test
    void bothWildcardsServeBothFamilies() {
        String none = "0050" + "00000000" + "0".repeat(32) + "00000000";
        for (String wildcard : new String[] {"0.0.0.0", "::"}) {
            InetSocketAddress address = address(wildcard, 80);
            assertThat(encoded(LINUX, address, SocketProtocolFamily.INET6)).isEqualTo(linuxFamily(10) + none);
            assertThat(encoded(NETBSD, address, SocketProtocolFamily.INET))
                    .isEqualTo("1002" + "0050" + "00000000" + "0000000000000000");
        }
    }

    @Test
    void scopeIsKept() throws Exception {
        byte[] linkLocal = HexFormat.of().parseHex("fe80000000000000000000000000000a");
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 3), 80);
        ByteBuffer memory = memory();
        int length = LINUX.encode(address, SocketProtocolFamily.INET6, memory, 0);
        assertThat(memory.getInt(24)).isEqualTo(3);
        InetSocketAddress decoded = (InetSocketAddress) LINUX.decode(memory, 0, length);
        assertThat(decoded).isEqualTo(address);
        assertThat(((Inet6Address) decoded.getAddress()).getScopeId()).isEqualTo(3);
        assertThat(decoded.toString()).contains("%3");
    }

    @Test
    void noScopeIsNotScopeZero() {
        InetSocketAddress decoded = (InetSocketAddress) LINUX.decode(bytes(linuxFamily(10) + IN6_REST), 0, 28);
        assertThat(decoded.getAddress().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:7");
    }

    @Test
    void mappedAddressesAreIpv4() {
        RawAddress raw = LINUX.decodeRaw(bytes(linuxFamily(10) + MAPPED_REST), 0, 28);
        assertThat(raw).isEqualTo(new RawAddress(true, 0, 0xc0000207L, 8080, 0));
        assertThat(raw.toInetSocketAddress()).isEqualTo(address("192.0.2.7", 8080));
        assertThat(raw).isEqualTo(NETBSD.decodeRaw(bytes("1002" + IN4_REST), 0, 16));
        assertThat(raw).hasToString("/192.0.2.7:8080");
    }

    @Test
    void offsetIsHeeded() {
        ByteBuffer memory = ByteBuffer.allocate(40).order(ByteOrder.nativeOrder());
        memory.put(12, HexFormat.of().parseHex("1c18" + IN6_REST));
        assertThat(NETBSD.decode(memory, 12, 28)).isEqualTo(address("2001:db8::7", 8080));
        assertThat(NETBSD.family(memory, 12)).isEqualTo(SocketProtocolFamily.INET6);
    }

    @Test
    void whatIsNoInternetAddressIsNull() {
        // macOS, for a connection that was reset before accept; an unnamed AF_UNIX peer; AF_UNSPEC; cut off.
        assertThat(NETBSD.decodeRaw(memory(), 0, 0)).isNull();
        assertThat(NETBSD.decodeRaw(bytes("0201" + "00".repeat(26)), 0, 2)).isNull();
        assertThat(LINUX.decodeRaw(bytes("0000" + IN6_REST), 0, 28)).isNull();
        assertThat(LINUX.decodeRaw(bytes(linuxFamily(10) + IN6_REST), 0, 27)).isNull();
        assertThat(LINUX.decodeRaw(bytes(linuxFamily(2) + IN4_REST), 0, 7)).isNull();
        assertThat(NETBSD.family(bytes("0201" + "00".repeat(26)), 0)).isEqualTo(SocketProtocolFamily.UNIX);
        assertThat(NETBSD.family(bytes("10ff" + "00".repeat(26)), 0)).isNull();
    }

    @Test
    void addressesThatCannotBeAreRefused() {
        assertThatThrownBy(() ->
                        encoded(LINUX, InetSocketAddress.createUnresolved("nowhere", 1), SocketProtocolFamily.INET6))
                .isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> encoded(LINUX, address("::1", 1), SocketProtocolFamily.INET))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        assertThatThrownBy(() -> encoded(LINUX, address("127.0.0.1", 1), SocketProtocolFamily.UNIX))
                .isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Property
    void ipv4SurvivesTheWayThereAndBack(
            @ForAll @Size(4) byte[] ip, @ForAll @IntRange(max = 0xffff) int port, @ForAll boolean netbsd)
            throws Exception {
        SocketAddressCodec codec = netbsd ? NETBSD : LINUX;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(ip), port);
        ByteBuffer memory = memory();
        int length = codec.encode(address, SocketProtocolFamily.INET, memory, 0);
        assertThat(length).isEqualTo(16);
        assertThat(codec.decode(memory, 0, length)).isEqualTo(address);
        length = codec.encode(address, SocketProtocolFamily.INET6, memory, 0);
        assertThat(length).isEqualTo(28);
        InetSocketAddress decoded = (InetSocketAddress) codec.decode(memory, 0, length);
        if (address.getAddress().isAnyLocalAddress()) {
            assertThat(decoded.getAddress()).isEqualTo(InetAddress.getByName("::"));
        } else {
            assertThat(decoded).isEqualTo(address);
        }
    }

    @Property
    void ipv6SurvivesTheWayThereAndBack(
            @ForAll @Size(16) byte[] ip, @ForAll @IntRange(max = 0xffff) int port, @ForAll boolean netbsd)
            throws Exception {
        SocketAddressCodec codec = netbsd ? NETBSD : LINUX;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(ip), port);
        ByteBuffer memory = memory();
        int length = codec.encode(address, SocketProtocolFamily.INET6, memory, 0);
        assertThat(length).isEqualTo(28);
        assertThat(codec.decode(memory, 0, length)).isEqualTo(address);
    }

    /** Length and position of every field, from the record; the two tests above fix what they are for two systems. */
    @Property
    void sockaddrIsWhatTheRecordSays(@ForAll @Size(4) byte[] ip, @ForAll @IntRange(max = 0xffff) int port)
            throws Exception {
        for (String id : new String[] {"linux-amd64", "linux-arm64", "netbsd-amd64"}) {
            Platform platform = TestPlatforms.named(id);
            ByteBuffer memory = memory();
            int length = new SocketAddressCodec(platform)
                    .encode(
                            new InetSocketAddress(InetAddress.getByAddress(ip), port),
                            SocketProtocolFamily.INET,
                            memory,
                            0);
            ByteBuffer network = memory.duplicate().order(ByteOrder.BIG_ENDIAN);
            assertThat(network.getShort(platform.sockaddr().in4Port()) & 0xffff).isEqualTo(port);
            byte[] stored = new byte[4];
            network.get(platform.sockaddr().in4Address(), stored);
            assertThat(stored).isEqualTo(ip);
            if (Platform.has(platform.sockaddr().length())) {
                assertThat(memory.get(platform.sockaddr().length())).isEqualTo((byte) length);
            }
        }
    }
}
