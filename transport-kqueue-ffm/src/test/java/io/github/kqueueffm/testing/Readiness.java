// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

/**
 * What a filter says of a descriptor when the kernel looks.
 *
 * @param active whether there is something to report
 * @param eof whether EV_EOF goes with it
 * @param fflags the socket error, with {@code eof}; the events that happened, for filters other than READ and WRITE
 */
record Readiness(boolean active, long data, boolean eof, int fflags) {

    static final Readiness NOTHING = new Readiness(false, 0, false, 0);
}
