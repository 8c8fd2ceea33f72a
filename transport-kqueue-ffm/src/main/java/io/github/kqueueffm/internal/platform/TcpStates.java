// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of the states of RFC 9293 in {@link TcpInfoLayout#state}, under their BSD names: TCPS_* of
 * {@code <netinet/tcp_fsm.h>}, TCP_* of {@code <netinet/tcp.h>} on Linux, which orders them otherwise.
 */
public record TcpStates(
        int TCPS_CLOSED,
        int TCPS_LISTEN,
        int TCPS_SYN_SENT,
        int TCPS_SYN_RECEIVED,
        int TCPS_ESTABLISHED,
        int TCPS_CLOSE_WAIT,
        int TCPS_FIN_WAIT_1,
        int TCPS_CLOSING,
        int TCPS_LAST_ACK,
        int TCPS_FIN_WAIT_2,
        int TCPS_TIME_WAIT) {

    /** {@code ESTABLISHED}; {@code null} for a number that is none of them. */
    public @Nullable String name(int state) {
        if (state == TCPS_ESTABLISHED) {
            return "ESTABLISHED";
        } else if (state == TCPS_CLOSED) {
            return "CLOSED";
        } else if (state == TCPS_LISTEN) {
            return "LISTEN";
        } else if (state == TCPS_SYN_SENT) {
            return "SYN_SENT";
        } else if (state == TCPS_SYN_RECEIVED) {
            return "SYN_RECEIVED";
        } else if (state == TCPS_CLOSE_WAIT) {
            return "CLOSE_WAIT";
        } else if (state == TCPS_FIN_WAIT_1) {
            return "FIN_WAIT_1";
        } else if (state == TCPS_CLOSING) {
            return "CLOSING";
        } else if (state == TCPS_LAST_ACK) {
            return "LAST_ACK";
        } else if (state == TCPS_FIN_WAIT_2) {
            return "FIN_WAIT_2";
        } else if (state == TCPS_TIME_WAIT) {
            return "TIME_WAIT";
        }
        return null;
    }
}
