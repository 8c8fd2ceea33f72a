// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.SystemCalls;
import io.github.kqueueffm.examples.TransportOptions;
import io.github.kqueueffm.examples.TransportReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code http}. */
@Command(
        name = "run-example.sh http",
        description = "Serves /plaintext and /json, and files, over HTTP/1.1 until it is stopped with Ctrl-C.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "130, 143:stopped by Ctrl-C, by SIGTERM",
            "1:the port is in use, or the transport does not work here",
            "2:a wrong option"
        },
        sortOptions = false)
public final class HttpExample implements Callable<Integer> {
    private static final int MAX_PORT = 65535;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    TransportOptions common = new TransportOptions();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address or name to listen on, 0.0.0.0 for all (default: ${DEFAULT-VALUE}).")
    String host = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "Folder to serve as /files/, with all in it that is not a link out of it (default: none).")
    @Nullable
    Path folder;

    /** Runs the command; it ends with the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new HttpExample(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        common.validate(spec);
        Commands.requireRange(spec, "--port", port, 0, MAX_PORT);
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ExampleFailure("cannot listen on " + host + ": unknown host");
        }

        PrintWriter out = spec.commandLine().getOut();
        HttpCounters counters = new HttpCounters(spec.commandLine().getErr());
        HttpExampleServer server =
                HttpExampleServer.start(common.transport(), address, common.threads(), counters, files());
        Map<String, Long> callsBefore = TransportReport.systemCalls(common.transport());
        long start = System.nanoTime();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            // Before the end, which costs calls of its own.
            Map<String, Long> callsAfter = TransportReport.systemCalls(common.transport());
            server.close();
            out.println(summary(counters, System.nanoTime() - start, SystemCalls.between(callsBefore, callsAfter)));
            out.flush();
        }));
        out.println("listening on http://" + host(server.address()) + "/ over "
                + TransportReport.line(common.transport()) + "; Ctrl-C stops");
        out.flush();
        server.awaitEnd();
        return 0;
    }

    private @Nullable StaticFiles files() {
        if (folder == null) {
            return null;
        }
        try {
            if (Files.isDirectory(folder)) {
                return new StaticFiles(folder);
            }
        } catch (IOException e) {
            throw new ExampleFailure("cannot serve the files of " + folder, e);
        }
        throw new CommandLine.ParameterException(spec.commandLine(), "--files is not a folder: " + folder);
    }

    private static String summary(HttpCounters counters, long nanos, SystemCalls calls) {
        String line = String.format(
                Locale.ROOT,
                "served %,d requests on %,d connections in %,.1f s",
                counters.requests(),
                counters.connections(),
                nanos / 1e9);
        return calls.counts().isEmpty() || counters.requests() == 0
                ? line
                : line + "; system calls per request: " + calls.per(counters.requests());
    }

    private static String host(InetSocketAddress address) {
        String literal = address.getAddress().getHostAddress();
        return (literal.indexOf(':') < 0 ? literal : "[" + literal + "]") + ":" + address.getPort();
    }
}
