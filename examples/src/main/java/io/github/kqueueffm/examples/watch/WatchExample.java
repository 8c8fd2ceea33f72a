// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.watch;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Server;
import io.github.kqueueffm.examples.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code watch}. */
@Command(
        name = "run-example.sh watch",
        description = "Follows the files of a folder over HTTP, as tail -F does, until it is stopped with Ctrl-C.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "130, 143:stopped by Ctrl-C, by SIGTERM",
            "1:there is no such folder, the port is in use, or the transport does not work here",
            "2:a wrong option"
        },
        sortOptions = false)
public final class WatchExample implements Callable<Integer> {
    private static final int MOST_THREADS = 1024;
    private static final int MOST_LINES = 1_000_000;
    private static final int LONGEST_BODY = 8192;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "Folder whose files are followed.")
    Path dir = Path.of("");

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
            names = "--lines",
            paramLabel = "N",
            defaultValue = "10",
            description = "Lines at the end of a file to begin with (default: ${DEFAULT-VALUE}).")
    int lines;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops (default: ${DEFAULT-VALUE}).")
    int threads;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    /** Runs the command; it ends with the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new WatchExample(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Commands.requirePort(spec, port);
        Commands.requireRange(spec, "--lines", lines, 0, MOST_LINES);
        Commands.requireRange(spec, "--threads", threads, 1, MOST_THREADS);
        WatchedFolder folder = folder();
        PrintWriter out = spec.commandLine().getOut();
        WatchCounters counters = new WatchCounters(out);
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ExampleFailure("cannot listen on " + host + ": unknown host");
        }
        Server server = Server.start(
                Transport.KQUEUE,
                threads,
                host + ":" + port,
                group -> new ServerBootstrap()
                        .group(group)
                        .channel(Transport.KQUEUE.serverChannel())
                        .childHandler(new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline()
                                        .addLast(new HttpServerCodec())
                                        .addLast(new HttpObjectAggregator(LONGEST_BODY))
                                        .addLast(new WatchHandler(folder, lines, counters));
                            }
                        })
                        .bind(address));
        String url = "http://" + NetUtil.toSocketAddressString((InetSocketAddress) server.address()) + "/";
        server.report(out, "watching " + folder.root() + " at " + url, counters::done);
        out.println("  curl " + url + "            lists the files");
        out.println("  curl -N " + url + "FILE     follows one");
        out.flush();
        server.awaitEnd();
        return 0;
    }

    private WatchedFolder folder() {
        try {
            if (dir.toFile().isDirectory()) {
                return new WatchedFolder(dir);
            }
        } catch (IOException e) {
            throw new ExampleFailure("cannot watch " + dir, e);
        }
        throw new ExampleFailure("cannot watch " + dir + ": there is no such folder");
    }
}
