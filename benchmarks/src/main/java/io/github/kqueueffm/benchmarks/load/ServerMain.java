// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import io.github.kqueueffm.examples.ExampleFailure;
import io.github.kqueueffm.examples.Transport;
import io.github.kqueueffm.examples.TransportReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;

/**
 * A {@link LoadServer} as a process. It prints its port and a description of its transport, or {@link #FAILED} and the
 * reason; then a snapshot for each line that it reads, until the end of standard input.
 */
final class ServerMain {
    /** Stands in place of a port. */
    static final String FAILED = "failed";

    private ServerMain() {}

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        Transport transport = Transport.valueOf(args[0]);
        try (LoadServer server = new LoadServer(transport)) {
            System.out.println(server.address().getPort());
            System.out.println(TransportReport.line(transport));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (in.readLine() != null) {
                System.out.println(server.snapshot().toLine());
            }
        } catch (ExampleFailure e) {
            System.out.println(FAILED);
            System.out.println(ExampleFailure.describe(e));
        }
    }
}
