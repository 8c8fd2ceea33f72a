// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Targets by descriptor number. epoll_event.data carries the number and its generation: an epoll registration belongs to
 * the open file, so that of a descriptor which was duplicated lives on after its close and would speak for whoever has the
 * number then (epoll(7), questions and answers 6). Numbers are small and dense (POSIX gives the lowest free one), hence an
 * array.
 */
final class TargetTable {

    private static final int INITIAL = 64;

    private @Nullable EpollTarget[] targets = new @Nullable EpollTarget[INITIAL];
    private int[] generations = new int[INITIAL];

    @Nullable
    EpollTarget get(int fd) {
        return fd < targets.length ? targets[fd] : null;
    }

    /** Value of epoll_event.data for a registration of {@code fd} made now. */
    long data(int fd) {
        int generation = fd < generations.length ? generations[fd] : 0;
        return (long) generation << Integer.SIZE | fd;
    }

    /** The target that {@code data} was made for, {@code null} if the descriptor has been closed since. */
    @Nullable
    EpollTarget find(long data) {
        int fd = (int) data;
        return data == data(fd) ? get(fd) : null;
    }

    void put(EpollTarget target) {
        int fd = target.fd;
        if (fd >= targets.length) {
            int size = Math.max(fd + 1, targets.length * 2);
            targets = Arrays.copyOf(targets, size);
            generations = Arrays.copyOf(generations, size);
        }
        targets[fd] = target;
    }

    /** Nothing that was registered for {@code fd} until now is found any more. */
    void retire(int fd) {
        if (fd < generations.length) {
            generations[fd]++;
        }
    }

    /** {@link #retire}, and the target itself is of no more use. */
    void remove(EpollTarget target) {
        retire(target.fd);
        if (get(target.fd) == target) {
            targets[target.fd] = null;
        }
    }
}
