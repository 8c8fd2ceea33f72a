// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.Transport;
import io.github.kqueueffm.examples.TransportConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code load}. */
@Command(
        name = "run-benchmark.sh load",
        description = {
            "Puts an echo server of one event loop under load, on each transport in turn, and tells how much CPU time"
                    + " of the event loop's thread a request costs. All on the loopback address; about a minute."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:measured", "1:a failed connection, or no transport that works here", "2:a wrong option"},
        sortOptions = false)
public final class LoadBenchmark implements Callable<Integer> {
    private static final int MAX_CONNECTIONS = 10_000;
    private static final int MAX_ROUNDS = 1000;
    private static final int MAX_MILLIS = 60_000;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--transports",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "kqueue,nio,epoll,io_uring",
            converter = TransportConverter.class,
            description = "Transports to compare (default: ${DEFAULT-VALUE}).")
    List<Transport> transports = List.of();

    @Option(
            names = "--loads",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "echo,connect",
            description = "echo: requests on lasting connections; connect: a new connection for each request"
                    + " (default: ${DEFAULT-VALUE}).")
    List<LoadKind> loads = List.of();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Connections open at a time (default: ${DEFAULT-VALUE}).")
    int connections;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each transport has its turn (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "800",
            description = "Length of a turn (default: ${DEFAULT-VALUE}).")
    int millis;

    @Option(
            names = "--warmup",
            paramLabel = "MILLIS",
            defaultValue = "1500",
            description = "How long each load runs before it is measured (default: ${DEFAULT-VALUE}).")
    int warmup;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        System.exit(Commands.run(new LoadBenchmark(), args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Commands.requireRange(spec, "--connections", connections, 1, MAX_CONNECTIONS);
        Commands.requireRange(spec, "--rounds", rounds, 1, MAX_ROUNDS);
        Commands.requireRange(spec, "--millis", millis, 1, MAX_MILLIS);
        Commands.requireRange(spec, "--warmup", warmup, 1, MAX_MILLIS);
        measure(new LoadSettings(
                transports.stream().distinct().toList(),
                loads.stream().distinct().toList(),
                connections,
                rounds,
                millis,
                warmup));
        return 0;
    }

    private void measure(LoadSettings settings) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        LoadReport.printMachine(out);
        try (LoadRun run = new LoadRun(settings)) {
            out.println(String.join(", ", run.transports()));
            run.leftOut().forEach(reason -> out.println("left out: " + reason));
            for (LoadKind load : settings.loads()) {
                Map<Transport, List<Slice>> measured = run.measure(load);
                LoadReport.printLoad(load, settings, measured, out);
                if (measured.containsKey(Transport.KQUEUE)) {
                    LoadReport.printSystemCalls(Transport.KQUEUE, run.count(Transport.KQUEUE, load), out);
                }
            }
        }
    }
}
