// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.linux;

import java.util.ArrayList;
import java.util.List;

/** Who is to be asked again at the next wait. */
final class RepeatingList {

    private List<RepeatingTarget> targets = new ArrayList<>();
    private List<RepeatingTarget> spare = new ArrayList<>();

    void add(RepeatingTarget target) {
        if (!target.onRepeatingList) {
            target.onRepeatingList = true;
            targets.add(target);
        }
    }

    /** Asks all of them, once. */
    void run() {
        if (targets.isEmpty()) {
            return;
        }
        List<RepeatingTarget> asked = targets;
        targets = spare;
        spare = asked;
        for (int i = 0; i < asked.size(); i++) {
            RepeatingTarget target = asked.get(i);
            target.onRepeatingList = false;
            target.repeat();
        }
        asked.clear();
    }
}
