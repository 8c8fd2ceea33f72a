// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.linux.SocketQueries.Kind;

/** The conditions of one descriptor that held when epoll or poll last told of it. An edge is told once, so they are kept. */
final class Conditions {

    private final SocketQueries queries;
    private final EpollMasks masks;
    private final int fd;

    private int bits;

    /** EPOLLERR was told and SO_ERROR not yet asked. */
    private boolean errorPending;

    /** What SO_ERROR said: it says so once, and both filters report it. */
    private int error;

    /** EPOLLERR of something that has no SO_ERROR: a pipe without reader. */
    private boolean broken;

    private Kind kind = Kind.UNKNOWN;

    Conditions(SocketFilters filters, int fd) {
        queries = filters.queries;
        masks = filters.masks;
        this.fd = fd;
    }

    boolean any(int wanted) {
        return (bits & wanted) != 0;
    }

    /** All of them are as {@code mask} says now. */
    void set(int mask) {
        int seen = mask;
        if ((mask & (masks.hup | masks.rdhup | masks.err)) == masks.hup && kind() != Kind.NOT_A_SOCKET) {
            // A connection that has ended tells EPOLLRDHUP as well (tcp_poll, unix_poll). This one was never made: a
            // kqueue reports nothing.
            seen &= ~(masks.hup | masks.out);
        }
        if ((seen & (masks.hup | masks.err)) == 0) {
            error = 0;
            broken = false;
        }
        errorPending = (seen & masks.err) != 0;
        bits = seen;
    }

    /** Those of {@code asked}, EPOLLRDHUP, EPOLLERR and EPOLLHUP are as {@code mask} says now. */
    void update(int asked, int mask) {
        int known = asked | masks.rdhup | masks.err | masks.hup;
        set(bits & ~known | mask);
    }

    /** The caller has seen that {@code knote}'s condition holds no more; at its end a descriptor stays ready. */
    boolean exhaust(SocketKnote knote) {
        if (any(knote.ends) || error != 0 || broken) {
            return false;
        }
        bits &= ~knote.plain;
        return true;
    }

    /** Whether {@code knote} is reported with EV_EOF. To be asked before {@link #error}. */
    boolean isEof(SocketKnote knote) {
        settleError();
        return any(knote.eof) || error != 0 || broken;
    }

    /** errno to report with EV_EOF, 0 for none. */
    int error() {
        return error;
    }

    private void settleError() {
        if (!errorPending) {
            return;
        }
        errorPending = false;
        int ended = masks.rdhup | masks.hup;
        if ((bits & ended) != ended) {
            // Not a connection that has ended.
            if (kind() == Kind.NOT_A_SOCKET) {
                broken = true;
                return;
            }
            if (kind() == Kind.OTHER_SOCKET) {
                // An error of a datagram is no end: the next read or write reports it.
                return;
            }
        }
        // Fails where there is no SO_ERROR only: the end is told without a reason then.
        error = Math.max(error, queries.takeError(fd));
    }

    private Kind kind() {
        if (kind == Kind.UNKNOWN) {
            kind = queries.kind(fd);
        }
        return kind;
    }

    /** Another file may have the number from here on. */
    void clear() {
        bits = 0;
        errorPending = false;
        error = 0;
        broken = false;
        kind = Kind.UNKNOWN;
    }
}
