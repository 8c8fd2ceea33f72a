// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Idents for filters whose idents mean nothing: timers and user events. From 2^30 on, and each is given out once in a very long
 * time, so that what is told late of one cannot be taken for another's.
 */
final class HandleIdents {

    private static final int FIRST = 1 << 30;

    private static final AtomicInteger NEXT = new AtomicInteger(FIRST);

    private HandleIdents() {}

    static int next() {
        return NEXT.getAndUpdate(ident -> ident == Integer.MAX_VALUE ? FIRST : ident + 1);
    }
}
