// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

/** One struct kevent that a test got or expects. */
record Event(long ident, int filter, int flags, int fflags, long data, long udata) {

    Event withErrno(int errno) {
        return new Event(ident, filter, flags, errno, data, udata);
    }
}
