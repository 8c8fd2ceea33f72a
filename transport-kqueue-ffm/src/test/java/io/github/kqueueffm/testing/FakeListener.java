// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import java.nio.ByteBuffer;

/** A listening socket with connections that the test lets come. Methods may be called from any thread. */
public final class FakeListener extends FakeDescriptor {

    private int backlog;

    FakeListener(ScriptedKernel kernel) {
        super(kernel);
    }

    /** Number of the descriptor. */
    public int fd() {
        return fd;
    }

    /** So many connections came to be accepted. */
    public FakeListener connections(int count) {
        synchronized (kernel.lock) {
            backlog += count;
            changed();
        }
        return this;
    }

    /** The test accepts one itself, without a call in the log. */
    public FakeListener take() {
        synchronized (kernel.lock) {
            if (backlog == 0) {
                throw new IllegalStateException("nothing to accept");
            }
            backlog--;
            if (backlog > 0) {
                // Fires again on each accept while others remain (NetBSD, observed).
                changed();
            }
        }
        return this;
    }

    boolean isEmpty() {
        return backlog == 0;
    }

    @Override
    Readiness readReadiness(long lowWater) {
        return new Readiness(backlog > 0, backlog, false, 0);
    }

    @Override
    Readiness writeReadiness(long lowWater) {
        // Never fires, on any of the kernels.
        return Readiness.NOTHING;
    }

    @Override
    long read(ByteBuffer into) {
        return -errno().ENOTCONN();
    }

    @Override
    long write(ByteBuffer from) {
        return -errno().ENOTCONN();
    }
}
