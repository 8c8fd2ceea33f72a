// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.engine;

/** A call on the kqueue itself failed, which no single registration can answer for. */
public final class KernelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int errno;

    KernelException(String call, int errno) {
        super(call + " failed with errno " + errno);
        this.errno = errno;
    }

    /** errno in the numbering of the platform record. */
    public int errno() {
        return errno;
    }
}
