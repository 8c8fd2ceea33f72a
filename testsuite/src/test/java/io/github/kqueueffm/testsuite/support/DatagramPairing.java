// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

/**
 * Who sends datagrams to whom.
 *
 * @param subject what the test is about
 * @param peer the other end
 */
public record DatagramPairing(DatagramSockets subject, DatagramSockets peer) {

    /** Whether one of the two is of the JDK's transport. */
    public boolean hasNio() {
        return subject.transport() == Transports.NIO || peer.transport() == Transports.NIO;
    }

    @Override
    public String toString() {
        return subject + " with " + peer;
    }
}
