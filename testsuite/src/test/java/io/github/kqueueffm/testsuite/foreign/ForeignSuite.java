// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.foreign;

import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import io.github.kqueueffm.KQueue;
import java.io.PrintWriter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The main class of a JVM on a foreign kernel: runs classes of the testsuite and prints the binding, the platform, the
 * kind of kernel and the waker that were in use, and how many tests ran.
 */
public final class ForeignSuite {

    /** These say little more about a kernel than the others, and take most of the time, much of it asleep. */
    private static final String[] SLOW = {
        ".*(Ssl|StartTls|Spdy|Object|TrafficShaping).*",
        ".*(EventLoop|ReadPending|NotYetConnected|ConnectionAttempt|ExceptionHandling).*",
        ".*(DatagramMulticast|DomainSocketHalfClosed|DomainSocketFileRegion|UnixFlood).*"
    };

    private ForeignSuite() {}

    /** @param arguments a pattern that the names of the classes have to match */
    public static void main(String[] arguments) {
        KQueue.ensureAvailability();
        System.out.println(
                "on " + KQueue.binding() + ' ' + KQueue.platform() + ' ' + KQueue.backend() + ' ' + KQueue.waker());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        selectPackage("io.github.kqueueffm.testsuite.shared"),
                        selectPackage("io.github.kqueueffm.testsuite.socket"),
                        selectPackage("io.github.kqueueffm.testsuite.datagram"),
                        selectPackage("io.github.kqueueffm.testsuite.unix"),
                        selectPackage("io.github.kqueueffm.testsuite.conformance"))
                .filters(includeClassNamePatterns(arguments[0]), excludeClassNamePatterns(SLOW))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true), 60);
        System.out.println("ran " + summary.getTestsSucceededCount());
        // The loops of the suite are nobody's to shut down.
        System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
    }
}
