// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.signals;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.EventLoops;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.github.kqueueffm.examples.TransportReport;
import io.github.kqueueffm.handle.KQueueSignal;
import io.github.kqueueffm.handle.KQueueSignalListener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code signals}. */
@Command(
        name = "run-example.sh signals",
        description =
                "An HTTP server that reloads at SIGHUP, and ends at SIGTERM or Ctrl-C when all requests are answered.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:ended by SIGTERM or Ctrl-C",
            "1:the port is in use, the file cannot be read, a signal is not to be had, or the transport does not work here",
            "2:a wrong option"
        },
        sortOptions = false)
public final class SignalsExample implements Callable<Integer> {
    private static final int MOST_SECONDS = 3600;
    private static final int LONGEST_BODY = 8192;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description =
                    "Port to listen on, on the loopback address; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "What is answered; read again at SIGHUP (default: a greeting).")
    @Nullable
    Path file;

    @Option(
            names = "--slow",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long an answer to /slow takes (default: ${DEFAULT-VALUE}).")
    int slow;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    /** Runs the command; it ends with the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new SignalsExample(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Commands.requirePort(spec, port);
        Commands.requireRange(spec, "--slow", slow, 0, MOST_SECONDS);
        GracefulServer server = new GracefulServer(file, spec.commandLine().getOut());
        EventLoopGroup group = Transport.KQUEUE.newGroup(1);
        try {
            // Before it says that it runs: from then on a signal must not end it.
            watch(group, server, "HUP", server::reload);
            watch(group, server, "USR1", server::tell);
            watch(group, server, "TERM", server::end);
            watch(group, server, "INT", server::end);
            Channel channel = bind(group, server);
            server.listensOn(channel);
            greet(server, "http://" + NetUtil.toSocketAddressString((InetSocketAddress) channel.localAddress()) + "/");
            server.awaitEnd();
        } finally {
            EventLoops.end(group);
        }
        server.say("ended: " + server.summary());
        return 0;
    }

    private static void watch(EventLoopGroup group, GracefulServer server, String name, KQueueSignalListener listener)
            throws InterruptedException {
        try {
            KQueueSignal.watch(group, name, new KQueueSignalListener() {
                        @Override
                        public void received(KQueueSignal signal, long count) {
                            listener.received(signal, count);
                        }

                        @Override
                        public void exceptionCaught(KQueueSignal signal, Throwable cause) {
                            // Started by nohup(1) or in the background of a shell, which ignores it, a JVM on Linux
                            // does too.
                            server.say("SIG" + name + " is not heard: " + cause.getMessage());
                        }
                    })
                    .registerFuture()
                    .await();
        } catch (UnsupportedOperationException e) {
            // It tells which signal, why, and what would help.
            throw new ExampleFailure(String.valueOf(e.getMessage()));
        }
    }

    private Channel bind(EventLoopGroup group, GracefulServer server) throws InterruptedException {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(Transport.KQUEUE.serverChannel())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(LONGEST_BODY))
                                .addLast(new GreetingHandler(server, slow));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .await();
        if (!bound.isSuccess()) {
            throw new ExampleFailure("cannot listen on port " + port, bound.cause());
        }
        return bound.channel();
    }

    private void greet(GracefulServer server, String url) {
        long pid = ProcessHandle.current().pid();
        server.say("listening on " + url + " over " + TransportReport.line(Transport.KQUEUE) + "; pid " + pid);
        server.say("  curl " + url + "         is answered at once");
        server.say("  curl " + url + "slow     is answered in " + slow + " s");
        server.say("  kill -HUP " + pid + "     reads " + (file == null ? "--file FILE" : file) + " again");
        server.say("  kill -USR1 " + pid + "    tells what it has done");
        server.say("  kill -TERM " + pid
                + "    ends it when all requests are answered, as Ctrl-C does; a second one at once");
    }
}
