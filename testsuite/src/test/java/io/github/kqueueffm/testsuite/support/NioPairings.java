// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.List;

/** NIO with itself: what passes here describes Netty, not our idea of it. */
public interface NioPairings extends Pairings {

    @Override
    default Transport transport() {
        return Transports.NIO;
    }

    @Override
    default List<Pairing> pairings() {
        return List.of(
                new Pairing(Transports.NIO, Transports.NIO, true), new Pairing(Transports.NIO, Transports.NIO, false));
    }
}
