// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import io.github.kqueueffm.internal.platform.CFunction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which calls to come shall fail. Each entry is used once. */
final class FailurePlan {

    private static final class Entry {
        final @Nullable CFunction function;
        final int errno;
        int callsToGo;

        Entry(@Nullable CFunction function, int callsToGo, int errno) {
            this.function = function;
            this.callsToGo = callsToGo;
            this.errno = errno;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /**
     * @param function what to count, null for every call
     * @param nth 1 for the next one
     */
    void add(@Nullable CFunction function, int nth, int errno) {
        if (nth < 1 || errno < 1) {
            throw new IllegalArgumentException("call " + nth + ", errno " + errno);
        }
        entries.add(new Entry(function, nth, errno));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Counts a call. Returns the errno it shall fail with, 0 for none. */
    int next(CFunction function) {
        int errno = 0;
        for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            boolean counts = entry.function == null || entry.function == function;
            if (counts && --entry.callsToGo == 0) {
                errno = entry.errno;
                all.remove();
            }
        }
        return errno;
    }
}
