// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.datagram;

import io.github.kqueueffm.testsuite.support.DatagramPairing;
import io.github.kqueueffm.testsuite.support.DatagramPairings;
import io.github.kqueueffm.testsuite.support.DatagramSockets;
import java.util.List;

class NioUdpTest extends AbstractUdpTest {

    @Override
    public List<DatagramPairing> pairings() {
        return DatagramPairings.usable(
                new DatagramPairing(DatagramSockets.NIO_IPV4, DatagramSockets.NIO_IPV4),
                new DatagramPairing(DatagramSockets.NIO_IPV6, DatagramSockets.NIO_IPV6));
    }
}
