// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.memory;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.kqueueffm.KQueue;
import io.netty.util.internal.PlatformDependent;
import java.io.PrintWriter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The main class of a JVM that runs one test class and tells whether Netty uses Unsafe there. */
public final class BuffersMain {

    private BuffersMain() {}

    /** @param arguments the name of the class */
    public static void main(String[] arguments) {
        System.out.println("binding " + KQueue.binding() + ", unsafe " + PlatformDependent.hasUnsafe());
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(arguments[0]))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true), 60);
        System.out.println("succeeded " + summary.getTestsSucceededCount());
        System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
    }
}
