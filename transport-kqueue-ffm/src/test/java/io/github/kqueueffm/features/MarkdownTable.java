// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.features;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table of a Markdown page: named rows of named cells, both in their order. */
final class MarkdownTable {

    private final List<String> columns = new ArrayList<>();
    private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

    /** @param columns the first one holds the names of the rows */
    MarkdownTable(Collection<String> columns) {
        this.columns.addAll(columns);
    }

    /** @param lines the head, the rule below it, and the rows */
    static MarkdownTable parse(List<String> lines) {
        MarkdownTable table = new MarkdownTable(cells(lines.get(0)));
        for (String line : lines.subList(2, lines.size())) {
            List<String> cells = cells(line);
            for (int i = 1; i < cells.size(); i++) {
                table.put(cells.get(0), table.columns.get(i), cells.get(i));
            }
        }
        return table;
    }

    private static List<String> cells(String line) {
        // The empty parts before the first bar and after the last are not cells.
        String[] parts = line.strip().split("\\|", -1);
        List<String> cells = new ArrayList<>();
        for (int i = 1; i < parts.length - 1; i++) {
            cells.add(parts[i].strip());
        }
        return cells;
    }

    void put(String row, String column, String cell) {
        rows.computeIfAbsent(row, name -> new LinkedHashMap<>()).put(column, cell);
    }

    /** Empty where there is no such row or column. */
    String get(String row, String column) {
        return rows.getOrDefault(row, Map.of()).getOrDefault(column, "");
    }

    List<String> columns() {
        return columns;
    }

    Collection<String> rows() {
        return rows.keySet();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("| " + String.join(" | ", columns) + " |");
        lines.add("|---".repeat(columns.size()) + "|");
        for (String row : rows.keySet()) {
            StringBuilder line = new StringBuilder("| ").append(row);
            for (String column : columns.subList(1, columns.size())) {
                line.append(" | ").append(get(row, column));
            }
            lines.add(line.append(" |").toString());
        }
        return lines;
    }
}
