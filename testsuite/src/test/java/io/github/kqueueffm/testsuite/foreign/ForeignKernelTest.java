// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The transport over a kernel with NetBSD's ABI, its own descriptor numbers included, in a process whose JDK runs on Linux:
 * whatever of the running system slips into a call (a constant, a struct, an errno, a descriptor) fails there.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the library is made of Linux's system calls")
@DisabledIfSystemProperty(named = "skipForeignKernel", matches = "|true", disabledReason = "asked for")
class ForeignKernelTest {

    /** Of a suite that takes less than a minute on a machine that has nothing else to do. */
    private static final int SECONDS = 420;

    @TempDir
    Path folder;

    /** NetBSD 7.99.34, whose answers were recorded: the library gives the same. */
    @Test
    void answersAsNetbsdDoes() throws Exception {
        ForeignKernel kernel = ForeignKernel.compile(folder, List.of());
        String report = ForeignKernel.run(
                List.of(kernel.check().toString(), kernel.library().toString()), 60);
        assertThat(report).endsWith("0 failed\n").contains("ok    refused:");
    }

    /** A kernel without EVFILT_USER and accept4, and with the errno of the running system. */
    @Test
    void oldKernel() throws Exception {
        ForeignKernel kernel = ForeignKernel.compile(folder, List.of());
        // TLS with all of its sets of parameters once, over TCP: to the kernel they are bytes.
        String notAgain = "(?!(Domain|JdkLoopback|RcvAllocatorOverride)SocketSslEcho)";
        assertRuns(kernel, ".*\\.(shared|datagram|unix|conformance)\\.KQueue" + notAgain + ".*Test", "pipe", 300);
    }

    /** A kernel with both, an errno of its own, and descriptors whose numbers the running system gives to nobody. */
    @Test
    void newKernel() throws Exception {
        ForeignKernel kernel = ForeignKernel.compile(
                folder,
                List.of(
                        "-DWITH_EVFILT_USER",
                        "-DWITH_ACCEPT4",
                        "-DWITH_QUIET_BATCHES",
                        "-DWITH_OWN_ERRNO",
                        "-DFIRST_DESCRIPTOR=30000"));
        assertRuns(
                kernel,
                ".*\\.KQueue(Conformance|SocketConnect|SocketEcho|Connect|HalfClosure|PeerClose|Addresses|Udp|Multicast"
                        + "|DomainSocketEcho|DomainDatagramUnicast|DescriptorPassing|Unix(Datagram|Paths|HalfClosure|PeerClose))Test",
                "user",
                300);
    }

    private static void assertRuns(ForeignKernel kernel, String classes, String waker, int leastTests)
            throws Exception {
        boolean ffm = Runtime.version().feature() >= 22;
        // Surefire tells which binding it is about; started otherwise, the one that the JDK makes for.
        String binding = System.getProperty("io.github.kqueueffm.binding", ffm ? "ffm" : "jna");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (ffm) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        // For so short a life the other compiler costs more than it gives.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dio.github.kqueueffm.binding=" + binding);
        command.add("-Dio.github.kqueueffm.library=" + kernel.library());
        command.add("-Dio.github.kqueueffm.platform=netbsd-amd64");
        command.add("-Dio.netty.leakDetection.level=paranoid");
        command.add("-cp");
        // Surefire's own class path is a jar with a manifest that lists this one.
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(ForeignSuite.class.getName());
        command.add(classes);
        String report = ForeignKernel.run(command, SECONDS);
        assertThat(report).contains("on " + binding + " netbsd-amd64 kqueue " + waker);
        assertThat(report).doesNotContain("LEAK:");
        assertThat(report)
                .contains("conformance of kqueue of " + kernel.library().getFileName() + " |    0 failed");
        report.lines().filter(line -> line.startsWith("conformance of ")).forEach(System.out::println);
        String ran = report.lines()
                .filter(line -> line.startsWith("ran "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(report));
        assertThat(Integer.parseInt(ran.substring("ran ".length()))).as(report).isGreaterThanOrEqualTo(leastTests);
    }
}
