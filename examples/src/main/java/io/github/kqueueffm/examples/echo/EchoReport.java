// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.github.kqueueffm.examples.Transport;
import io.github.kqueueffm.examples.TransportReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** Words for a run. */
final class EchoReport {
    private EchoReport() {}

    /** The progress line: the time run, and what happened since the line before it. */
    static String progress(long elapsedNanos, long sinceLastNanos, Histogram sinceLast) {
        return String.format(
                Locale.ROOT,
                "%5.1f s  %,10.0f messages/s  p50 %s  p99 %s",
                elapsedNanos / 1e9,
                sinceLast.getTotalCount() * 1e9 / sinceLastNanos,
                micros(sinceLast.getValueAtPercentile(50)),
                micros(sinceLast.getValueAtPercentile(99)));
    }

    static void print(EchoSettings settings, EchoResult result, PrintWriter out) {
        out.println("echo over " + settings.transport());
        TransportReport.properties(settings.transport()).forEach((name, value) -> row(out, name, value));
        row(out, "threads", settings.threads() + " for the server, " + settings.threads() + " for the client");
        row(out, "connections", String.format(Locale.ROOT, "%,d", result.connections()));
        row(
                out,
                "messages",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d bytes in %.1f s, after %.2f s of warm-up",
                        result.messages(),
                        settings.size(),
                        result.measuredNanos() / 1e9,
                        result.warmupNanos() / 1e9));
        row(out, "verified", verified(result));
        row(out, "messages/s", String.format(Locale.ROOT, "%,.0f", result.messagesPerSecond()));
        row(out, "latency", latency(result.latencies()));
        row(out, "system calls", systemCalls(settings.transport(), result));
        out.flush();
    }

    private static String verified(EchoResult result) {
        return result.failures().isEmpty()
                ? String.format(Locale.ROOT, "every byte of all %,d messages", result.allMessages())
                : "FAILED";
    }

    private static String latency(Histogram latencies) {
        String percentiles = DoubleStream.of(50, 90, 99, 99.9)
                .mapToObj(p -> "p" + (p % 1 == 0 ? String.valueOf((int) p) : String.valueOf(p)) + " "
                        + micros(latencies.getValueAtPercentile(p)))
                .collect(Collectors.joining("  "));
        return percentiles + "  max " + micros(latencies.getMaxValue());
    }

    private static String systemCalls(Transport transport, EchoResult result) {
        if (transport != Transport.KQUEUE) {
            return "not counted (only kqueue)";
        }
        if (result.systemCalls().counts().isEmpty() || result.messages() == 0) {
            return "not counted (start Java with -D" + TransportReport.COUNT_PROPERTY + "=true)";
        }
        return result.systemCalls().per(result.messages()) + " per message, server and client together";
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%,.1f us", nanos / 1e3);
    }

    private static void row(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "  %-14s %s%n", name, value);
    }
}
