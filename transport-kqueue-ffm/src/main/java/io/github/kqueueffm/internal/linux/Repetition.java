// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

/**
 * What a target does at each wait while a level-triggered knote of its is to be reported and no descriptor in the epoll set
 * would say so.
 */
final class Repetition {

    private final RepeatingList list;
    private final Runnable action;
    private boolean listed;

    /** @param action puts the target into the ready queue if its condition still holds */
    Repetition(RepeatingList list, Runnable action) {
        this.list = list;
        this.action = action;
    }

    /** The next wait is to run the action, once. */
    void atNextWait() {
        if (!listed) {
            listed = true;
            list.add(this);
        }
    }

    void run() {
        listed = false;
        action.run();
    }
}
