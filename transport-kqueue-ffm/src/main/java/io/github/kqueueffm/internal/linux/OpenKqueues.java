// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import java.util.Arrays;

/** The descriptors of this process that are kqueues over epoll. Any thread. */
final class OpenKqueues {

    private static volatile int[] open = {};

    private OpenKqueues() {}

    static synchronized void add(int fd) {
        int[] grown = Arrays.copyOf(open, open.length + 1);
        grown[open.length] = fd;
        open = grown;
    }

    static synchronized void remove(int fd) {
        open = Arrays.stream(open).filter(other -> other != fd).toArray();
    }

    static boolean contains(int fd) {
        for (int other : open) {
            if (other == fd) {
                return true;
            }
        }
        return false;
    }
}
