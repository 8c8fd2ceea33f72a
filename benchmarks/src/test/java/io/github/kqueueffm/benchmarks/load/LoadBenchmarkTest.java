// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The command as a whole, with servers in processes of their own. */
@Timeout(120)
class LoadBenchmarkTest {
    private static final String PLATFORM_PROPERTY = "io.github.kqueueffm.platform";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new CommandLine(new LoadBenchmark())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void comparesTransports() {
        int exitCode = run(
                "--transports=kqueue,nio",
                "--connections=4",
                "--rounds=2",
                "--millis=300",
                "--warmup=1",
                "--loads=echo");

        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("kqueue \\(binding \\w+, .*\\), nio"))
                .anyMatch(line -> line.matches("kqueue +[\\d.]+ \\([\\d.]+-[\\d.]+\\) +[\\d.]+ \\(.*\\) +\\d+ +\\d+ %"))
                .anyMatch(
                        line -> line.matches("nio +[\\d.]+ \\([\\d.]+-[\\d.]+\\) +1.00 \\(1.00-1.00\\) +\\d+ +\\d+ %"))
                .anyMatch(line -> line.matches("system calls per request on kqueue: .*\\bwrite 1.00\\b.*"));
    }

    @Test
    void leavesOutATransportThatDoesNotWork() {
        // The server's process gets it. Nothing in this one asks for kqueue meanwhile.
        System.setProperty(PLATFORM_PROPERTY, "plan9-vax");
        try {
            int exitCode =
                    run("--transports=nio,kqueue", "--rounds=1", "--millis=300", "--warmup=1", "--loads=connect");
            assertThat(err.toString()).isEmpty();
            assertThat(exitCode).isZero();
        } finally {
            System.clearProperty(PLATFORM_PROPERTY);
        }
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("left out: transport kqueue is not available: "))
                .anyMatch(line -> line.startsWith("nio "))
                .noneMatch(line -> line.startsWith("kqueue "));
    }

    @Test
    void refusesAnUnknownTransport() {
        assertThat(run("--transports=kqueue,nioo")).isEqualTo(2);
        assertThat(err.toString()).contains("'nioo' is none of kqueue, nio, epoll, io_uring");
    }

    @Test
    void refusesAnUnknownLoad() {
        assertThat(run("--loads=ehco")).isEqualTo(2);
        assertThat(err.toString()).contains("ehco");
    }
}
