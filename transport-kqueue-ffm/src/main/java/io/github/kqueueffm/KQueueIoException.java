// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import java.io.IOException;

/**
 * A system call failed. The message reads {@code read(..) failed: ECONNRESET (Connection reset by peer)}.
 *
 * <p>Where the JDK has a type of its own for the case ({@link java.net.ConnectException}, {@link java.net.BindException},
 * {@link java.nio.channels.ClosedChannelException}, ...), that one is thrown, with this one as its cause.
 */
public class KQueueIoException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;
    private final String errnoName;

    /**
     * @param call the C function, {@code read}
     * @param errno positive, in the numbering of the running platform
     * @param errnoName {@code ECONNRESET}
     * @param text {@code Connection reset by peer}
     */
    public KQueueIoException(String call, int errno, String errnoName, String text) {
        super(call + "(..) failed: " + errnoName + " (" + text + ')');
        this.call = call;
        this.errno = errno;
        this.errnoName = errnoName;
    }

    /** The C function that failed, such as {@code read}. */
    public String call() {
        return call;
    }

    /** The error number, positive. Numbers differ between operating systems; {@link #errnoName} does not. */
    public int errno() {
        return errno;
    }

    /** The C name of the error number, such as {@code ECONNRESET}; {@code errno 77} for one without a name here. */
    public String errnoName() {
        return errnoName;
    }
}
