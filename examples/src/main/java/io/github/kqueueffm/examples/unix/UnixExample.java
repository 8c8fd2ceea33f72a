// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.unix;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.Server;
import io.github.kqueueffm.examples.TransportOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DuplexChannelConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code unix}. */
@Command(
        name = "run-example.sh unix",
        description = "Sends back what comes over a UNIX socket, and tells who connects and what was sent, until it is"
                + " stopped with Ctrl-C.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "130, 143:stopped by Ctrl-C, by SIGTERM",
            "1:the path cannot be listened on, or the transport does not work here",
            "2:a wrong option"
        },
        sortOptions = false)
public final class UnixExample implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    TransportOptions common = new TransportOptions();

    @Parameters(paramLabel = "PATH", description = "Path of the socket; the file is made, and deleted at the end.")
    String path = "";

    /** Runs the command; it ends with the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new UnixExample(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        common.validate(spec);
        PrintWriter out = spec.commandLine().getOut();
        UnixEchoTotals totals = new UnixEchoTotals();
        Server server = Server.start(
                common.transport(),
                common.threads(),
                path,
                group -> new ServerBootstrap()
                        .group(group)
                        .channel(common.transport().unixServerChannel())
                        .childHandler(new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                // A client that says it has sent all, as socat does at the end of its input, still gets
                                // the rest.
                                ((DuplexChannelConfig) channel.config()).setAllowHalfClosure(true);
                                channel.pipeline().addLast(new UnixEchoHandler(totals, out));
                            }
                        })
                        .bind(common.transport().unixAddress(path)));
        server.report(out, "listening on " + path, totals::done);
        server.awaitEnd();
        return 0;
    }
}
