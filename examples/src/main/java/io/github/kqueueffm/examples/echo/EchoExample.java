// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.ProgressLine;
import io.github.kqueueffm.examples.TransportOptions;
import io.github.kqueueffm.examples.TransportReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code echo}. */
@Command(
        name = "run-example.sh echo",
        description = {
            "Runs an echo server and a client in one process for some seconds, checks every byte that comes back,"
                    + " and tells how fast it went. Each connection has one message under way at a time."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every message came back right",
            "1:a wrong byte, a failed connection, or a transport that does not work here",
            "2:a wrong option"
        },
        sortOptions = false)
public final class EchoExample implements Callable<Integer> {
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_SIZE = 16 << 20;
    private static final int MAX_SECONDS = 86_400;
    private static final int SHOWN_FAILURES = 5;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    TransportOptions common = new TransportOptions();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long to run (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "16",
            description = "Connections to open (default: ${DEFAULT-VALUE}).")
    int connections;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "64",
            description = "Length of a message (default: ${DEFAULT-VALUE}).")
    int size;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "Port of the server on the loopback address (default: any that is free).")
    int port;

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        // Before the transport is loaded, which is when it decides whether to count; a setting of the user's wins.
        if (System.getProperty(TransportReport.COUNT_PROPERTY) == null) {
            System.setProperty(TransportReport.COUNT_PROPERTY, "true");
        }
        System.exit(Commands.run(new EchoExample(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        common.validate(spec);
        Commands.requireRange(spec, "--seconds", seconds, 1, MAX_SECONDS);
        Commands.requireRange(spec, "--connections", connections, 1, MAX_CONNECTIONS);
        Commands.requireRange(spec, "--size", size, 1, MAX_SIZE);
        Commands.requirePort(spec, port);

        EchoSettings settings =
                new EchoSettings(common.transport(), port, connections, size, common.threads(), seconds);
        PrintWriter out = spec.commandLine().getOut();
        EchoResult result = new EchoRun(settings, new ProgressLine(out, ProgressLine.onTerminal())).run();
        EchoReport.print(settings, result, out);
        return result.failures().isEmpty() ? 0 : reportFailures(result.failures());
    }

    private int reportFailures(List<String> failures) {
        PrintWriter err = spec.commandLine().getErr();
        failures.stream().limit(SHOWN_FAILURES).forEach(failure -> err.println("error: " + failure));
        if (failures.size() > SHOWN_FAILURES) {
            err.println("error: and " + (failures.size() - SHOWN_FAILURES) + " more");
        }
        return spec.exitCodeOnExecutionException();
    }
}
