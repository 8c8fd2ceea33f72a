// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that every example has. */
public final class TransportOptions {
    // Far above what a machine has cores for; it only keeps a typing error from starting a million threads.
    private static final int MAX_THREADS = 1024;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "kqueue",
            converter = TransportConverter.class,
            description = "Transport to run on: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Transport transport = Transport.KQUEUE;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loop threads (default: ${DEFAULT-VALUE}).")
    int threads = 1;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    /** The transport to run on. */
    public Transport transport() {
        return transport;
    }

    /** How many event loops a group has. */
    public int threads() {
        return threads;
    }

    /** Checks the values, for which picocli has no declaration. */
    public void validate(CommandSpec command) {
        Commands.requireRange(command, "--threads", threads, 1, MAX_THREADS);
    }
}
