// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.Platform;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes to gather into one writev(2): twice the send buffer to begin with, then more or less by what the
 * kernel takes. Gathering much more than it takes is work that the next write does again.
 *
 * <p>{@link #reset} may come from any thread; the rest belongs to the event loop's.
 */
public final class GatheringLimit {

    /** Writes up to this size make the limit no smaller. */
    private static final long SMALL = 4096;

    private final long most;

    /** 0 until somebody asks: most connections never gather. */
    private volatile long bytes;

    public GatheringLimit(Platform platform) {
        most = platform.traits().maxIoBytes();
    }

    /** @param siblings what is known of connections from the same listener, {@code null} to ask for this socket's own */
    public long bytes(NativeSocket socket, @Nullable KnownOptions siblings) throws IOException {
        long current = bytes;
        if (current == 0) {
            int sendBuffer =
                    siblings == null ? socket.option(SocketOption.SO_SNDBUF) : siblings.sendBufferSample(socket);
            current = within(2L * sendBuffer);
            bytes = current;
        }
        return current;
    }

    /** Learns from a write of {@code attempted} bytes of which the kernel took {@code written}. */
    public void adjust(long attempted, long written) {
        if (attempted == written) {
            if (2 * attempted > bytes) {
                bytes = within(2 * attempted);
            }
        } else if (attempted > SMALL && written < attempted / 2) {
            bytes = within(attempted / 2);
        }
    }

    /** The size of the send buffer has changed. */
    public void reset() {
        bytes = 0;
    }

    private long within(long wanted) {
        return Math.max(1, Math.min(wanted, most));
    }
}
