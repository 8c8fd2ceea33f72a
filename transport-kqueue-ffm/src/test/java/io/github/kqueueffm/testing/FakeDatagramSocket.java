// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * A datagram socket whose other side is the test. Of what comes in the length is kept: what is read are zeros. Methods may be
 * called from any thread.
 */
public final class FakeDatagramSocket extends FakeDescriptor {

    private final ArrayDeque<Integer> queue = new ArrayDeque<>();
    private final int addressLength;
    private int sent;

    FakeDatagramSocket(ScriptedKernel kernel) {
        super(kernel);
        addressLength = kernel.platform().traits().datagramAvailableCountsAddress()
                ? kernel.platform().sockaddr().in4Size()
                : 0;
    }

    /** So many datagrams came, each of {@code length} bytes. */
    public FakeDatagramSocket arrive(int datagrams, int length) {
        synchronized (kernel.lock) {
            for (int i = 0; i < datagrams; i++) {
                queue.add(length);
            }
            changed();
        }
        return this;
    }

    /** Number of datagrams that were sent. */
    public int sent() {
        synchronized (kernel.lock) {
            return sent;
        }
    }

    @Override
    Readiness readReadiness(long lowWater) {
        long bytes = queue.stream().mapToLong(length -> length + addressLength).sum();
        // An empty datagram alone fires with no bytes where addresses are not counted: the mark is compared with the
        // whole of
        // so_rcv (filt_soread of FreeBSD and xnu).
        return new Readiness(!queue.isEmpty(), bytes, false, 0);
    }

    @Override
    Readiness writeReadiness(long lowWater) {
        return new Readiness(true, 9216, false, 0);
    }

    @Override
    long read(ByteBuffer into) {
        Integer length = queue.poll();
        if (length == null) {
            return -errno().EAGAIN();
        }
        int count = Math.min(length, into.remaining());
        for (int i = 0; i < count; i++) {
            into.put((byte) 0);
        }
        return count;
    }

    @Override
    long write(ByteBuffer from) {
        sent++;
        return from.remaining();
    }
}
