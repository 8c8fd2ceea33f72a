// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.List;

/** Our UNIX domain channel at one end, ours or NIO's at the other. */
public interface KQueueUnixPairings extends Pairings {

    @Override
    default Transport transport() {
        return Transports.KQUEUE_UNIX;
    }

    @Override
    default List<Pairing> pairings() {
        return List.of(
                new Pairing(Transports.KQUEUE_UNIX, Transports.KQUEUE_UNIX, true),
                new Pairing(Transports.KQUEUE_UNIX, Transports.KQUEUE_UNIX, false),
                new Pairing(Transports.KQUEUE_UNIX, Transports.NIO_UNIX, true),
                new Pairing(Transports.KQUEUE_UNIX, Transports.NIO_UNIX, false));
    }
}
