// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of an example that can make use of any number of event loops. */
public final class TransportOptions extends TransportOption {
    // Far above what a machine has cores for; it only keeps a typing error from starting a million threads.
    private static final int MAX_THREADS = 1024;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loop threads (default: ${DEFAULT-VALUE}).")
    int threads = 1;

    /** How many event loops a group has. */
    public int threads() {
        return threads;
    }

    /** Checks the values, for which picocli has no declaration. */
    public void validate(CommandSpec command) {
        Commands.requireRange(command, "--threads", threads, 1, MAX_THREADS);
    }
}
