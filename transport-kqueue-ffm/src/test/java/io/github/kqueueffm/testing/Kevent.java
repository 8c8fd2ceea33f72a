// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

/** The members of one {@code struct kevent}. */
public record Kevent(long ident, int filter, int flags, int fflags, long data, long udata) {

    /** Whether any of the bits of {@code flag} is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether this is of the knote {@code (ident, filter)}. */
    public boolean isOf(long ident, int filter) {
        return this.ident == ident && this.filter == filter;
    }
}
