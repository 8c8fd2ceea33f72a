// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The answers expected, read from {@code answers.txt}, which explains its own form. */
final class Answers {

    /** The column that every case has. */
    static final String BSD = "bsd";

    private static final String SEPARATOR = " / ";
    private static final Pattern EVENT = Pattern.compile("\\{[^}]*}");

    /** {@code {s READ CLEAR data=3 udata=1}}, and not the end of what can be read, of which epoll does tell. */
    private static final Pattern AMOUNT =
            Pattern.compile("\\{\\S+ (?:WRITE|READ(?! [^}]*EOF))(?! [^}]*ERROR)[^}]*? data=([\\w.]+)[^}]*}");

    /** The reason for answers without amounts. */
    private static final String AMOUNTS = "amounts";

    /**
     * One column of a case: an answer for each time that the script asks.
     *
     * @param why the names of the reasons for what differs from the first column
     */
    record Column(List<String> steps, List<String> why) {}

    /** @param needs what it takes besides READ and WRITE on sockets and pipes */
    record Case(String id, String does, List<String> needs, Map<String, Column> columns) {

        Column expected(Kind kind) {
            Column bsd = Objects.requireNonNull(columns.get(BSD), id);
            for (String name : kind.columns()) {
                Column column = columns.get(name);
                if (column == null) {
                    continue;
                }
                // A column of its own is exact; the ones that are shared tell amounts.
                boolean shared = name.equals(BSD) || name.equals("epoll");
                Column erased = kind.amounts() || !shared ? column : withoutAmounts(column);
                return erased.steps.equals(bsd.steps) ? bsd : erased;
            }
            throw new IllegalStateException(id + " says nothing of " + kind.label());
        }

        private static Column withoutAmounts(Column column) {
            List<String> steps =
                    column.steps.stream().map(Answers::withoutAmounts).toList();
            if (steps.equals(column.steps)) {
                return column;
            }
            List<String> why = new ArrayList<>(column.why);
            why.add(AMOUNTS);
            return new Column(steps, why);
        }
    }

    private final Map<String, Case> cases = new LinkedHashMap<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();

    private Answers() {}

    static Answers read() {
        Answers answers = new Answers();
        try (InputStream stream =
                        Objects.requireNonNull(Answers.class.getResourceAsStream("answers.txt"), "answers.txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            answers.parse(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }

    private void parse(List<String> lines) {
        Case current = null;
        String column = null;
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", 2);
            if (words.length < 2) {
                throw new IllegalArgumentException(line);
            }
            String word = words[0];
            String rest = words[1].strip();
            if (word.equals("reason")) {
                String[] reason = rest.split(" ", 2);
                reasons.put(reason[0], reason[1]);
            } else if (word.equals("case")) {
                current = new Case(rest, "", new ArrayList<>(), new LinkedHashMap<>());
                put(current);
                column = null;
            } else if (word.equals("why")) {
                explain(current, column, rest);
            } else if (current == null) {
                throw new IllegalArgumentException(line);
            } else if (word.equals("does")) {
                current = new Case(current.id, rest, current.needs, current.columns);
                cases.put(current.id, current);
            } else if (word.equals("needs")) {
                current.needs.addAll(List.of(rest.split(" ")));
            } else {
                column = word;
                for (String name : word.split(",")) {
                    current.columns.put(name, new Column(List.of(rest.split(SEPARATOR)), List.of()));
                }
            }
        }
    }

    private void put(Case added) {
        if (cases.put(added.id, added) != null) {
            throw new IllegalArgumentException("twice: " + added.id);
        }
    }

    private void explain(@Nullable Case current, @Nullable String columns, String names) {
        List<String> why = List.of(names.split(" "));
        if (current == null || columns == null || !reasons.keySet().containsAll(why)) {
            throw new IllegalArgumentException("no such reason, or nothing to explain: " + names);
        }
        for (String name : columns.split(",")) {
            current.columns.computeIfPresent(name, (key, column) -> new Column(column.steps, why));
        }
    }

    Map<String, Case> cases() {
        return cases;
    }

    /** What a reason says. */
    String reason(String name) {
        return Objects.requireNonNull(reasons.get(name), name);
    }

    private static String withoutAmounts(String answer) {
        return AMOUNT.matcher(answer).replaceAll(found -> {
            String event = found.group();
            int at = found.start(1) - found.start();
            return event.substring(0, at)
                    + '?'
                    + event.substring(at + found.group(1).length());
        });
    }

    static String join(List<String> steps) {
        return String.join(SEPARATOR, steps);
    }

    /** Whether {@code got} is what {@code expected} says: events in any order, {@code n..m} for a number in between. */
    static boolean match(String expected, String got) {
        List<String> wanted = parts(expected);
        List<String> found = parts(got);
        if (wanted.size() != found.size()) {
            return false;
        }
        for (String part : wanted) {
            if (!found.removeIf(new First(part)::take)) {
                return false;
            }
        }
        return true;
    }

    /** Takes one part that is as expected, and no second. */
    private static final class First {
        private final String expected;
        private boolean taken;

        First(String expected) {
            this.expected = expected;
        }

        boolean take(String part) {
            boolean take = !taken && partMatches(expected, part);
            taken |= take;
            return take;
        }
    }

    /** The events of an answer; an answer without events as it is. */
    private static List<String> parts(String answer) {
        List<String> events = new ArrayList<>(
                EVENT.matcher(answer).results().map(MatchResult::group).toList());
        return events.isEmpty() ? new ArrayList<>(List.of(answer)) : events;
    }

    private static boolean partMatches(String expected, String got) {
        String[] wanted = expected.split("[ =]");
        String[] found = got.split("[ =]");
        if (wanted.length != found.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].equals(found[i]) && !isWithin(wanted[i], found[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(String range, String number) {
        // The brace that ends an event sticks to its last number.
        String[] bounds = range.replace("}", "").split("\\.\\.");
        String digits = number.replace("}", "");
        if (bounds.length != 2 || !digits.matches("\\d+")) {
            return false;
        }
        long value = Long.parseLong(digits);
        return value >= Long.parseLong(bounds[0]) && value <= Long.parseLong(bounds[1]);
    }
}
