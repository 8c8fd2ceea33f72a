// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.internal.sys.NativeMemory;
import io.github.kqueueffm.internal.sys.Syscalls;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A thread's native memory for the arguments of one call: an address, and an option's value. */
final class CallScratch {

    /** Holds every option with a typed name; the longest is accept_filter_arg, 256 bytes. */
    private static final int VALUE_SIZE = 256;

    final AddressScratch address;

    private final Binding binding;
    private final Syscalls syscalls;
    private final NativeMemory length;
    private NativeMemory value;

    /** Made when first needed: few threads pass descriptors. */
    private @Nullable DescriptorMessage descriptors;

    private @Nullable StreamMessage stream;

    CallScratch(Binding binding) {
        this.binding = binding;
        syscalls = binding.syscalls();
        address = new AddressScratch(binding);
        length = NativeMemory.allocate(syscalls, Integer.BYTES);
        value = NativeMemory.allocate(syscalls, VALUE_SIZE);
    }

    /** Memory for a value of {@code size} bytes, at least; its content is left over from the last call. */
    NativeMemory value(int size) {
        if (size > value.size()) {
            value = NativeMemory.allocate(syscalls, size);
        }
        return value;
    }

    DescriptorMessage descriptors() {
        DescriptorMessage message = descriptors;
        if (message == null) {
            message = new DescriptorMessage(binding);
            descriptors = message;
        }
        return message;
    }

    StreamMessage stream() {
        StreamMessage message = stream;
        if (message == null) {
            message = new StreamMessage(binding);
            stream = message;
        }
        return message;
    }

    /** Address of a socklen_t that says {@code size}. */
    long lengthPointer(int size) {
        length.buffer().putInt(0, size);
        return length.address();
    }

    /** What the kernel made of it. */
    int length() {
        return length.buffer().getInt(0);
    }

    ByteBuffer valueBuffer() {
        return value.buffer();
    }
}
