// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

/** Filters that are made of the same thing. */
interface FilterFamily {

    /** Whether EVFILT_... {@code filter} is one of these. */
    boolean has(int filter);

    /**
     * Applies one entry of a change list.
     *
     * @return 0 or {@code -errno}
     */
    int change(long ident, int filter, int flags, int fflags, long data, long udata);
}
