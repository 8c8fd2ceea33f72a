// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** System calls made in a span of time, by the name of the C function. */
public record SystemCalls(Map<String, Long> counts) {

    /** The difference of two snapshots, without the functions that were not called in between. */
    public static SystemCalls between(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> counts = new TreeMap<>();
        after.forEach((name, count) -> {
            long difference = count - before.getOrDefault(name, 0L);
            if (difference != 0) {
                counts.put(name, difference);
            }
        });
        return new SystemCalls(counts);
    }

    /** Their number, whatever was called. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Tells how many there were for each of a number of things, in all and by function, the most frequent first.
     * What rounds to 0.00 is only part of the total.
     *
     * @param things a number above 0
     */
    public String per(long things) {
        String functions = counts.entrySet().stream()
                .filter(call -> ratio(call.getValue(), things) >= 0.005)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(call -> call.getKey() + " " + format(ratio(call.getValue(), things)))
                .collect(Collectors.joining(", "));
        String total = format(ratio(total(), things));
        return functions.isEmpty() ? total : total + " (" + functions + ")";
    }

    private static double ratio(long count, long things) {
        return (double) count / things;
    }

    private static String format(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }
}
