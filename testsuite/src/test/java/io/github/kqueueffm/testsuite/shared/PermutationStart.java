// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts the loops that the whole suite shares, before the descriptors of the first class are counted. */
public final class PermutationStart implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        List<?> pairs = KQueueSocketTestPermutation.INSTANCE.socket();
        if (pairs.size() != 3) {
            throw new IllegalStateException("expected ours with ours, ours with NIO and NIO with ours, got " + pairs);
        }
    }
}
