// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.List;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a test class runs over. The scenarios are in abstract classes; who extends them adds {@link KQueuePairings} or
 * {@link NioPairings}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(DescriptorLeakCheck.class)
@Timeout(120)
public interface Pairings {

    /** The transport that the class is about. */
    Transport transport();

    /** That transport with others, and at both ends of a connection. */
    List<Pairing> pairings();
}
