// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Closes the channels that a class leaves, before its descriptors are counted. */
public final class CloseLeftovers implements AfterAllCallback {

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        KQueueSocketTestPermutation.INSTANCE.closeChannels();
    }
}
