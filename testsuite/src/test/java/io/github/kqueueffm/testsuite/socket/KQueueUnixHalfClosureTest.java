// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import io.github.kqueueffm.testsuite.support.KQueueUnixPairings;
import io.github.kqueueffm.testsuite.support.Pairing;
import io.github.kqueueffm.testsuite.support.Transports;
import java.util.List;

/** With itself: NIO's channels do not allow half-closure here. */
class KQueueUnixHalfClosureTest extends AbstractHalfClosureTest implements KQueueUnixPairings {

    @Override
    public List<Pairing> pairings() {
        return List.of(
                new Pairing(Transports.KQUEUE_UNIX, Transports.KQUEUE_UNIX, true),
                new Pairing(Transports.KQUEUE_UNIX, Transports.KQUEUE_UNIX, false));
    }
}
