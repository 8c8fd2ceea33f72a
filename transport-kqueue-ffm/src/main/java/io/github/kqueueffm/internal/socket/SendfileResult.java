// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

/** What a {@link NativeSocket#sendfile} came to. Reused from call to call by the thread that owns it. */
public final class SendfileResult {

    private long sent;
    private int errno;

    void set(long sent, int errno) {
        this.sent = sent;
        this.errno = errno;
    }

    /** Bytes that the socket took. */
    public long sent() {
        return sent;
    }

    /**
     * Why it took no more, positive, and 0 if for no special reason. With 0 bytes taken, 0 says that the file has nothing at
     * that place.
     */
    public int errno() {
        return errno;
    }
}
