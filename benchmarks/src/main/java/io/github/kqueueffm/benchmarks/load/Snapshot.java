// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a server stood at one moment, everything counted since it started.
 *
 * @param nanos as {@link System#nanoTime} of the server's process
 * @param cpuNanos user and system time of the event loop's thread
 * @param connections accepted
 * @param requestBytes read and passed to the write that answers
 * @param systemCalls by C name; empty if they are not counted
 */
record Snapshot(long nanos, long cpuNanos, long connections, long requestBytes, Map<String, Long> systemCalls) {

    /** One line that {@link #parse} reads. */
    String toLine() {
        return nanos + " " + cpuNanos + " " + connections + " " + requestBytes
                + systemCalls.entrySet().stream()
                        .map(call -> " " + call.getKey() + "=" + call.getValue())
                        .collect(Collectors.joining());
    }

    static Snapshot parse(String line) {
        Iterator<String> words = Arrays.asList(line.split(" ", -1)).iterator();
        long nanos = Long.parseLong(words.next());
        long cpuNanos = Long.parseLong(words.next());
        long connections = Long.parseLong(words.next());
        long requestBytes = Long.parseLong(words.next());
        Map<String, Long> systemCalls = new TreeMap<>();
        while (words.hasNext()) {
            String[] call = words.next().split("=", 2);
            systemCalls.put(call[0], Long.parseLong(call[1]));
        }
        return new Snapshot(nanos, cpuNanos, connections, requestBytes, systemCalls);
    }
}
