// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TestPlatforms;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The array byte by byte; offsets are written out here as the C compilers of the systems lay the structs out. */
@Timeout(120)
class MessageArrayTest {

    private static MessageArray array(Platform platform, int capacity) {
        return new MessageArray(new ScriptedCalls(platform).binding(), CFunction.RECVMMSG, capacity);
    }

    @Test
    void linux() {
        MessageArray array = array(TestPlatforms.named("linux-amd64"), 3);
        ByteBuffer memory = array.memory();
        assertThat(memory.capacity()).isEqualTo(3 * 64 + 3 * 16 + 3 * 128);
        assertThat(array.capacity()).isEqualTo(3);
        assertThat(array.headerAddress()).isEqualTo(array.address());
        array.receive(1, 0x1122334455667788L, 2048);
        int at = 64;
        int iovec = 3 * 64 + 16;
        int name = 3 * 64 + 3 * 16 + 128;
        assertThat(array.name(1)).isEqualTo(name);
        assertThat(memory.getLong(at)).as("msg_name").isEqualTo(array.address() + name);
        assertThat(memory.getInt(at + 8)).as("msg_namelen").isEqualTo(128);
        assertThat(memory.getLong(at + 16)).as("msg_iov").isEqualTo(array.address() + iovec);
        assertThat(memory.getLong(at + 24)).as("msg_iovlen").isEqualTo(1);
        assertThat(memory.getLong(at + 32)).as("msg_control").isZero();
        assertThat(memory.getLong(at + 40)).as("msg_controllen").isZero();
        assertThat(memory.getLong(iovec)).as("iov_base").isEqualTo(0x1122334455667788L);
        assertThat(memory.getLong(iovec + 8)).as("iov_len").isEqualTo(2048);

        memory.putInt(at + 56, 77).putInt(at + 8, 16);
        assertThat(array.length(1)).isEqualTo(77);
        assertThat(array.nameLength(1)).isEqualTo(16);
        array.received(5);
        assertThat(array.length(0)).isEqualTo(5);
        array.receivedMany();
        assertThat(array.length(1)).isEqualTo(77);
    }

    @Test
    void netbsd() {
        MessageArray array = array(TestPlatforms.named("netbsd-amd64"), 2);
        ByteBuffer memory = array.memory();
        assertThat(memory.capacity()).isEqualTo(2 * 56 + 2 * 16 + 2 * 128);
        array.sendParts(1, 16, 0x1234, 7);
        int at = 56;
        assertThat(memory.getLong(at)).as("msg_name").isEqualTo(array.address() + array.name(1));
        assertThat(memory.getInt(at + 8)).as("msg_namelen").isEqualTo(16);
        assertThat(memory.getLong(at + 16)).as("msg_iov").isEqualTo(0x1234);
        assertThat(memory.getInt(at + 24)).as("msg_iovlen, an int").isEqualTo(7);
        assertThat(memory.getInt(at + 28)).as("padding").isZero();
        assertThat(memory.getLong(at + 32)).as("msg_control").isZero();
        assertThat(memory.getInt(at + 40)).as("msg_controllen").isZero();
        assertThat(memory.getInt(at + 44)).as("msg_flags").isZero();
        memory.putInt(at + 48, 9);
        assertThat(array.length(1)).isEqualTo(9);
    }

    @Test
    void withoutAddress() {
        MessageArray array = array(TestPlatforms.named("linux-amd64"), 1);
        array.send(0, 28, 0x100, 3);
        assertThat(array.memory().getLong(0)).isEqualTo(array.address() + array.name(0));
        array.send(0, 0, 0x100, 3);
        assertThat(array.memory().getLong(0)).isZero();
        assertThat(array.memory().getInt(8)).isZero();
        assertThat(array.memory().getLong(64 + 8)).isEqualTo(3);
    }

    @Test
    void aSystemWithoutTheStruct() {
        MessageArray array = array(TestPlatforms.named("darwin-amd64"), 64);
        assertThat(array.capacity()).isEqualTo(1);
        assertThat(array.memory().capacity()).isEqualTo(48 + 16 + 128);
        array.receive(0, 0x55, 10);
        assertThat(array.memory().getLong(16)).as("msg_iov").isEqualTo(array.address() + 48);
    }

    @Test
    void aLibraryWithoutTheCall() {
        ScriptedCalls calls = new ScriptedCalls().absent(CFunction.SENDMMSG);
        assertThat(new MessageArray(calls.binding(), CFunction.SENDMMSG, 64).capacity())
                .isEqualTo(1);
    }
}
