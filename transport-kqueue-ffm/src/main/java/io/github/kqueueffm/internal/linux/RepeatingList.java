// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import java.util.ArrayList;
import java.util.List;

/** What is to be done when the next wait begins. */
final class RepeatingList {

    private List<Repetition> next = new ArrayList<>();
    private List<Repetition> spare = new ArrayList<>();

    void add(Repetition repetition) {
        next.add(repetition);
    }

    /** Runs all of them, once. */
    void run() {
        if (next.isEmpty()) {
            return;
        }
        List<Repetition> running = next;
        next = spare;
        spare = running;
        for (int i = 0; i < running.size(); i++) {
            running.get(i).run();
        }
        running.clear();
    }
}
