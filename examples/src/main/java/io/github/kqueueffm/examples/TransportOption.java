// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import picocli.CommandLine.Option;

/** The options that every example has. */
public class TransportOption {
    private static final int LAST = 1000;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "kqueue",
            converter = TransportConverter.class,
            description = "Transport to run on: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Transport transport = Transport.KQUEUE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = LAST,
            description = "Show this help and exit.")
    boolean help;

    /** The transport to run on. */
    public Transport transport() {
        return transport;
    }
}
