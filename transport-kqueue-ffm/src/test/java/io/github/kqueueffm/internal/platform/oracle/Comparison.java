// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import io.github.kqueueffm.internal.platform.Platform;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The values of one platform record beside what the oracles say. */
final class Comparison {

    /** Who confirms a value that the platform has. */
    enum Coverage {
        GO_AND_RUST,
        GO,
        RUST,
        HEADERS
    }

    private final Names names;
    private final Exemptions exemptions;
    private final Headers headers;
    private final List<Oracle> oracles;

    /** Whether a value that nobody speaks of is a mistake. */
    private final boolean complete;

    private final List<String> findings = new ArrayList<>();
    private final List<String> exempt = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();
    private final Map<Coverage, List<String>> covered = new EnumMap<>(Coverage.class);

    /**
     * @param id of the record
     * @param others Go and Rust, as far as they know the target; empty to compare with the headers alone, which do not
     *     speak of every value
     */
    Comparison(String id, List<Oracle> others) {
        names = new Names(id);
        exemptions = new Exemptions(id);
        headers = new Headers(id);
        oracles = new ArrayList<>(others);
        oracles.add(headers);
        complete = !others.isEmpty();
        for (Coverage coverage : Coverage.values()) {
            covered.put(coverage, new ArrayList<>());
        }
    }

    /** Compares all values of a record. */
    Comparison with(Platform platform) {
        for (PlatformValue value : PlatformValue.of(platform)) {
            Names.Entry entry = names.of(value.name());
            compare(value);
            if (value.text() != null && entry.width() != null) {
                // Not a value of the record, but what the code takes for granted of this one.
                confirmed(new PlatformValue(value.name() + ".width", entry.width()), entry.size());
            }
        }
        return this;
    }

    /** Compares one value. */
    void compare(PlatformValue value) {
        Set<String> by = confirmed(value, names.of(value.name()));
        if (value.text() == null) {
            absent.add(value.name());
        } else if (!by.isEmpty()) {
            covered.get(coverage(by)).add(value.name());
        } else if (complete) {
            findings.add(value.name() + " is " + value.text()
                    + ", which nobody confirms: correct it, or add it to a headers file with its source");
        }
    }

    private Set<String> confirmed(PlatformValue value, Names.Entry entry) {
        Set<String> by = new TreeSet<>();
        for (Oracle oracle : oracles) {
            String answer = answer(oracle, value, entry);
            if (answer == null) {
                continue;
            }
            if (answer.equals(value.text())) {
                // Rust is asked once for each C library.
                by.add(oracle.name().replaceAll("-.*", ""));
                continue;
            }
            String shown = value.name() + " is " + (value.text() == null ? "absent" : value.text());
            String reason = exemptions.reason(value.name(), oracle.name(), answer);
            if (reason == null) {
                findings.add(shown + ", but " + oracle.name() + " says " + answer);
            } else {
                exempt.add(shown + ", not " + answer + " as " + oracle.name() + " says: " + reason);
            }
        }
        return by;
    }

    private @Nullable String answer(Oracle oracle, PlatformValue value, Names.Entry entry) {
        String direct = oracle == headers ? headers.value(value.name()) : null;
        return direct == null ? entry.of(oracle).ask(oracle) : direct;
    }

    private static Coverage coverage(Set<String> by) {
        if (by.contains("go")) {
            return by.contains("rust") ? Coverage.GO_AND_RUST : Coverage.GO;
        }
        return by.contains("rust") ? Coverage.RUST : Coverage.HEADERS;
    }

    /** Every value that is wrong, or that nobody confirms. */
    List<String> findings() {
        return findings;
    }

    /** Answers that do not count, with the reason. */
    List<String> exempt() {
        return exempt;
    }

    /** Values that the platform does not have. */
    List<String> absent() {
        return absent;
    }

    List<String> covered(Coverage coverage) {
        return covered.get(coverage);
    }
}
