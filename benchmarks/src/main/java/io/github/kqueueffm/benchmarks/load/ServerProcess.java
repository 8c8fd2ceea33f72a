// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.github.kqueueffm.examples.TransportReport;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link ServerMain} in a JVM of its own: the compiler there sees one transport and no client, as it does in an
 * application. The JVM gets the options of this one. For one thread.
 */
final class ServerProcess implements AutoCloseable {
    private static final String PROPERTIES = "io.github.kqueueffm.";
    private static final long END_SECONDS = 60;

    private final Transport transport;
    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final InetSocketAddress address;
    private final String description;

    /**
     * Starts it and waits until it listens.
     *
     * @throws ExampleFailure if the transport is not available there
     */
    ServerProcess(Transport transport, boolean countSystemCalls) throws IOException {
        this.transport = transport;
        process = new ProcessBuilder(command(transport, countSystemCalls))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        String port = line();
        description = line();
        if (port.equals(ServerMain.FAILED)) {
            close();
            throw new ExampleFailure(description);
        }
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    private static List<String> command(Transport transport, boolean countSystemCalls) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        // Not the agents: a debugger's port can be had only once.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
                .forEach(command::add);
        // Also those that were set since the start, as tests do.
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PROPERTIES))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        // The last one counts.
        command.add("-D" + TransportReport.COUNT_PROPERTY + "=" + countSystemCalls);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(ServerMain.class.getName());
        command.add(transport.name());
        return command;
    }

    Transport transport() {
        return transport;
    }

    InetSocketAddress address() {
        return address;
    }

    /** The transport and, where it tells, how it is bound. */
    String description() {
        return description;
    }

    Snapshot snapshot() throws IOException {
        in.write("snapshot\n");
        in.flush();
        return Snapshot.parse(line());
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IllegalStateException("the server on " + transport + " has ended");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the server on " + transport + " did not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
