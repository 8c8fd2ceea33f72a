// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.MessageLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** recvmmsg(2) and sendmmsg(2) over UDP, and with them the layout of the structs they take. */
@Timeout(120)
class MessageSyscallsTest extends SyscallsFixture {

    private static final int ROOM = 16;

    private final MessageLayout layout = platform.message();
    private int receiver;
    private int sender;

    @BeforeEach
    void openSockets() {
        receiver = udp();
        sender = udp();
    }

    private int udp() {
        int fd = open(sys.socket(socket.AF_INET(), socket.SOCK_DGRAM(), 0));
        NativeMemory any = loopback(0);
        assertThat(sys.bind(fd, any.address(), any.size())).isZero();
        return fd;
    }

    /** Messages of one buffer each. */
    private final class Messages {
        private final int room;
        private final NativeMemory headers;
        private final NativeMemory addresses;
        private final NativeMemory data;

        Messages(int count) {
            this(count, ROOM);
        }

        /** @param room bytes for the payload of each */
        Messages(int count, int room) {
            this.room = room;
            int iovecs = count * layout.mmsghdrSize();
            headers = memory(iovecs + count * structs.iovecSize());
            addresses = memory(count * platform.sockaddr().storageSize());
            data = memory(count * room);
            for (int i = 0; i < count; i++) {
                int iovec = iovecs + i * structs.iovecSize();
                headers.buffer().putLong(iovec + structs.iovecBase(), data.address() + i * room);
                headers.buffer().putLong(iovec + structs.iovecLength(), room);
                headers.buffer().putLong(header(i) + layout.msghdrIov(), headers.address() + iovec);
                count(header(i) + layout.msghdrIovCount(), layout.msghdrIovCountSize());
                headers.buffer().putLong(header(i) + layout.msghdrName(), address(i));
                headers.buffer()
                        .putInt(
                                header(i) + layout.msghdrNameLength(),
                                platform.sockaddr().storageSize());
            }
        }

        private void count(int offset, int size) {
            if (size == Long.BYTES) {
                headers.buffer().putLong(offset, 1);
            } else {
                headers.buffer().putInt(offset, 1);
            }
        }

        private int header(int index) {
            return index * layout.mmsghdrSize() + layout.mmsghdrHeader();
        }

        private long address(int index) {
            return addresses.address() + index * platform.sockaddr().storageSize();
        }

        void fill(int index, String text, NativeMemory to) {
            data.buffer().put(index * room, text.getBytes(StandardCharsets.US_ASCII));
            int iovec = (int) (headers.buffer().getLong(header(index) + layout.msghdrIov()) - headers.address());
            headers.buffer().putLong(iovec + structs.iovecLength(), text.length());
            for (int i = 0; i < to.size(); i++) {
                addresses
                        .buffer()
                        .put(
                                index * platform.sockaddr().storageSize() + i,
                                to.buffer().get(i));
            }
            headers.buffer().putInt(header(index) + layout.msghdrNameLength(), to.size());
        }

        int length(int index) {
            return headers.buffer().getInt(index * layout.mmsghdrSize() + layout.mmsghdrLength());
        }

        int flags(int index) {
            return headers.buffer().getInt(header(index) + layout.msghdrFlags());
        }

        String text(int index) {
            return SyscallsFixture.text(data, index * room, Math.min(room, length(index)));
        }

        int nameLength(int index) {
            return headers.buffer().getInt(header(index) + layout.msghdrNameLength());
        }

        int port(int index) {
            int at = index * platform.sockaddr().storageSize()
                    + platform.sockaddr().in4Port();
            return (addresses.buffer().get(at) & 0xff) << 8 | addresses.buffer().get(at + 1) & 0xff;
        }
    }

    private void assumeBatches() {
        assumeTrue(sys.has(CFunction.RECVMMSG) && sys.has(CFunction.SENDMMSG), "no recvmmsg and sendmmsg here");
    }

    private void send(String... texts) {
        Messages messages = new Messages(texts.length, 2 * ROOM);
        for (int i = 0; i < texts.length; i++) {
            messages.fill(i, texts[i], loopback(localPort(receiver)));
        }
        assertThat(sys.sendmmsg(sender, messages.headers.address(), texts.length, 0))
                .isEqualTo(texts.length);
        for (int i = 0; i < texts.length; i++) {
            assertThat(messages.length(i)).isEqualTo(texts[i].length());
        }
    }

    @Test
    void aBatchArrivesWithLengthsAndSenders() {
        assumeBatches();
        send("one", "", "three");
        // Loopback has delivered when sendmmsg returns, so nothing is left to wait for.
        nonBlocking(receiver);
        Messages messages = new Messages(5);
        assertThat(sys.recvmmsg(receiver, messages.headers.address(), 5, 0, 0)).isEqualTo(3);
        assertThat(messages.text(0)).isEqualTo("one");
        assertThat(messages.text(1)).isEmpty();
        assertThat(messages.text(2)).isEqualTo("three");
        for (int i = 0; i < 3; i++) {
            assertThat(messages.port(i)).isEqualTo(localPort(sender));
            assertThat(messages.nameLength(i)).isEqualTo(platform.sockaddr().in4Size());
            assertThat(messages.flags(i) & socket.MSG_TRUNC()).isZero();
        }
        assertThat(sys.recvmmsg(receiver, messages.headers.address(), 5, 0, 0)).isEqualTo(-errno.EAGAIN());
    }

    @Test
    void noMoreThanAskedForIsTaken() {
        assumeBatches();
        send("a", "b", "c");
        nonBlocking(receiver);
        Messages messages = new Messages(2);
        assertThat(sys.recvmmsg(receiver, messages.headers.address(), 2, 0, 0)).isEqualTo(2);
        assertThat(messages.text(0) + messages.text(1)).isEqualTo("ab");
        assertThat(sys.recvmmsg(receiver, messages.headers.address(), 2, 0, 0)).isEqualTo(1);
        assertThat(messages.text(0)).isEqualTo("c");
    }

    @Test
    void aCutMessageIsMarked() {
        assumeBatches();
        send("longer than sixteen bytes");
        Messages messages = new Messages(1);
        assertThat(sys.recvmmsg(receiver, messages.headers.address(), 1, 0, 0)).isEqualTo(1);
        assertThat(messages.text(0)).isEqualTo("longer than sixt");
        assertThat(messages.flags(0) & socket.MSG_TRUNC()).isEqualTo(socket.MSG_TRUNC());
    }

    /** The headers again without the length behind them, one call each. */
    @Test
    void oneMessageAtATime() {
        Messages message = new Messages(1);
        message.fill(0, "single", loopback(localPort(receiver)));
        assertThat(sys.sendmsg(sender, message.headers.address() + layout.mmsghdrHeader(), 0))
                .isEqualTo(6);
        Messages received = new Messages(1);
        assertThat(sys.recvmsg(receiver, received.headers.address() + layout.mmsghdrHeader(), 0))
                .isEqualTo(6);
        assertThat(text(received.data, 0, 6)).isEqualTo("single");
        assertThat(received.port(0)).isEqualTo(localPort(sender));
    }
}
