// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** One end of a pipe. */
final class FakePipeEnd extends FakeDescriptor {

    private static final int CAPACITY = 16384;

    private final boolean reading;
    private final ArrayDeque<Byte> bytes;
    private FakePipeEnd other = this;
    private boolean open = true;

    private FakePipeEnd(ScriptedKernel kernel, boolean reading, ArrayDeque<Byte> bytes) {
        super(kernel);
        this.reading = reading;
        this.bytes = bytes;
    }

    /** Both ends, the one to read from first. */
    static FakePipeEnd[] pair(ScriptedKernel kernel) {
        ArrayDeque<Byte> bytes = new ArrayDeque<>();
        FakePipeEnd read = new FakePipeEnd(kernel, true, bytes);
        FakePipeEnd write = new FakePipeEnd(kernel, false, bytes);
        read.other = write;
        write.other = read;
        return new FakePipeEnd[] {read, write};
    }

    @Override
    Readiness readReadiness(long lowWater) {
        if (!reading) {
            return Readiness.NOTHING;
        }
        return new Readiness(!other.open || bytes.size() >= lowWater, bytes.size(), !other.open, 0);
    }

    @Override
    Readiness writeReadiness(long lowWater) {
        if (reading) {
            return Readiness.NOTHING;
        }
        int room = CAPACITY - bytes.size();
        return new Readiness(!other.open || room >= lowWater, other.open ? room : 0, !other.open, 0);
    }

    @Override
    long read(ByteBuffer into) {
        if (!reading) {
            return -errno().EBADF();
        }
        if (bytes.isEmpty()) {
            return other.open ? wouldBlock() : 0;
        }
        int count = 0;
        while (into.hasRemaining() && !bytes.isEmpty()) {
            into.put(bytes.remove());
            count++;
        }
        other.changed();
        return count;
    }

    @Override
    long write(ByteBuffer from) {
        if (reading) {
            return -errno().EBADF();
        }
        if (!other.open) {
            return -errno().EPIPE();
        }
        int room = CAPACITY - bytes.size();
        // write(2): up to PIPE_BUF bytes are written whole or not at all, which is all that is ever written here.
        if (room < from.remaining()) {
            return wouldBlock();
        }
        int count = from.remaining();
        while (from.hasRemaining()) {
            bytes.add(from.get());
        }
        other.changed();
        return count;
    }

    private long wouldBlock() {
        if ((statusFlags & kernel.platform().file().O_NONBLOCK()) == 0) {
            throw new AssertionError("this call on a blocking pipe would block");
        }
        return -errno().EAGAIN();
    }

    @Override
    void closed() {
        open = false;
        other.changed();
    }
}
