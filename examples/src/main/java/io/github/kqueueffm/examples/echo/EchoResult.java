// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.github.kqueueffm.examples.SystemCalls;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came out of a run.
 *
 * @param connections how many were established
 * @param allMessages answered and verified from the first to the last, warm-up included
 * @param messages answered in the measured time
 * @param warmupNanos the time before measuring began
 * @param measuredNanos the time that the messages, the latencies and the system calls are of
 * @param latencies of the messages answered in the measured time, in nanoseconds
 * @param systemCalls of server and client together in the measured time, empty if they were not counted
 * @param failures what went wrong, a line each; empty if every byte came back right
 */
record EchoResult(
        int connections,
        long allMessages,
        long messages,
        long warmupNanos,
        long measuredNanos,
        Histogram latencies,
        SystemCalls systemCalls,
        List<String> failures) {

    EchoResult withFailures(List<String> failures) {
        return new EchoResult(
                connections, allMessages, messages, warmupNanos, measuredNanos, latencies, systemCalls, failures);
    }

    double messagesPerSecond() {
        return messages * 1e9 / measuredNanos;
    }
}
