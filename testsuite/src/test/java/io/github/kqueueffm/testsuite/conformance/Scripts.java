// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

/** The scripts of all cases, by id. */
final class Scripts {

    private final Map<String, Steps> scripts = new LinkedHashMap<>();

    /** What a case does. */
    @FunctionalInterface
    interface Steps {
        void play(Script k) throws Exception;
    }

    static Map<String, Steps> all() {
        Scripts all = new Scripts();
        ChangeCases.add(all);
        ListenerCases.add(all);
        TriggerCases.add(all);
        WriteCases.add(all);
        EndCases.add(all);
        ConnectCases.add(all);
        UnixCases.add(all);
        DatagramCases.add(all);
        PipeCases.add(all);
        DescriptorCases.add(all);
        OtherCases.add(all);
        UserCases.add(all);
        return all.scripts;
    }

    Scripts add(String id, Steps steps) {
        if (scripts.put(id, steps) != null) {
            throw new IllegalArgumentException("twice: " + id);
        }
        return this;
    }
}
