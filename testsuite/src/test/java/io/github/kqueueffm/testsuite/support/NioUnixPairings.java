// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.List;

/** NIO's UNIX domain channels with themselves. */
public interface NioUnixPairings extends Pairings {

    @Override
    default Transport transport() {
        return Transports.NIO_UNIX;
    }

    @Override
    default List<Pairing> pairings() {
        return List.of(
                new Pairing(Transports.NIO_UNIX, Transports.NIO_UNIX, true),
                new Pairing(Transports.NIO_UNIX, Transports.NIO_UNIX, false));
    }
}
