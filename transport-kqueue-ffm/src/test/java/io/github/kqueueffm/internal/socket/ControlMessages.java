// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.internal.platform.MessageLayout;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;

/** Writes control messages as a kernel, or a program in C, would. */
public final class ControlMessages {

    private ControlMessages() {}

    /**
     * Adds one to the control messages of {@code message}.
     *
     * @param at where it begins, behind {@link DescriptorMessage#control}
     * @return where the next one begins
     */
    static int put(DescriptorMessage message, MessageLayout layout, int at, int level, int type, int... data) {
        return at + put(message.memory(), message.control() + at, layout, level, type, data);
    }

    /** @return its size with the padding behind it */
    static int put(ByteBuffer memory, int at, MessageLayout layout, int level, int type, int... data) {
        int dataAt = padded(layout.cmsghdrSize(), layout);
        int length = dataAt + Integer.BYTES * data.length;
        putNumber(memory, at + layout.cmsghdrLength(), layout.cmsghdrLengthSize(), length);
        memory.putInt(at + layout.cmsghdrLevel(), level);
        memory.putInt(at + layout.cmsghdrType(), type);
        for (int i = 0; i < data.length; i++) {
            memory.putInt(at + dataAt + Integer.BYTES * i, data[i]);
        }
        return padded(length, layout);
    }

    private static int padded(int size, MessageLayout layout) {
        int alignment = layout.cmsgAlignment();
        return (size + alignment - 1) / alignment * alignment;
    }

    static void putNumber(ByteBuffer memory, int at, int size, int value) {
        if (size == Long.BYTES) {
            memory.putLong(at, value);
        } else {
            memory.putInt(at, value);
        }
    }

    /** Sends {@code bytes} zero bytes (1 to 256) with descriptors, all in one message. */
    public static void sendDescriptors(NativeSocket socket, int bytes, int... fds) {
        Platform platform = socket.binding().platform();
        Syscalls syscalls = socket.binding().syscalls();
        MessageLayout layout = platform.message();
        int iovec = 128;
        int payload = 256;
        int control = 512;
        NativeMemory memory = NativeMemory.allocate(syscalls, 4096);
        ByteBuffer buffer = memory.buffer();
        int controlSize = put(
                buffer,
                control,
                layout,
                platform.socket().SOL_SOCKET(),
                platform.socket().SCM_RIGHTS(),
                fds);
        buffer.putLong(iovec + platform.structs().iovecBase(), memory.address() + payload);
        buffer.putLong(iovec + platform.structs().iovecLength(), bytes);
        buffer.putLong(layout.msghdrIov(), memory.address() + iovec);
        putNumber(buffer, layout.msghdrIovCount(), layout.msghdrIovCountSize(), 1);
        buffer.putLong(layout.msghdrControl(), memory.address() + control);
        putNumber(buffer, layout.msghdrControlLength(), layout.msghdrControlLengthSize(), controlSize);
        assertThat(syscalls.sendmsg(socket.intValue(), memory.address(), 0)).isEqualTo(bytes);
    }

    /** Sends {@code bytes} zero bytes. */
    public static void sendBytes(NativeSocket socket, int bytes) {
        NativeMemory memory = NativeMemory.allocate(socket.binding().syscalls(), bytes);
        assertThat(socket.write(memory.address(), bytes)).isEqualTo(bytes);
    }
}
