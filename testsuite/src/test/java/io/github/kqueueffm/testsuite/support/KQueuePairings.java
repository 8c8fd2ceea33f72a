// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.List;

/** Our channel at one end, ours or NIO's at the other. */
public interface KQueuePairings extends Pairings {

    @Override
    default Transport transport() {
        return Transports.KQUEUE;
    }

    @Override
    default List<Pairing> pairings() {
        return List.of(
                new Pairing(Transports.KQUEUE, Transports.KQUEUE, true),
                new Pairing(Transports.KQUEUE, Transports.KQUEUE, false),
                new Pairing(Transports.KQUEUE, Transports.NIO, true),
                new Pairing(Transports.KQUEUE, Transports.NIO, false));
    }
}
