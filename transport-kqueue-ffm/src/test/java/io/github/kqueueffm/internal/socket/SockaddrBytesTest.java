// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Targets;
import io.github.kqueueffm.internal.platform.oracle.StructImage;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * Socket addresses of every system, byte by byte, in memory without a byte to spare: in the order of the architecture that the
 * record is for, so that a big-endian one is tested on any machine.
 */
@Domain(Targets.class)
@Domain(DomainContext.Global.class)
class SockaddrBytesTest {

    private static final int BEFORE = 3;

    private static StructImage image(Platform platform, String prefix, int length, int family) {
        String name = prefix.equals("sin6") ? "sockaddr_in6" : prefix.equals("sin") ? "sockaddr_in" : "sockaddr_un";
        StructImage image = StructImage.of(platform, name, Targets.byteOrder(platform));
        if (image.has(prefix + "_len")) {
            image.put(prefix + "_len", length);
        }
        return image.put(prefix + "_family", family);
    }

    private static byte[] network(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }

    /** Writes the address to used memory that ends with it, and reads it back from a copy. */
    private static void isEncodedAs(
            Platform platform, SocketAddress address, SocketProtocolFamily family, byte[] expected) {
        SocketAddressCodec codec = new SocketAddressCodec(platform);
        ByteOrder order = Targets.byteOrder(platform);
        byte[] memory = new byte[BEFORE + expected.length];
        Arrays.fill(memory, (byte) 0xa5);
        assertThat(codec.encode(address, family, ByteBuffer.wrap(memory).order(order), BEFORE))
                .isEqualTo(expected.length);
        assertThat(Arrays.copyOfRange(memory, BEFORE, memory.length))
                .as("%s on %s", address, platform.id())
                .isEqualTo(expected);
        assertThat(memory).startsWith(0xa5, 0xa5, 0xa5);
        assertThat(codec.decode(ByteBuffer.wrap(expected).order(order), 0, expected.length))
                .isEqualTo(address);
        assertThat(codec.family(ByteBuffer.wrap(expected).order(order), 0)).isEqualTo(family);
    }

    @Property
    void in4(@ForAll Platform platform, @ForAll @Size(4) byte[] ip, @ForAll @IntRange(max = 0xffff) int port)
            throws UnknownHostException {
        StructImage image = image(platform, "sin", 16, platform.socket().AF_INET())
                .put("sin_port", network(port))
                .put("sin_addr", ip);
        isEncodedAs(
                platform,
                new InetSocketAddress(InetAddress.getByAddress(ip), port),
                SocketProtocolFamily.INET,
                image.bytes());
    }

    @Property
    void in6(
            @ForAll Platform platform,
            @ForAll @Size(14) byte[] end,
            @ForAll @IntRange(max = 0xffff) int port,
            @ForAll @IntRange(min = 1) int scope)
            throws UnknownHostException {
        byte[] ip = new byte[16];
        // Link-local, which a scope belongs to.
        ip[0] = (byte) 0xfe;
        ip[1] = (byte) 0x80;
        System.arraycopy(end, 0, ip, 2, end.length);
        StructImage image = image(platform, "sin6", 28, platform.socket().AF_INET6())
                .put("sin6_port", network(port))
                .put("sin6_addr", ip)
                .put("sin6_scope_id", scope);
        isEncodedAs(
                platform,
                new InetSocketAddress(Inet6Address.getByAddress(null, ip, scope), port),
                SocketProtocolFamily.INET6,
                image.bytes());
    }

    @Property
    void mapped(
            @ForAll Platform platform,
            @ForAll @Size(3) byte[] end,
            @ForAll @IntRange(min = 1, max = 255) int first,
            @ForAll @IntRange(max = 0xffff) int port)
            throws UnknownHostException {
        byte[] ip = {(byte) first, end[0], end[1], end[2]};
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(ip, 0, mapped, 12, 4);
        StructImage image = image(platform, "sin6", 28, platform.socket().AF_INET6())
                .put("sin6_port", network(port))
                .put("sin6_addr", mapped);
        isEncodedAs(
                platform,
                new InetSocketAddress(InetAddress.getByAddress(ip), port),
                SocketProtocolFamily.INET6,
                image.bytes());
    }

    @Property
    void path(@ForAll Platform platform, @ForAll @AlphaChars @StringLength(min = 1, max = 103) String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        // The address ends behind the path's NUL.
        int length = 2 + bytes.length + 1;
        StructImage image =
                image(platform, "sun", length, platform.socket().AF_UNIX()).put("sun_path", bytes);
        isEncodedAs(
                platform,
                new DomainSocketAddress(path),
                SocketProtocolFamily.UNIX,
                Arrays.copyOf(image.bytes(), length));
    }

    /** The longest path fills the struct, with its NUL; one more is refused. */
    @Property(tries = 50)
    void longestPath(@ForAll Platform platform) {
        int room = StructImage.of(platform, "sockaddr_un").width("sun_path");
        String path = "/" + "p".repeat(room - 2);
        int length = StructImage.of(platform, "sockaddr_un").size();
        StructImage image = image(platform, "sun", length, platform.socket().AF_UNIX())
                .put("sun_path", path.getBytes(StandardCharsets.UTF_8));
        isEncodedAs(platform, new DomainSocketAddress(path), SocketProtocolFamily.UNIX, image.bytes());
        assertThat(new SocketAddressCodec(platform)
                        .encode(
                                new DomainSocketAddress(path + "p"),
                                SocketProtocolFamily.UNIX,
                                ByteBuffer.allocate(length + 1),
                                0))
                .isEqualTo(-platform.errno().ENAMETOOLONG());
    }

    @Property
    void nobody(@ForAll Platform platform, @ForAll SocketProtocolFamily family) {
        String prefix =
                family == SocketProtocolFamily.INET ? "sin" : family == SocketProtocolFamily.INET6 ? "sin6" : "sun";
        int length = image(platform, prefix, 0, 0).size();
        StructImage image = image(platform, prefix, length, 0);
        byte[] memory = new byte[length];
        Arrays.fill(memory, (byte) 0xa5);
        assertThat(new SocketAddressCodec(platform)
                        .encodeNobody(family, ByteBuffer.wrap(memory).order(Targets.byteOrder(platform)), 0))
                .isEqualTo(length);
        assertThat(memory).as(platform.id()).isEqualTo(image.bytes());
    }
}
