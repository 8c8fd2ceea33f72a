// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.Transport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Prints what was measured. */
final class LoadReport {
    private static final String ROW = "%-9s  %-20s  %-17s  %10s  %9s%n";

    private LoadReport() {}

    static void printMachine(PrintWriter out) {
        out.printf(
                "%s %s %s, %d processors, Java %s%n",
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.version"));
    }

    static void printLoad(LoadKind load, LoadSettings settings, Map<Transport, List<Slice>> measured, PrintWriter out) {
        out.printf(
                "%n%s: %s, %d at a time; median (min-max) of %d rounds of %d ms%n",
                load, load.description(), settings.connections(), settings.rounds(), settings.millis());
        out.printf(ROW, "transport", "CPU us per request", "relative to nio", "requests/s", "loop busy");
        List<Slice> nio = measured.get(Transport.NIO);
        measured.forEach((transport, slices) -> out.printf(
                ROW,
                transport,
                spread(slices, Slice::cpuMicrosPerRequest),
                nio == null ? "-" : ratios(slices, nio),
                String.format(
                        Locale.ROOT,
                        "%.0f",
                        spread(slices, Slice::requestsPerSecond).median()),
                String.format(
                        Locale.ROOT,
                        "%.0f %%",
                        100 * spread(slices, Slice::busy).median())));
        out.flush();
    }

    static void printSystemCalls(Transport transport, Slice counted, PrintWriter out) {
        out.printf(
                "system calls per request on %s: %s%n",
                transport, counted.systemCalls().per(counted.requests()));
        out.flush();
    }

    private static Spread spread(List<Slice> slices, ToDoubleFunction<Slice> figure) {
        return Spread.of(slices.stream().mapToDouble(figure).toArray());
    }

    // Round by round, since what disturbs the machine tends to disturb neighbouring turns alike.
    private static Spread ratios(List<Slice> slices, List<Slice> base) {
        return Spread.of(IntStream.range(0, slices.size())
                .mapToDouble(round -> slices.get(round).cpuMicrosPerRequest()
                        / base.get(round).cpuMicrosPerRequest())
                .toArray());
    }
}
