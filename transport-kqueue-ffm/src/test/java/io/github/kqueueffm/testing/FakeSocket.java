// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import java.nio.ByteBuffer;

/**
 * A connected stream socket whose other side is the test. What comes in is counted, not kept: what is read are zeros.
 * Methods may be called from any thread.
 */
public final class FakeSocket extends FakeDescriptor {

    private long readable;
    private long room = 32768;
    private boolean readShut;
    private boolean writeShut;
    private int error;
    private boolean errorUntold;

    FakeSocket(ScriptedKernel kernel) {
        super(kernel);
    }

    /** Number of the descriptor. */
    public int fd() {
        return fd;
    }

    /** The peer sent so many bytes. */
    public FakeSocket arrive(long bytes) {
        return change(() -> readable += bytes);
    }

    /** The test reads so many bytes itself, without a call in the log. No filter fires for it. */
    public FakeSocket take(long bytes) {
        synchronized (kernel.lock) {
            if (bytes > readable) {
                throw new IllegalArgumentException(bytes + " of " + readable);
            }
            readable -= bytes;
        }
        return this;
    }

    /** Bytes that are there to be read. */
    public long readable() {
        synchronized (kernel.lock) {
            return readable;
        }
    }

    /** The peer sent its FIN. */
    public FakeSocket endOfFile() {
        return change(() -> readShut = true);
    }

    /** The connection ended with an error, such as ECONNRESET: end of file in both directions. */
    public FakeSocket fail(int errno) {
        return change(() -> {
            readShut = true;
            writeShut = true;
            error = errno;
        });
    }

    /** The same, but events say nothing of the error, as when something else has told of it before: SO_ERROR does. */
    public FakeSocket failUntold(int errno) {
        errorUntold = true;
        return fail(errno);
    }

    /** SO_ERROR: asking for it takes it. */
    public int takeError() {
        int told = error;
        error = 0;
        return told;
    }

    private int toldError() {
        return errorUntold ? 0 : error;
    }

    /** This side's shutdown(SHUT_WR). */
    public FakeSocket shutWrite() {
        return change(() -> writeShut = true);
    }

    /** The send buffer now takes so many bytes; 0 for a full one. */
    public FakeSocket room(long bytes) {
        return change(() -> room = bytes);
    }

    private FakeSocket change(Runnable action) {
        synchronized (kernel.lock) {
            action.run();
            changed();
        }
        return this;
    }

    @Override
    Readiness readReadiness(long lowWater) {
        if (readShut) {
            // Tested before the mark: filt_soread of all five kernels.
            return new Readiness(true, readable, true, toldError());
        }
        return new Readiness(readable >= lowWater, readable, false, 0);
    }

    @Override
    Readiness writeReadiness(long lowWater) {
        if (writeShut) {
            return new Readiness(true, room, true, toldError());
        }
        return new Readiness(room >= lowWater, room, false, 0);
    }

    @Override
    long read(ByteBuffer into) {
        if (readable > 0) {
            int count = (int) Math.min(readable, into.remaining());
            for (int i = 0; i < count; i++) {
                into.put((byte) 0);
            }
            readable -= count;
            return count;
        }
        if (error != 0) {
            return -takeError();
        }
        return readShut ? 0 : -errno().EAGAIN();
    }

    @Override
    long write(ByteBuffer from) {
        if (writeShut) {
            return -errno().EPIPE();
        }
        if (room == 0) {
            return -errno().EAGAIN();
        }
        long count = Math.min(room, from.remaining());
        room -= count;
        return count;
    }
}
