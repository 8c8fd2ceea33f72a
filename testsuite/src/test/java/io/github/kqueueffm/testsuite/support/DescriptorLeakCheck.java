// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a class that leaves more sockets, pipes or kernel event queues open than it found. Classes must not run side by
 * side in one JVM, or they would count each other's.
 */
public final class DescriptorLeakCheck implements BeforeAllCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(DescriptorLeakCheck.class);

    /** For what closes on its own: the loops of a group that is shutting down. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final long COLLECTION_NANOS = TimeUnit.SECONDS.toNanos(2);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Transports.start();
        context.getStore(NAMESPACE).put("open", OpenDescriptors.now());
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        OpenDescriptors before = context.getStore(NAMESPACE).get("open", OpenDescriptors.class);
        if (before == null) {
            return; // beforeAll failed, and that is reported already
        }
        long deadline = System.nanoTime() + GRACE_NANOS;
        long collection = System.nanoTime();
        Map<String, Integer> left = OpenDescriptors.now().minus(before);
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(context.getDisplayName() + " left descriptors open: " + left);
            }
            Transports.wakeLoops();
            if (System.nanoTime() - collection >= 0) {
                // The JDK's sockets that a class of the shared suite has forgotten to close; none of ours is closed by
                // it.
                System.gc();
                collection = System.nanoTime() + COLLECTION_NANOS;
            }
            TimeUnit.MILLISECONDS.sleep(20);
            left = OpenDescriptors.now().minus(before);
        }
    }
}
