// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import java.io.IOException;

/** How much a channel offers to one gathering write, learned from what its socket takes. Event loop's thread. */
public interface GatherBudget {

    /** Bytes; may ask the kernel the first time. */
    long maxBytesPerGatheringWrite() throws IOException;

    /** A gathering write offered {@code attempted} bytes, and {@code written} were taken. */
    void gathered(long attempted, long written);
}
