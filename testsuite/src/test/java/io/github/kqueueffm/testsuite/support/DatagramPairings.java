// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a test class about datagrams runs over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(DescriptorLeakCheck.class)
@Timeout(120)
public interface DatagramPairings {

    /** The subject's kind and the peer's. */
    List<DatagramPairing> pairings();

    /** Of {@code pairings}, those of families that this machine has. */
    static List<DatagramPairing> usable(DatagramPairing... pairings) {
        return Stream.of(pairings)
                .filter(pairing -> pairing.subject().isUsable())
                .collect(Collectors.toList());
    }
}
