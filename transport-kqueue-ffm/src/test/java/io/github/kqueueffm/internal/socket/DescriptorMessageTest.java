// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import io.github.kqueueffm.internal.sys.Binding;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of struct msghdr and struct cmsghdr, on little-endian machines as all targets are. */
class DescriptorMessageTest {

    private static final Platform LINUX = TestPlatforms.named("linux-amd64");
    private static final Platform NETBSD = TestPlatforms.named("netbsd-amd64");
    private static final Platform NETBSD_ARM = TestPlatforms.named("netbsd-arm64");

    private static DescriptorMessage message(Platform platform) {
        return new DescriptorMessage(new Binding("none", platform, RealBinding.BINDING.syscalls()));
    }

    private static String hex(DescriptorMessage message, int at, int length) {
        byte[] bytes = new byte[length];
        message.memory().get(at, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void putControlLength(DescriptorMessage message, MessageLayout layout, int length) {
        ControlMessages.putNumber(
                message.memory(), layout.msghdrControlLength(), layout.msghdrControlLengthSize(), length);
    }

    @Test
    void linuxCountsInSizeT() {
        DescriptorMessage message = message(LINUX);
        message.prepareToSend(0x0102);
        assertThat(hex(message, message.control(), 24))
                .as("cmsg_len 20, SOL_SOCKET 1, SCM_RIGHTS 1, the descriptor, padding")
                .isEqualTo("1400000000000000" + "01000000" + "01000000" + "02010000" + "00000000");
        assertThat(hex(message, 24, 8)).as("msg_iovlen").isEqualTo("0100000000000000");
        assertThat(message.memory().getLong(32)).as("msg_control").isEqualTo(message.address() + message.control());
        assertThat(hex(message, 40, 8)).as("msg_controllen").isEqualTo("1800000000000000");
        long iovec = message.memory().getLong(16) - message.address();
        assertThat(hex(message, (int) iovec + 8, 8)).as("iov_len").isEqualTo("0100000000000000");
        assertThat(message.memory().getLong((int) iovec) - message.address())
                .as("iov_base, behind the iovec and before the control messages")
                .isBetween(iovec + 16, message.control() - 1L);
        assertThat(hex(message, 0, 12)).as("msg_name, msg_namelen").isEqualTo("00".repeat(12));
    }

    @Test
    void netbsdCountsInInt() {
        DescriptorMessage message = message(NETBSD);
        message.prepareToSend(7);
        assertThat(hex(message, message.control(), 24))
                .as("cmsg_len 20, SOL_SOCKET 0xffff, SCM_RIGHTS 1, padding, the descriptor, padding")
                .isEqualTo("14000000" + "ffff0000" + "01000000" + "00000000" + "07000000" + "00000000");
        assertThat(hex(message, 24, 4)).as("msg_iovlen").isEqualTo("01000000");
        assertThat(message.memory().getLong(32)).as("msg_control").isEqualTo(message.address() + message.control());
        assertThat(hex(message, 40, 4)).as("msg_controllen").isEqualTo("18000000");
    }

    @Test
    void netbsdOnArmPadsTo16() {
        DescriptorMessage message = message(NETBSD_ARM);
        message.prepareToSend(7);
        assertThat(hex(message, message.control(), 32))
                .isEqualTo("14000000" + "ffff0000" + "01000000" + "00000000" + "07000000" + "00".repeat(12));
        assertThat(hex(message, 40, 4)).as("msg_controllen").isEqualTo("20000000");
    }

    @Test
    void alignmentOf4IsThatOfMacOs() {
        DescriptorMessage message = message(TestPlatforms.named("darwin-arm64"));
        message.prepareToSend(7);
        assertThat(hex(message, message.control(), 16)).isEqualTo("10000000" + "ffff0000" + "01000000" + "07000000");
        assertThat(hex(message, 40, 4)).as("msg_controllen").isEqualTo("10000000");
    }

    @ParameterizedTest
    @CsvSource({
        "linux-amd64",
        "netbsd-amd64",
        "netbsd-arm64",
        "darwin-amd64",
        "darwin-arm64",
        "freebsd-amd64",
        "openbsd-amd64",
        "dragonfly-amd64"
    })
    void allDescriptorsOfAllMessagesAreFound(String target) {
        Platform platform = TestPlatforms.named(target);
        MessageLayout layout = platform.message();
        int solSocket = platform.socket().SOL_SOCKET();
        int rights = platform.socket().SCM_RIGHTS();
        DescriptorMessage message = message(platform);
        message.prepareToReceive();
        assertThat(message.count()).isZero();
        int end = ControlMessages.put(message, layout, 0, solSocket, rights, 11, 12, 13);
        // Credentials, say, which are none of ours.
        end = ControlMessages.put(message, layout, end, solSocket, rights + 1, 21, 22);
        end = ControlMessages.put(message, layout, end, solSocket + 1, rights, 31);
        end = ControlMessages.put(message, layout, end, solSocket, rights);
        end = ControlMessages.put(message, layout, end, solSocket, rights, 41);
        putControlLength(message, layout, end);
        message.received();
        assertThat(message.count()).isEqualTo(4);
        assertThat(new int[] {message.descriptor(0), message.descriptor(1), message.descriptor(2), message.descriptor(3)
                })
                .containsExactly(11, 12, 13, 41);
    }

    @ParameterizedTest
    @CsvSource({"linux-amd64", "netbsd-amd64"})
    void aMessageThatWasCutShortHasNoMoreThanArrived(String target) {
        Platform platform = TestPlatforms.named(target);
        MessageLayout layout = platform.message();
        DescriptorMessage message = message(platform);
        message.prepareToReceive();
        ControlMessages.put(
                message,
                layout,
                0,
                platform.socket().SOL_SOCKET(),
                platform.socket().SCM_RIGHTS(),
                11,
                12,
                13);
        putControlLength(message, layout, 16 + 4 + 3);
        message.memory()
                .putInt(
                        layout.msghdrFlags(),
                        platform.socket().MSG_CTRUNC() | platform.socket().MSG_TRUNC());
        message.received();
        assertThat(message.count()).isEqualTo(1);
        assertThat(message.descriptor(0)).isEqualTo(11);
        assertThat(message.isTruncated()).isTrue();
        message.prepareToReceive();
        assertThat(message.isTruncated()).isFalse();
        assertThat(message.count()).isZero();
        assertThat(message.hasMore()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"linux-amd64", "netbsd-amd64"})
    void whatNoKernelWritesEndsTheSearch(String target) {
        Platform platform = TestPlatforms.named(target);
        MessageLayout layout = platform.message();
        for (int length : new int[] {0, 5, -1, Integer.MIN_VALUE}) {
            DescriptorMessage message = message(platform);
            message.prepareToReceive();
            int end = ControlMessages.put(
                    message,
                    layout,
                    0,
                    platform.socket().SOL_SOCKET(),
                    platform.socket().SCM_RIGHTS(),
                    11);
            ControlMessages.putNumber(
                    message.memory(), message.control() + layout.cmsghdrLength(), layout.cmsghdrLengthSize(), length);
            putControlLength(message, layout, end);
            message.received();
            assertThat(message.count()).as("cmsg_len %d", length).isZero();
        }
    }

    @Test
    void asManyDescriptorsAsLinuxPassesFit() {
        MessageLayout layout = LINUX.message();
        int scmMaxFd = 253;
        DescriptorMessage message = message(LINUX);
        message.prepareToReceive();
        int[] descriptors = new int[scmMaxFd];
        int end = ControlMessages.put(message, layout, 0, 1, 1, descriptors);
        assertThat((long) end).isLessThanOrEqualTo(message.memory().getLong(layout.msghdrControlLength()));
        putControlLength(message, layout, end);
        message.received();
        assertThat(message.count()).isEqualTo(scmMaxFd);
    }
}
