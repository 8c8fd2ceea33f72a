// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

/** How the writing of an outbound buffer ended. */
public enum WriteOutcome {
    /** Nothing is left to write. */
    DONE,
    /** The socket takes no more now. */
    SOCKET_FULL,
    /** As much was written as one turn is given. */
    SPUN_OUT
}
