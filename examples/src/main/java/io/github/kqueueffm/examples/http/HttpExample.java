// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.http;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Server;
import io.github.kqueueffm.examples.Transport;
import io.github.kqueueffm.examples.TransportOptions;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code http}. */
@Command(
        name = "run-example.sh http",
        description = "Serves /plaintext and /json, and files, over HTTP/1.1 until it is stopped with Ctrl-C.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "130, 143:stopped by Ctrl-C, by SIGTERM",
            "1:the port or the path is in use, or the transport does not work here",
            "2:a wrong option"
        },
        sortOptions = false)
public final class HttpExample implements Callable<Integer> {
    private static final List<String> OF_TCP = List.of("--host", "--port", "--fast-open");

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
            names = "--unix",
            paramLabel = "PATH",
            description = "UNIX socket to listen on instead; the file is made, and deleted at the end.")
    @Nullable
    String socket;

    @Option(
            names = "--fast-open",
            description = "Take the first request with the opening of a connection (TCP Fast Open).")
    boolean fastOpen;

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "Folder to serve as /files/, with all in it that is not a link out of it (default: none).")
    @Nullable
    Path folder;

    @Option(
            names = "--shed-idle",
            description = "When no connection can be accepted for want of descriptors, close idle ones.")
    boolean shedIdle;

    /** Runs the command; it ends with the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new HttpExample(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        common.validate(spec);
        Commands.requirePort(spec, port);
        HttpSettings settings =
                new HttpSettings(common.transport(), address(), common.threads(), fastOpen(), files(), idle());
        HttpCounters counters = new HttpCounters(spec.commandLine().getErr());
        Server server = HttpExampleServer.start(settings, counters);
        server.report(spec.commandLine().getOut(), "listening on " + where(server.address()), counters::done);
        server.awaitEnd();
        return 0;
    }

    private SocketAddress address() {
        if (socket != null) {
            for (String option : OF_TCP) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw new ParameterException(
                            spec.commandLine(), "--unix listens on that socket alone, and has no " + option);
                }
            }
            return common.transport().unixAddress(socket);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ExampleFailure("cannot listen on " + host + ": unknown host");
        }
        return address;
    }

    private boolean fastOpen() {
        common.transport().ensureAvailable();
        if (fastOpen && !common.transport().isFastOpenServer()) {
            throw new ExampleFailure("no TCP Fast Open: transport " + common.transport()
                    + " does not have it, or the system has it turned off (on Linux: net.ipv4.tcp_fastopen)");
        }
        return fastOpen;
    }

    private @Nullable IdleConnections idle() {
        if (shedIdle && common.transport() != Transport.KQUEUE) {
            throw new ParameterException(
                    spec.commandLine(), "--shed-idle needs the transport kqueue, which tells when it cannot accept");
        }
        return shedIdle ? new IdleConnections(spec.commandLine().getOut()) : null;
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
        throw new ParameterException(spec.commandLine(), "--files is not a folder: " + folder);
    }

    private static String where(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? "http://" + NetUtil.toSocketAddressString(internet) + "/"
                : address.toString();
    }
}
