// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.KqueueConstants;

/** A READ or WRITE knote: which of epoll's bits make it true. */
final class SocketKnote extends KnoteState {

    /** A low-water mark that no amount of data reaches: only end of file and errors are told. */
    private static final long UNREACHABLE = Integer.MAX_VALUE;

    /** There is something to read, or room to write. */
    final int plain;

    /** End of file and errors, which no low-water mark holds back. */
    final int ends;

    /** Those of {@link #ends} that mean end of file by themselves. */
    final int eof;

    /** NOTE_LOWAT: the least amount to report, 0 without one. */
    long lowWater;

    private SocketKnote(KqueueConstants constants, int filter, int plain, int ends, int eof) {
        super(constants, filter);
        this.plain = plain;
        this.ends = ends;
        this.eof = eof;
    }

    static SocketKnote read(KqueueConstants constants, EpollMasks masks) {
        int eof = masks.rdhup | masks.hup;
        return new SocketKnote(constants, constants.EVFILT_READ(), masks.in, eof | masks.err, eof);
    }

    /** EPOLLRDHUP is the other direction's: a peer that has shut down its sending still reads. */
    static SocketKnote write(KqueueConstants constants, EpollMasks masks) {
        int eof = masks.hup;
        return new SocketKnote(constants, constants.EVFILT_WRITE(), masks.out, eof | masks.err, eof);
    }

    boolean isQuiet() {
        return lowWater >= UNREACHABLE;
    }

    /** The bits that make its condition true. */
    int conditions() {
        return isQuiet() ? ends : plain | ends;
    }

    /** The bits that epoll must be asked for; EPOLLERR and EPOLLHUP come unasked. */
    int needed(EpollMasks masks) {
        return isEnabled() ? conditions() & masks.full : 0;
    }
}
