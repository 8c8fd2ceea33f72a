// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an oracle is wrong, or speaks of another release or another thing: lines {@code NAME ORACLE ANSWER REASON...} of the data file
 * {@code exemptions}. An exemption holds for this answer of the oracle only ({@code *} for any), so that it covers no other mistake,
 * and no longer than the oracle's.
 */
final class Exemptions {

    private record Exemption(String name, String oracle, String answer, String reason) {}

    private final List<Exemption> exemptions = new ArrayList<>();

    Exemptions(String target) {
        for (DataFile.Line line : DataFile.lines("exemptions", target)) {
            String[] words = line.text().split("\\s+", 4);
            if (words.length != 4) {
                throw line.unreadable();
            }
            exemptions.add(new Exemption(words[0], words[1], words[2], words[3]));
        }
    }

    /** Why {@code answer} does not count, {@code null} if it does. */
    @Nullable
    String reason(String name, String oracle, String answer) {
        for (Exemption exemption : exemptions) {
            if (DataFile.matches(exemption.name(), name)
                    && DataFile.matches(exemption.oracle(), oracle)
                    && (exemption.answer().equals("*") || exemption.answer().equals(answer))) {
                return exemption.reason();
            }
        }
        return null;
    }
}
