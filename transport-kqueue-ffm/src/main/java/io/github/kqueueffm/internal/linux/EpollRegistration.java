// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import io.github.kqueueffm.internal.platform.Errno;

/**
 * How one descriptor is registered in the epoll set: not at all, edge-triggered for reading (a connection) or for everything
 * (one that had to wait to write), or level-triggered for reading (a listener). Results are 0, {@link #TOLD_ANEW} or {@code -errno}.
 */
final class EpollRegistration {

    /** The descriptor was registered anew: what of its conditions holds now is told by the next wait. */
    static final int TOLD_ANEW = 1;

    /**
     * After so many edges that no knote wanted, only the wanted ones are asked for: a peer that sends to a channel which
     * does not read would wake the loop for each segment, and a UDP or AF_UNIX socket tells EPOLLOUT for every datagram
     * that has left (sock_wfree).
     */
    private static final int MAX_UNWANTED = 4;

    private static final int NONE = 0;

    private final EpollSet set;
    private final TargetTable table;
    private final EpollMasks masks;
    private final Errno errno;
    private final int fd;

    private int events = NONE;
    private boolean level;
    private int unwanted;

    EpollRegistration(SocketFilters filters, int fd) {
        set = filters.set;
        table = filters.table;
        masks = filters.masks;
        errno = filters.errno;
        this.fd = fd;
    }

    /** Whether it tells, when enabled, for as long as there is something to read. */
    boolean isLevel() {
        return level;
    }

    /**
     * A knote is added.
     *
     * @param wantsLevel a level-triggered READ knote is all there is
     * @param plain EPOLLIN or EPOLLOUT: what the knote is about
     */
    int require(boolean wantsLevel, int plain) {
        if (events == NONE) {
            int result = register(wantsLevel ? masks.level : first(plain));
            level = wantsLevel && result >= 0;
            return result;
        }
        if (level) {
            return wantsLevel ? 0 : requireFull();
        }
        return (events & plain) == plain ? 0 : requireFull();
    }

    /**
     * A connection that is accepted is writable at once, which nobody wants to know: asked for EPOLLOUT, the next wait would end
     * with it. Most never fill their send buffer; one that does costs one more epoll_ctl(2) in its life. A connect is told by
     * EPOLLOUT, and is read from next.
     */
    private int first(int plain) {
        return plain == masks.in ? masks.reading : masks.full;
    }

    /** Edge-triggered, for everything. */
    int requireFull() {
        if (events == masks.full) {
            return 0;
        }
        int result = register(masks.full);
        if (result >= 0) {
            level = false;
        }
        return result;
    }

    /** The level-triggered knote was disabled. */
    int silence() {
        return events == masks.silent ? 0 : register(masks.silent);
    }

    /**
     * A knote was enabled.
     *
     * @param needed the bits that it waits for
     */
    int resume(int needed) {
        if (level) {
            return events == masks.level ? 0 : register(masks.level);
        }
        return (events & needed) == needed ? 0 : register(events | needed | masks.silent);
    }

    /**
     * epoll told what no knote wanted.
     *
     * @param needed the bits that the knotes wait for
     */
    void unwanted(int needed) {
        // Should one of these fail, the descriptor was closed behind our back (EBADF, ENOENT) and tells no more.
        if (level) {
            // A socket that is not connected tells EPOLLHUP; level-triggered, it would do so without end.
            requireFull();
        } else if (++unwanted > MAX_UNWANTED) {
            unwanted = 0;
            if (events != (needed | masks.silent)) {
                register(needed | masks.silent);
            }
        }
    }

    /** Takes the descriptor out of the set. */
    void remove() {
        // ENOENT, EBADF: closed behind our back, which has done it. Nothing else can happen (epoll_ctl(2)).
        set.remove(fd);
        forget();
    }

    /** The descriptor is going to be closed, which takes it out of the set. */
    void forget() {
        events = NONE;
        level = false;
        unwanted = 0;
    }

    private int register(int wanted) {
        long data = table.data(fd);
        int result;
        if (events == NONE) {
            result = set.add(fd, wanted, data);
            if (result == -errno.EEXIST()) {
                // Forgotten and not closed, or dup2(2) has brought the file back to this number.
                result = set.modify(fd, wanted, data);
            }
        } else {
            result = set.modify(fd, wanted, data);
            if (result == -errno.ENOENT()) {
                // Closed behind our back, which took it out of the set, and the number is another file's now.
                result = set.add(fd, wanted, data);
            }
        }
        if (result < 0) {
            return result;
        }
        events = wanted;
        unwanted = 0;
        return TOLD_ANEW;
    }
}
