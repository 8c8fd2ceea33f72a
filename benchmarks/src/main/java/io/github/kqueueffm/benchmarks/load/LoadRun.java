// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.EventLoops;
import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Puts the servers under load in turns. For one use by one thread. */
final class LoadRun implements AutoCloseable {
    // For the connections to be made and the first requests of a turn, which are not measured.
    private static final int SETTLE_MILLIS = 100;

    private final LoadSettings settings;
    // On NIO whatever the servers are on, so that all see the same clients.
    private final EventLoopGroup clients = Transport.NIO.newGroup(1);
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    /** Starts a server on each transport that there is here. */
    LoadRun(LoadSettings settings) throws IOException {
        this.settings = settings;
        try {
            for (Transport transport : settings.transports()) {
                start(transport);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        if (servers.isEmpty()) {
            throw new ExampleFailure("nothing to measure: " + String.join("; ", leftOut));
        }
    }

    private void start(Transport transport) throws IOException {
        try {
            servers.add(new ServerProcess(transport, false));
        } catch (ExampleFailure e) {
            leftOut.add(ExampleFailure.describe(e));
        }
    }

    /** What can be told of each transport that takes part. */
    List<String> transports() {
        return servers.stream().map(ServerProcess::description).toList();
    }

    /** Why some transports do not take part; mostly empty. */
    List<String> leftOut() {
        return leftOut;
    }

    /** Measures one load. Turns go A B C A B C, so that what disturbs the machine for a while disturbs all. */
    Map<Transport, List<Slice>> measure(LoadKind load) throws IOException, InterruptedException {
        for (ServerProcess server : servers) {
            load(server, load, settings.warmupMillis());
        }
        Map<Transport, List<Slice>> slices = new EnumMap<>(Transport.class);
        for (int round = 0; round < settings.rounds(); round++) {
            for (ServerProcess server : servers) {
                slices.computeIfAbsent(server.transport(), transport -> new ArrayList<>())
                        .add(turn(server, load));
            }
        }
        return slices;
    }

    /** Runs a load once on a further server that counts its system calls, which the figures of the others are free of. */
    Slice count(Transport transport, LoadKind load) throws IOException, InterruptedException {
        try (ServerProcess server = new ServerProcess(transport, true)) {
            load(server, load, settings.warmupMillis());
            return turn(server, load);
        }
    }

    private Slice turn(ServerProcess server, LoadKind load) throws IOException, InterruptedException {
        Slice slice = load(server, load, settings.millis());
        if (slice.requests() == 0) {
            throw new ExampleFailure(server.transport() + " answered no request in " + settings.millis() + " ms");
        }
        return slice;
    }

    private Slice load(ServerProcess server, LoadKind load, int millis) throws IOException, InterruptedException {
        LoadClient client = new LoadClient(clients, load, server.address(), settings.connections());
        Thread.sleep(SETTLE_MILLIS);
        Snapshot before = server.snapshot();
        Thread.sleep(millis);
        Snapshot after = server.snapshot();
        client.stop();
        return Slice.between(before, after);
    }

    @Override
    public void close() throws IOException {
        for (ServerProcess server : servers) {
            server.close();
        }
        if (!EventLoops.end(clients)) {
            throw new IllegalStateException("the event loop of the clients did not end");
        }
    }
}
