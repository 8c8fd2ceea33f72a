// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kqueueffm.examples.CommandRun;
import io.github.kqueueffm.examples.ExampleProcess;
import io.github.kqueueffm.examples.ProgressLine;
import io.github.kqueueffm.examples.Transport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class EchoExampleTest {
    private static final Pattern SYSTEM_CALLS = Pattern.compile(
            "  system calls   ([0-9.]+) \\(([a-z0-9_]+ [0-9.]+(, )?)+\\) per message, server and client");

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void answersEveryMessage(Transport transport) throws InterruptedException {
        EchoSettings settings = new EchoSettings(transport, 0, 33, 64, 1, 1);
        EchoResult result = new EchoRun(settings, new ProgressLine(new PrintWriter(new StringWriter()), false)).run();

        assertThat(result.failures()).isEmpty();
        assertThat(result.connections()).isEqualTo(33);
        assertThat(result.messages()).isGreaterThan(33);
        assertThat(result.allMessages()).isGreaterThanOrEqualTo(result.messages());
        assertThat(result.latencies().getMinValue()).isPositive();
        assertThat(result.measuredNanos()).isBetween(700_000_000L, 30_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource({"KQUEUE,1", "NIO,1", "KQUEUE,300000", "NIO,300000"})
    void answersMessagesOfEverySize(Transport transport, int size) throws InterruptedException {
        EchoSettings settings = new EchoSettings(transport, 0, 4, size, 2, 1);
        EchoResult result = new EchoRun(settings, new ProgressLine(new PrintWriter(new StringWriter()), false)).run();

        assertThat(result.failures()).isEmpty();
        assertThat(result.connections()).isEqualTo(4);
        assertThat(result.messages()).isPositive();
    }

    @Test
    void reportsWhatItRanOnAndWhatItCost() throws Exception {
        CommandRun run;
        try (ExampleProcess process = ExampleProcess.start(
                EchoExample.class,
                List.of("-Dio.netty.leakDetection.level=paranoid"),
                "--seconds=2",
                "--connections=5")) {
            run = process.end();
        }

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("echo over kqueue", "  connections    5", "  verified       every byte of all ")
                .containsPattern("  binding        (ffm|jna)\\R")
                .containsPattern("  platform       [a-z]+-[a-z0-9]+")
                .containsPattern("  backend        [a-z]+")
                .containsPattern("  waker          [a-z]+")
                .containsPattern("  messages/s     [0-9,]+")
                .containsPattern("  latency        p50 .* us  p90 .* us  p99 .* us  p99.9 .* us  max .* us");
        Matcher systemCalls = SYSTEM_CALLS.matcher(run.out());
        assertThat(systemCalls.find()).as(run.out()).isTrue();
        // Each message is written and read by both sides, and no call of theirs takes more than one of a connection's.
        assertThat(Double.parseDouble(systemCalls.group(1))).isBetween(4.0, 10.0);
    }

    @Test
    void saysThatForeignTransportsAreNotCounted() {
        CommandRun run = CommandRun.of(new EchoExample(), "--transport=nio", "--seconds=1");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("echo over nio", "  system calls   not counted (only kqueue)");
        assertThat(run.out()).doesNotContain("binding", "backend");
    }

    @ParameterizedTest
    @EnumSource(names = {"KQUEUE", "NIO"})
    void saysThatAPortIsInUse(Transport transport) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run =
                    CommandRun.of(new EchoExample(), "--transport=" + transport, "--port=" + other.getLocalPort());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err())
                    .startsWith("error: cannot listen on port " + other.getLocalPort() + ": ")
                    .contains("Address already in use");
        }
    }

    @Test
    void saysWhyATransportIsNotAvailable() throws Exception {
        CommandRun run;
        try (ExampleProcess process = ExampleProcess.start(
                EchoExample.class, List.of("-Dio.netty.transport.noNative=true"), "--transport=epoll")) {
            run = process.end();
        }

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err())
                .startsWith("error: transport epoll is not available: ")
                .contains("-Dio.netty.transport.noNative=true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--secnods=3",
                "--seconds=x",
                "--seconds=0",
                "--connections=0",
                "--size=0",
                "--size=1000000000",
                "--port=65536",
                "--port=-1",
                "--threads=0",
                "--transport=select",
                "something"
            })
    void refusesWrongOptionsInOneLine(String option) {
        CommandRun.of(new EchoExample(), option).assertRefused(option);
    }

    @Test
    void namesTheTransportsThatThereAre() {
        assertThat(CommandRun.of(new EchoExample(), "--transport=select").err())
                .contains("'select' is none of kqueue, nio, epoll, io_uring");
    }

    @Test
    void helps() {
        CommandRun run = CommandRun.of(new EchoExample(), "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: run-example.sh echo ")
                .contains("--transport", "--threads", "--seconds", "--connections", "--size", "--port", "--help")
                .contains("kqueue, nio, epoll, io_uring");
    }
}
