// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

/**
 * Who talks to whom.
 *
 * @param subject the transport of the channel that the test is about
 * @param peer the transport at the other end
 * @param accepted whether the subject is the accepted channel (else it connects)
 */
public record Pairing(Transport subject, Transport peer, boolean accepted) {

    /** The transport that listens. */
    public Transport server() {
        return accepted ? subject : peer;
    }

    /** The transport that connects. */
    public Transport client() {
        return accepted ? peer : subject;
    }

    @Override
    public String toString() {
        return subject + (accepted ? " accepted from " : " connected to ") + peer;
    }
}
