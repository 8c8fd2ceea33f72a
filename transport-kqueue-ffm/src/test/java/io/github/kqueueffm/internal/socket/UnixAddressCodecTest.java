// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class UnixAddressCodecTest {

    private static final Platform LINUX = TestPlatforms.named("linux-amd64");
    private static final Platform NETBSD = TestPlatforms.named("netbsd-amd64");

    private static ByteBuffer memory(int size) {
        ByteBuffer memory = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        for (int i = 0; i < size; i++) {
            memory.put(i, (byte) 0x55);
        }
        return memory;
    }

    private static int encode(Platform platform, String path, ByteBuffer into) {
        return new UnixAddressCodec(platform).encode(path, into, 0);
    }

    @Test
    void linuxHasNoLengthByteAndAFamilyOfTwo() {
        ByteBuffer memory = memory(16);
        assertThat(encode(LINUX, "/a/b", memory)).isEqualTo(2 + 5);
        assertThat(memory.getShort(0)).isEqualTo((short) 1);
        assertThat(memory.slice(2, 6)).isEqualTo(ByteBuffer.wrap(new byte[] {'/', 'a', '/', 'b', 0, 0x55}));
    }

    @Test
    void netbsdHasALengthByte() {
        ByteBuffer memory = memory(16);
        assertThat(encode(NETBSD, "/a/b", memory)).isEqualTo(2 + 5);
        assertThat(memory.slice(0, 8)).isEqualTo(ByteBuffer.wrap(new byte[] {7, 1, '/', 'a', '/', 'b', 0, 0x55}));
    }

    @Test
    void theLongestPathLeavesRoomForItsNul() {
        assertThat(encode(LINUX, "p".repeat(107), memory(110))).isEqualTo(110);
        assertThat(encode(LINUX, "p".repeat(108), memory(110)))
                .isEqualTo(-LINUX.errno().ENAMETOOLONG());
        assertThat(encode(NETBSD, "p".repeat(103), memory(106))).isEqualTo(106);
        assertThat(encode(NETBSD, "p".repeat(104), memory(106)))
                .isEqualTo(-NETBSD.errno().ENAMETOOLONG());
    }

    @Test
    void aPathIsMeasuredInBytes() {
        assertThat(encode(LINUX, "\u00e9".repeat(53), memory(110))).isEqualTo(2 + 107);
        assertThat(encode(LINUX, "\u00e9".repeat(54), memory(110)))
                .isEqualTo(-LINUX.errno().ENAMETOOLONG());
    }

    @Test
    void anAbstractNameEndsWithItsLength() {
        ByteBuffer memory = memory(110);
        assertThat(encode(LINUX, "\0ab", memory)).isEqualTo(2 + 3);
        assertThat(memory.slice(2, 4)).isEqualTo(ByteBuffer.wrap(new byte[] {0, 'a', 'b', 0x55}));
        assertThat(encode(LINUX, "\0" + "a".repeat(107), memory)).isEqualTo(110);
        assertThat(encode(LINUX, "\0" + "a".repeat(108), memory))
                .isEqualTo(-LINUX.errno().ENAMETOOLONG());
        assertThat(new UnixAddressCodec(LINUX).decode(memory, 0, 2 + 3)).isEqualTo("\0aa");
    }

    @Test
    void onlyLinuxHasAbstractNames() {
        assertThat(encode(NETBSD, "\0ab", memory(110)))
                .isEqualTo(-NETBSD.errno().EOPNOTSUPP());
    }

    @Test
    void aPathThatTheKernelWouldCutShortIsRefused() {
        assertThat(encode(LINUX, "/tmp/a\0b", memory(110)))
                .isEqualTo(-LINUX.errno().EINVAL());
        assertThat(encode(LINUX, "", memory(110))).isEqualTo(-LINUX.errno().ENOENT());
    }

    @Test
    void aSocketWithoutANameHasAnEmptyPath() {
        ByteBuffer memory = memory(110);
        assertThat(new UnixAddressCodec(LINUX).decode(memory, 0, 2)).isEmpty();
        memory.put(2, (byte) 0);
        assertThat(new UnixAddressCodec(NETBSD).decode(memory, 0, 106)).isEmpty();
    }

    @Test
    void aPathWithoutRoomForItsNulIsRead() {
        for (Platform platform : new Platform[] {LINUX, NETBSD}) {
            int room = platform.sockaddr().unPathSize();
            ByteBuffer memory = memory(2 + room);
            byte[] path = "p".repeat(room).getBytes(StandardCharsets.UTF_8);
            memory.put(2, path);
            // Linux answers one more than there is room for (unix(7), BUGS).
            assertThat(new UnixAddressCodec(platform).decode(memory, 0, 2 + room + 1))
                    .isEqualTo("p".repeat(room));
        }
    }

    @Test
    void jdkAddressesAreTakenToo() {
        ByteBuffer memory = memory(110);
        int length = new SocketAddressCodec(LINUX)
                .encode(UnixDomainSocketAddress.of("/tmp/x"), SocketProtocolFamily.UNIX, memory, 0);
        assertThat(new SocketAddressCodec(LINUX).decode(memory, 0, length))
                .isEqualTo(new DomainSocketAddress("/tmp/x"));
    }

    @Property
    void aPathSurvivesTheWayThereAndBack(
            @ForAll @StringLength(min = 1, max = 30) String path, @ForAll @IntRange(max = 40) int offset) {
        String name = path.replace("\0", "0");
        // Lone surrogates have no UTF-8.
        String expected = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        for (Platform platform : new Platform[] {LINUX, NETBSD}) {
            ByteBuffer memory = memory(160);
            UnixAddressCodec codec = new UnixAddressCodec(platform);
            int length = codec.encode(name, memory, offset);
            if (length > 0) {
                assertThat(codec.decode(memory, offset, length)).isEqualTo(expected);
                assertThat(memory.get(offset + length)).isEqualTo((byte) 0x55);
            } else {
                assertThat(length).isEqualTo(-platform.errno().ENAMETOOLONG());
            }
        }
    }
}
