// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.datagram;

import io.github.kqueueffm.testsuite.support.DatagramPairing;
import io.github.kqueueffm.testsuite.support.DatagramPairings;
import io.github.kqueueffm.testsuite.support.DatagramSockets;
import java.util.List;

class KQueueMulticastTest extends AbstractMulticastTest {

    @Override
    public List<DatagramPairing> pairings() {
        return DatagramPairings.usable(
                new DatagramPairing(DatagramSockets.KQUEUE_IPV4, DatagramSockets.KQUEUE_IPV4),
                new DatagramPairing(DatagramSockets.KQUEUE_IPV4, DatagramSockets.NIO_IPV4),
                new DatagramPairing(DatagramSockets.KQUEUE_IPV6, DatagramSockets.KQUEUE_IPV6),
                new DatagramPairing(DatagramSockets.KQUEUE_IPV6, DatagramSockets.NIO_IPV6));
    }
}
