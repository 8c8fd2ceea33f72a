// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.datagrams;

import io.github.kqueueffm.examples.Commands;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.TransportOption;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code datagrams}. */
@Command(
        name = "run-example.sh datagrams",
        description = "Sends each UDP datagram back to where it came from, and tells of it, until it is stopped with"
                + " Ctrl-C. With --group, those sent to a multicast group too.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "130, 143:stopped by Ctrl-C, by SIGTERM",
            "1:the port is in use, the group cannot be joined, or the transport does not work here",
            "2:a wrong option"
        },
        sortOptions = false)
public final class DatagramExample implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    TransportOption common = new TransportOption();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address or name to bind to (default: 127.0.0.1; with --group all addresses).")
    @Nullable
    String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9000",
            description = "Port to bind to, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--group",
            paramLabel = "ADDRESS",
            description = "Multicast group to join: 239.1.2.3, ff02::1234 or any other.")
    @Nullable
    String group;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            description = "Network interface to join the group on, such as lo (default: the system's choice).")
    @Nullable
    String interfaceName;

    @Option(
            names = "--announce",
            paramLabel = "TEXT",
            description = "Send this to the group once, when it has been joined.")
    @Nullable
    String announcement;

    /** Runs the command; it ends with the process. */
    public static void main(String[] args) {
        System.exit(Commands.run(new DatagramExample(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        Commands.requirePort(spec, port);
        if (group == null && (interfaceName != null || announcement != null)) {
            throw new ParameterException(
                    spec.commandLine(), (interfaceName == null ? "--announce" : "--interface") + " needs a --group");
        }
        PrintWriter out = spec.commandLine().getOut();
        Group joined = multicastGroup();
        DatagramEchoServer server = DatagramEchoServer.start(common.transport(), address(), joined, out);
        server.report();
        if (joined != null && announcement != null) {
            server.announce(announcement, joined);
        }
        server.awaitEnd();
        return 0;
    }

    private InetSocketAddress address() {
        if (host == null) {
            return group == null ? new InetSocketAddress("127.0.0.1", port) : new InetSocketAddress(port);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ExampleFailure("cannot listen on " + host + ": unknown host");
        }
        return address;
    }

    private @Nullable Group multicastGroup() {
        if (group == null) {
            return null;
        }
        try {
            InetAddress address = InetAddress.getByName(group);
            NetworkInterface on = interfaceName == null ? null : NetworkInterface.getByName(interfaceName);
            if (!address.isMulticastAddress()) {
                throw new ParameterException(spec.commandLine(), "--group " + group + " is no multicast address");
            }
            if (on == null && interfaceName != null) {
                throw new ExampleFailure("there is no network interface " + interfaceName);
            }
            return new Group(address, on);
        } catch (UnknownHostException e) {
            throw new ParameterException(spec.commandLine(), "--group " + group + " is no multicast address", e);
        } catch (SocketException e) {
            throw new ExampleFailure("cannot look for network interface " + interfaceName, e);
        }
    }
}
