// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A line for each case, and a table of all. */
final class Report {

    private final Kind kind;
    private int cases;
    private int same;
    private int different;

    /** How many cases differ for a reason and no other. */
    private final Map<String, Integer> alone = new HashMap<>();

    private final Map<String, List<String>> differences = new LinkedHashMap<>();
    private final Map<String, List<String>> notApplicable = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    Report(Kind kind) {
        this.kind = kind;
    }

    void same(String id, List<String> got) {
        same++;
        line(id, "same", "got " + Answers.join(got));
    }

    void differs(String id, List<String> bsd, List<String> got, List<String> why) {
        different++;
        why.forEach(reason ->
                differences.computeIfAbsent(reason, key -> new ArrayList<>()).add(id));
        if (why.size() == 1) {
            alone.merge(why.get(0), 1, Integer::sum);
        }
        line(id, "differs", "bsd " + Answers.join(bsd) + "  got " + Answers.join(got));
    }

    void notApplicable(String id, String why) {
        notApplicable.computeIfAbsent(why, key -> new ArrayList<>()).add(id);
        line(id, "not applicable", why);
    }

    void failed(String id, List<String> expected, List<String> got) {
        failures.add(id);
        line(id, "FAILED", "expected " + Answers.join(expected) + "  got " + Answers.join(got));
    }

    private void line(String id, String outcome, String details) {
        cases++;
        System.out.println("conformance of " + kind.label() + ": " + id + "  " + outcome + "  " + details);
    }

    /** The closing table. */
    void print() {
        List<String> lines = new ArrayList<>();
        lines.add(row("cases", cases));
        lines.add(row("as a BSD kernel", same));
        lines.add(row("different on purpose", different));
        list(differences, lines);
        lines.add(row(
                "not applicable",
                notApplicable.values().stream().mapToInt(List::size).sum()));
        list(notApplicable, lines);
        lines.add(row("failed", failures.size()));
        failures.forEach(id -> lines.add("     - " + id));
        lines.forEach(line -> System.out.println("conformance of " + kind.label() + " | " + line));
    }

    private static String row(String what, int count) {
        return String.format("%4d %s", count, what);
    }

    private void list(Map<String, List<String>> ids, List<String> lines) {
        ids.forEach((why, cases) -> {
            Integer only = alone.get(why);
            String count = only == null || only == cases.size() ? "" : ", " + only + " of them for nothing else";
            lines.add("     - " + why + " (" + cases.size() + count + "): " + String.join(", ", cases));
        });
    }
}
