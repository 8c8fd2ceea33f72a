// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Targets;
import io.github.kqueueffm.internal.platform.oracle.StructImage;
import io.github.kqueueffm.testing.MemoryCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** {@code struct iovec}, {@code msghdr}, {@code mmsghdr} and {@code cmsghdr} of every system, byte by byte. */
@Domain(Targets.class)
@Domain(DomainContext.Global.class)
class MessageBytesTest {

    private static final int ENTRIES = 3;
    private static final int DESCRIPTOR = Integer.BYTES;

    private static byte[] iovec(Platform platform, long address, long length) {
        return StructImage.of(platform, "iovec")
                .put("iov_base", address)
                .put("iov_len", length)
                .bytes();
    }

    private static StructImage msghdr(Platform platform, long name, int nameLength, long iovec, int count) {
        return StructImage.of(platform, "msghdr")
                .put("msg_name", name)
                .put("msg_namelen", nameLength)
                .put("msg_iov", iovec)
                .put("msg_iovlen", count);
    }

    private static byte[] part(ByteBuffer memory, int at, int length) {
        byte[] bytes = new byte[length];
        memory.get(at, bytes);
        return bytes;
    }

    @Property
    void iovecs(
            @ForAll Platform platform,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 100_000) Integer> lengths,
            @ForAll @LongRange(min = 1) long address) {
        MemoryCalls calls = new MemoryCalls(platform);
        IovecArray array = new IovecArray(calls.binding(), lengths.size());
        for (int length : lengths) {
            assertThat(array.add(address + length, length)).isTrue();
        }
        assertThat(array.add(address, 1)).as("full").isFalse();
        for (int i = 0; i < lengths.size(); i++) {
            byte[] expected = iovec(platform, address + lengths.get(i), lengths.get(i));
            assertThat(array.address(i)).isEqualTo(array.address() + (long) i * expected.length);
            assertThat(calls.read(array.address(i), expected.length))
                    .as("%s, entry %d", platform.id(), i)
                    .isEqualTo(expected);
        }
    }

    @Property
    void datagrams(
            @ForAll Platform platform,
            @ForAll @IntRange(max = ENTRIES - 1) int entry,
            @ForAll long address,
            @ForAll @IntRange(min = 1) int length,
            @ForAll @IntRange(max = 110) int nameLength,
            @ForAll @IntRange(min = 1, max = 1024) int parts) {
        MemoryCalls calls = new MemoryCalls(platform);
        MessageArray array = new MessageArray(calls.binding(), CFunction.SENDMMSG, ENTRIES);
        boolean many = Platform.has(platform.message().mmsghdrSize());
        assertThat(array.capacity()).isEqualTo(many ? ENTRIES : 1);
        int index = many ? entry : 0;
        int size = StructImage.of(platform, many ? "mmsghdr" : "msghdr").size();
        int iovecs = array.capacity() * size;
        int storage = StructImage.of(platform, "sockaddr_storage").size();
        int iovecSize = StructImage.of(platform, "iovec").size();
        int name = iovecs + array.capacity() * iovecSize + index * storage;
        assertThat(array.memory().capacity()).isEqualTo(iovecs + array.capacity() * (iovecSize + storage));
        assertThat(array.name(index)).isEqualTo(name);
        long iovec = array.address() + iovecs + (long) index * iovecSize;

        array.receive(index, address, length);
        isMessage(platform, array, index, msghdr(platform, array.address() + name, storage, iovec, 1));
        assertThat(part(array.memory(), iovecs + index * iovecSize, iovecSize))
                .as(platform.id())
                .isEqualTo(iovec(platform, address, length));
        array.send(index, nameLength, address, length);
        long nameAddress = nameLength == 0 ? 0 : array.address() + name;
        isMessage(platform, array, index, msghdr(platform, nameAddress, nameLength, iovec, 1));
        array.sendParts(index, nameLength, address, parts);
        isMessage(platform, array, index, msghdr(platform, nameAddress, nameLength, address, parts));

        if (many) {
            StructImage received = StructImage.of(platform, "mmsghdr")
                    .put("msg_hdr", msghdr(platform, 1, nameLength, iovec, 1))
                    .put("msg_len", length);
            array.memory().put(index * size, received.bytes());
            assertThat(array.length(index)).isEqualTo(length);
            assertThat(array.nameLength(index)).isEqualTo(nameLength);
        }
    }

    private static void isMessage(Platform platform, MessageArray array, int index, StructImage header) {
        boolean many = Platform.has(platform.message().mmsghdrSize());
        StructImage entry = many ? StructImage.of(platform, "mmsghdr").put("msg_hdr", header) : header;
        int size = entry.size();
        for (int i = 0; i < array.capacity(); i++) {
            assertThat(part(array.memory(), i * size, size))
                    .as("%s, entry %d", platform.id(), i)
                    .isEqualTo(i == index ? entry.bytes() : new byte[size]);
        }
    }

    @Property
    void bytesOfAStream(@ForAll Platform platform, @ForAll long address, @ForAll @IntRange(min = 1) int length) {
        StreamMessage message = new StreamMessage(new MemoryCalls(platform).binding());
        int header = StructImage.of(platform, "msghdr").size();
        int iovec = (header + 7) / 8 * 8;
        message.prepare(address, length);
        assertThat(part(message.memory(), 0, header))
                .as(platform.id())
                .isEqualTo(msghdr(platform, 0, 0, message.address() + iovec, 1).bytes());
        assertThat(part(message.memory(), iovec, message.memory().capacity() - iovec))
                .as(platform.id())
                .isEqualTo(iovec(platform, address, length));

        StructImage cut = msghdr(platform, 0, 0, message.address() + iovec, 1)
                .put("msg_flags", platform.socket().MSG_CTRUNC());
        message.memory().put(0, cut.bytes());
        assertThat(message.hadDescriptors()).isTrue();
    }

    private static int aligned(Platform platform, int size) {
        int alignment = StructImage.number(platform, "cmsgAlignment");
        return (size + alignment - 1) / alignment * alignment;
    }

    /** A control message with ints as data, padded as CMSG_SPACE has it, in this machine's byte order. */
    private static byte[] control(Platform platform, int level, int type, List<Integer> data) {
        int begin = aligned(platform, StructImage.of(platform, "cmsghdr").size());
        int length = begin + data.size() * DESCRIPTOR;
        ByteBuffer bytes = ByteBuffer.allocate(aligned(platform, length)).order(ByteOrder.nativeOrder());
        bytes.put(
                0,
                StructImage.of(platform, "cmsghdr")
                        .put("cmsg_len", length)
                        .put("cmsg_level", level)
                        .put("cmsg_type", type)
                        .bytes());
        for (int i = 0; i < data.size(); i++) {
            bytes.putInt(begin + i * DESCRIPTOR, data.get(i));
        }
        return bytes.array();
    }

    @Property
    void descriptorToSend(@ForAll Platform platform, @ForAll @IntRange(max = 1_000_000) int fd) {
        DescriptorMessage message = new DescriptorMessage(new MemoryCalls(platform).binding());
        message.prepareToSend(fd);
        byte[] expected = control(
                platform, platform.socket().SOL_SOCKET(), platform.socket().SCM_RIGHTS(), List.of(fd));
        assertThat(part(message.memory(), message.control(), expected.length + 64))
                .as(platform.id())
                .startsWith(expected)
                .endsWith(new byte[64]);

        int header = StructImage.of(platform, "msghdr").size();
        int iovec = (header + 15) / 16 * 16;
        assertThat(part(message.memory(), 0, header))
                .as(platform.id())
                .isEqualTo(msghdr(platform, 0, 0, message.address() + iovec, 1)
                        .put("msg_control", message.address() + message.control())
                        .put("msg_controllen", expected.length)
                        .bytes());
    }

    /** Control messages one behind the other: what is SCM_RIGHTS of SOL_SOCKET is found, whatever is around it. */
    @Property
    void descriptorsReceived(
            @ForAll Platform platform,
            @ForAll @Size(max = 5) List<@Size(max = 5) List<@IntRange(max = 1_000_000) Integer>> messages,
            @ForAll @IntRange(max = 1) int kind) {
        DescriptorMessage message = new DescriptorMessage(new MemoryCalls(platform).binding());
        message.prepareToReceive();
        int rights = platform.socket().SCM_RIGHTS();
        List<Integer> expected = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < messages.size(); i++) {
            boolean taken = i % 2 == kind;
            byte[] control =
                    control(platform, platform.socket().SOL_SOCKET(), taken ? rights : rights + 1, messages.get(i));
            message.memory().put(message.control() + at, control);
            at += control.length;
            if (taken) {
                expected.addAll(messages.get(i));
            }
        }
        StructImage header = msghdr(platform, 0, 0, 0, 1).put("msg_controllen", at);
        message.memory().put(0, header.bytes());
        message.received();
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < message.count(); i++) {
            found.add(message.descriptor(i));
        }
        assertThat(found).as(platform.id()).isEqualTo(expected);
        assertThat(message.isTruncated()).isFalse();
    }
}
