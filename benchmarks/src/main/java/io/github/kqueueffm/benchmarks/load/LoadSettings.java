// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.Transport;
import java.util.List;

/**
 * What to measure.
 *
 * @param transports in the order of their turns, each once
 * @param loads each once
 * @param connections open at a time, at least 1
 * @param rounds in each of which every transport has a turn, at least 1
 * @param millis that a turn is measured, at least 1
 * @param warmupMillis that each transport is under each load before the first turn
 */
record LoadSettings(
        List<Transport> transports, List<LoadKind> loads, int connections, int rounds, int millis, int warmupMillis) {}
