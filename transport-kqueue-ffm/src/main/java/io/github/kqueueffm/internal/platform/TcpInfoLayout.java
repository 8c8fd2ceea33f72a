// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

/**
 * {@code struct tcp_info}, on macOS {@code struct tcp_connection_info}: what getsockopt(2) of level IPPROTO_TCP tells of a TCP
 * connection. Members that a system keeps a place for without filling it are {@link Field#NONE}. A kernel that knows less of
 * the struct fills less and says so in the length: a field counts only if it ends within that ({@link Field#end}).
 *
 * @param option {@link SocketConstants#TCP_INFO} or {@link SocketConstants#TCP_CONNECTION_INFO}; {@link Platform#ABSENT} where
 *     there is neither (DragonFly)
 * @param size of the largest form that has a field of ours in it, in bytes
 * @param state a number of {@link TcpStates}
 * @param caState congestion control: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss (Linux)
 * @param retransmits retransmissions of the segment that waits for its acknowledgement (Linux)
 * @param probes unanswered window and keepalive probes (Linux)
 * @param backoff doublings of the retransmission timeout (Linux)
 * @param options negotiated options, the same bits everywhere: 1 timestamps, 2 SACK, 4 window scaling, 8 ECN; higher
 *     ones are the system's own
 * @param sndWscale shift of the window that the peer announces, 0 to 14
 * @param rcvWscale shift of the window that we announce, 0 to 14
 * @param rto retransmission timeout
 * @param ato timeout of delayed acknowledgements (Linux)
 * @param sndMss largest segment that we send
 * @param rcvMss largest segment that we expect; the BSDs repeat sndMss
 * @param unacked sent and not acknowledged; of a listening socket the connections that wait to be accepted (Linux)
 * @param sacked acknowledged selectively; of a listening socket its backlog limit (Linux)
 * @param lost taken for lost (Linux)
 * @param retrans retransmitted and not acknowledged (Linux)
 * @param lastDataSent time since data was last sent
 * @param lastAckSent time since an acknowledgement was last sent (OpenBSD)
 * @param lastDataRecv time since data was last received
 * @param lastAckRecv time since an acknowledgement was last received
 * @param pmtu path MTU (Linux)
 * @param rcvSsthresh limit of the window that we announce (Linux)
 * @param rtt smoothed round-trip time
 * @param rttVar variation of the round-trip time
 * @param rttLatest the round-trip time measured last (macOS)
 * @param minRtt least round-trip time seen
 * @param sndSsthresh slow-start threshold; a huge number until there was a loss
 * @param sndCwnd congestion window
 * @param sndWnd window that the peer announces
 * @param advMss largest segment that we announced (Linux)
 * @param reordering distance of segments out of order that is not yet a loss (Linux)
 * @param rcvRtt round-trip time by what is received, 0 if not measured (Linux)
 * @param rcvSpace room for received data: on Linux what its tuning reckons with, on the BSDs the window that we
 *     announce
 * @param rcvWnd window that we announce, where that is another member than rcvSpace (Linux 6.2, macOS)
 * @param totalRetrans retransmitted since the start
 * @param pacingRate pacing; all bits set is no limit (Linux)
 * @param maxPacingRate limit of pacing; all bits set is none (Linux)
 * @param bytesAcked acknowledged by the peer (Linux)
 * @param bytesReceived received
 * @param bytesSent sent, retransmissions included
 * @param bytesRetrans retransmitted
 * @param segsOut sent, retransmissions included
 * @param segsIn received
 * @param dataSegsIn received with data (Linux)
 * @param dataSegsOut sent with data (Linux)
 * @param notSentBytes in the send buffer and never sent (Linux)
 * @param sndBufferBytes in the send buffer, sent or not (macOS)
 * @param deliveryRate the goodput measured last (Linux)
 * @param busyTime time with data in flight or to send (Linux)
 * @param rwndLimited part of it held up by the peer's window (Linux)
 * @param sndbufLimited part of it held up by the send buffer (Linux)
 * @param delivered that arrived, retransmissions included (Linux)
 * @param deliveredCe of those, acknowledged with a congestion mark (Linux)
 * @param dsackDups duplicates that the peer reported (Linux)
 * @param reordSeen times that segments arrived out of order (Linux)
 * @param rcvOooPack received out of order
 * @param rcvOooBytes received out of order (macOS)
 * @param sndZeroWin times that the window announced was 0 (BSD)
 * @param sndNxt next sequence number to send (BSD)
 * @param rcvNxt next sequence number to receive (BSD)
 */
public record TcpInfoLayout(
        int option,
        int size,
        Field state,
        Field caState,
        Field retransmits,
        Field probes,
        Field backoff,
        Field options,
        Field sndWscale,
        Field rcvWscale,
        Field rto,
        Field ato,
        Field sndMss,
        Field rcvMss,
        Field unacked,
        Field sacked,
        Field lost,
        Field retrans,
        Field lastDataSent,
        Field lastAckSent,
        Field lastDataRecv,
        Field lastAckRecv,
        Field pmtu,
        Field rcvSsthresh,
        Field rtt,
        Field rttVar,
        Field rttLatest,
        Field minRtt,
        Field sndSsthresh,
        Field sndCwnd,
        Field sndWnd,
        Field advMss,
        Field reordering,
        Field rcvRtt,
        Field rcvSpace,
        Field rcvWnd,
        Field totalRetrans,
        Field pacingRate,
        Field maxPacingRate,
        Field bytesAcked,
        Field bytesReceived,
        Field bytesSent,
        Field bytesRetrans,
        Field segsOut,
        Field segsIn,
        Field dataSegsIn,
        Field dataSegsOut,
        Field notSentBytes,
        Field sndBufferBytes,
        Field deliveryRate,
        Field busyTime,
        Field rwndLimited,
        Field sndbufLimited,
        Field delivered,
        Field deliveredCe,
        Field dsackDups,
        Field reordSeen,
        Field rcvOooPack,
        Field rcvOooBytes,
        Field sndZeroWin,
        Field sndNxt,
        Field rcvNxt) {}
