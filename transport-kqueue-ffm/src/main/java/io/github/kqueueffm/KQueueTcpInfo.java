// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.Field;
import io.github.kqueueffm.internal.platform.FieldUnit;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.TcpInfoLayout;
import io.github.kqueueffm.internal.socket.NativeSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel tells of a TCP connection: TCP_INFO, on macOS TCP_CONNECTION_INFO, at the moment of {@link
 * KQueueSocketChannel#tcpInfo()}. A value that the system does not tell, or not in this release, is -1. The names are those
 * that Netty's epoll transport has, and so are the units on every system.
 *
 * <p>DragonFly tells nothing of this. OpenBSD tells many values to root only, and to others 0. Not thread-safe.
 */
public final class KQueueTcpInfo {

    /** The answer for what is not told. */
    private static final long UNKNOWN = -1;

    private static final int MICROS_PER_MILLI = 1000;

    private @Nullable Platform platform;
    private ByteBuffer answer = ByteBuffer.allocate(0);

    /** Where nothing is known yet; for {@link KQueueSocketChannel#tcpInfo(KQueueTcpInfo)}. */
    public KQueueTcpInfo() {}

    /** Asks the kernel. */
    void read(NativeSocket socket) throws IOException {
        Platform asked = socket.binding().platform();
        TcpInfoLayout layout = asked.tcpInfo();
        if (!Platform.has(layout.option())) {
            throw new UnsupportedOperationException("TCP_INFO is not available on " + asked.id());
        }
        ByteBuffer into = answer;
        if (into.capacity() != layout.size()) {
            into = ByteBuffer.allocate(layout.size()).order(ByteOrder.nativeOrder());
        }
        socket.rawOption(asked.socket().IPPROTO_TCP(), layout.option(), into.clear());
        // Its limit is what this kernel knows of the struct.
        answer = into.flip();
        platform = asked;
    }

    private Field field(Function<TcpInfoLayout, Field> of) {
        Platform asked = platform;
        return asked == null ? Field.NONE : of.apply(asked.tcpInfo());
    }

    private long value(Function<TcpInfoLayout, Field> of) {
        return value(field(of));
    }

    private long value(Field field) {
        if (!field.exists() || field.end() > answer.limit()) {
            return UNKNOWN;
        }
        int offset = field.offset();
        return switch (field.size()) {
            case 1 -> nibble(field.unit(), Byte.toUnsignedInt(answer.get(offset)));
            case 2 -> Short.toUnsignedInt(answer.getShort(offset));
            case 4 -> Integer.toUnsignedLong(answer.getInt(offset));
            // All bits set is how Linux says that a rate has no limit; no count gets as far.
            default -> answer.getLong(offset) < 0 ? Long.MAX_VALUE : answer.getLong(offset);
        };
    }

    private static int nibble(FieldUnit unit, int bits) {
        return switch (unit) {
            case LOW_NIBBLE -> bits & 0xF;
            case HIGH_NIBBLE -> bits >> 4;
            default -> bits;
        };
    }

    private long micros(Function<TcpInfoLayout, Field> of) {
        Field field = field(of);
        long time = value(field);
        return time > 0 && field.unit() == FieldUnit.MILLISECONDS ? time * MICROS_PER_MILLI : time;
    }

    private long millis(Function<TcpInfoLayout, Field> of) {
        Field field = field(of);
        long time = value(field);
        return time > 0 && field.unit() == FieldUnit.MICROSECONDS ? time / MICROS_PER_MILLI : time;
    }

    private long bytes(Function<TcpInfoLayout, Field> of) {
        Field field = field(of);
        long count = value(field);
        if (count < 0 || field.unit() == FieldUnit.BYTES) {
            return count;
        }
        return sndMss() < 0 ? UNKNOWN : count * sndMss();
    }

    private long segments(Function<TcpInfoLayout, Field> of) {
        Field field = field(of);
        long count = value(field);
        if (count < 0 || field.unit() == FieldUnit.SEGMENTS) {
            return count;
        }
        return sndMss() <= 0 ? UNKNOWN : count / sndMss();
    }

    /** The state of the connection by the system's own numbers, which differ: see {@link #stateName}. */
    public int state() {
        return (int) value(TcpInfoLayout::state);
    }

    /** The state of the connection as RFC 9293 names it, such as {@code ESTABLISHED}; {@code null} if it is not known. */
    public @Nullable String stateName() {
        Platform asked = platform;
        int state = state();
        return asked == null || state < 0 ? null : asked.tcpStates().name(state);
    }

    /** Congestion control: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss. Linux. */
    public int caState() {
        return (int) value(TcpInfoLayout::caState);
    }

    /** Retransmissions of the segment that waits for its acknowledgement. Linux. */
    public int retransmits() {
        return (int) value(TcpInfoLayout::retransmits);
    }

    /** Unanswered window and keep-alive probes. Linux. */
    public int probes() {
        return (int) value(TcpInfoLayout::probes);
    }

    /** Doublings of the retransmission timeout. Linux. */
    public int backoff() {
        return (int) value(TcpInfoLayout::backoff);
    }

    /** Negotiated options: 1 timestamps, 2 SACK, 4 window scaling, 8 ECN; higher bits are the system's own. */
    public int options() {
        return (int) value(TcpInfoLayout::options);
    }

    /** Shift of the window that the peer announces, 0 to 14. */
    public int sndWscale() {
        return (int) value(TcpInfoLayout::sndWscale);
    }

    /** Shift of the window that this side announces, 0 to 14. */
    public int rcvWscale() {
        return (int) value(TcpInfoLayout::rcvWscale);
    }

    /** Retransmission timeout, microseconds. */
    public long rto() {
        return micros(TcpInfoLayout::rto);
    }

    /** Timeout of delayed acknowledgements, microseconds. Linux. */
    public long ato() {
        return micros(TcpInfoLayout::ato);
    }

    /** Largest segment that is sent, bytes. */
    public long sndMss() {
        return value(TcpInfoLayout::sndMss);
    }

    /** Largest segment that is expected, bytes; the BSDs repeat {@link #sndMss}. */
    public long rcvMss() {
        return value(TcpInfoLayout::rcvMss);
    }

    /** Segments sent and not acknowledged; of a listening socket the connections that wait. Linux. */
    public long unacked() {
        return value(TcpInfoLayout::unacked);
    }

    /** Segments acknowledged selectively; of a listening socket its backlog limit. Linux. */
    public long sacked() {
        return value(TcpInfoLayout::sacked);
    }

    /** Segments taken for lost. Linux. */
    public long lost() {
        return value(TcpInfoLayout::lost);
    }

    /** Segments retransmitted and not acknowledged. Linux. */
    public long retrans() {
        return value(TcpInfoLayout::retrans);
    }

    /**
     * Always -1: Linux keeps a place for it, and has put nothing there since 4.15.
     *
     * @deprecated for programs that were written for Netty's epoll transport
     */
    @Deprecated
    public long fackets() {
        return UNKNOWN;
    }

    /** Time since data was last sent, milliseconds. */
    public long lastDataSent() {
        return millis(TcpInfoLayout::lastDataSent);
    }

    /** Time since an acknowledgement was last sent, milliseconds. OpenBSD. */
    public long lastAckSent() {
        return millis(TcpInfoLayout::lastAckSent);
    }

    /** Time since data was last received, milliseconds. */
    public long lastDataRecv() {
        return millis(TcpInfoLayout::lastDataRecv);
    }

    /** Time since an acknowledgement was last received, milliseconds. */
    public long lastAckRecv() {
        return millis(TcpInfoLayout::lastAckRecv);
    }

    /** Path MTU, bytes. Linux. */
    public long pmtu() {
        return value(TcpInfoLayout::pmtu);
    }

    /** Limit of the window that this side announces, bytes. Linux. */
    public long rcvSsthresh() {
        return value(TcpInfoLayout::rcvSsthresh);
    }

    /** Smoothed round-trip time, microseconds. */
    public long rtt() {
        return micros(TcpInfoLayout::rtt);
    }

    /** Variation of the round-trip time, microseconds. */
    public long rttvar() {
        return micros(TcpInfoLayout::rttVar);
    }

    /** The round-trip time measured last, microseconds. macOS. */
    public long rttLatest() {
        return micros(TcpInfoLayout::rttLatest);
    }

    /** Least round-trip time seen, microseconds. */
    public long minRtt() {
        return micros(TcpInfoLayout::minRtt);
    }

    /** Slow-start threshold, segments: divided by {@link #sndMss} where the system counts bytes. Huge until there was a loss. */
    public long sndSsthresh() {
        return segments(TcpInfoLayout::sndSsthresh);
    }

    /** Slow-start threshold, bytes: times {@link #sndMss} where the system counts segments. Huge until there was a loss. */
    public long sndSsthreshBytes() {
        return bytes(TcpInfoLayout::sndSsthresh);
    }

    /** Congestion window, segments: divided by {@link #sndMss} where the system counts bytes. */
    public long sndCwnd() {
        return segments(TcpInfoLayout::sndCwnd);
    }

    /** Congestion window, bytes: times {@link #sndMss} where the system counts segments. */
    public long sndCwndBytes() {
        return bytes(TcpInfoLayout::sndCwnd);
    }

    /** Window that the peer announces, bytes: times {@link #sndMss} where the system counts segments (NetBSD). Not on Linux before 5.4. */
    public long sndWnd() {
        return bytes(TcpInfoLayout::sndWnd);
    }

    /** Largest segment that was announced to the peer, bytes. Linux. */
    public long advmss() {
        return value(TcpInfoLayout::advMss);
    }

    /** Distance of segments out of order that does not count as a loss. Linux. */
    public long reordering() {
        return value(TcpInfoLayout::reordering);
    }

    /** Round-trip time by what is received, microseconds; 0 if not measured. Linux. */
    public long rcvRtt() {
        return micros(TcpInfoLayout::rcvRtt);
    }

    /** Room for received data, bytes: on Linux what its tuning reckons with, on the BSDs the window announced. */
    public long rcvSpace() {
        return value(TcpInfoLayout::rcvSpace);
    }

    /** Window that this side announces, bytes. Linux from 6.2 on, macOS. */
    public long rcvWnd() {
        return value(TcpInfoLayout::rcvWnd);
    }

    /** Segments retransmitted since the start. */
    public long totalRetrans() {
        return value(TcpInfoLayout::totalRetrans);
    }

    /** Pacing, bytes per second; {@link Long#MAX_VALUE} for none. Linux. */
    public long pacingRate() {
        return value(TcpInfoLayout::pacingRate);
    }

    /** Limit of pacing, bytes per second; {@link Long#MAX_VALUE} for none. Linux. */
    public long maxPacingRate() {
        return value(TcpInfoLayout::maxPacingRate);
    }

    /** Bytes acknowledged by the peer since the start, SYN included. Linux. */
    public long bytesAcked() {
        return value(TcpInfoLayout::bytesAcked);
    }

    /** Bytes received since the start. */
    public long bytesReceived() {
        return value(TcpInfoLayout::bytesReceived);
    }

    /** Bytes sent since the start, retransmissions included. Not on Linux before 4.19. */
    public long bytesSent() {
        return value(TcpInfoLayout::bytesSent);
    }

    /** Bytes retransmitted since the start. Not on Linux before 4.19. */
    public long bytesRetrans() {
        return value(TcpInfoLayout::bytesRetrans);
    }

    /** Segments sent since the start, retransmissions included. */
    public long segsOut() {
        return value(TcpInfoLayout::segsOut);
    }

    /** Segments received since the start. */
    public long segsIn() {
        return value(TcpInfoLayout::segsIn);
    }

    /** Segments received with data. Linux. */
    public long dataSegsIn() {
        return value(TcpInfoLayout::dataSegsIn);
    }

    /** Segments sent with data. Linux. */
    public long dataSegsOut() {
        return value(TcpInfoLayout::dataSegsOut);
    }

    /** Bytes in the send buffer that were never sent. Linux. */
    public long notSentBytes() {
        return value(TcpInfoLayout::notSentBytes);
    }

    /** Bytes in the send buffer, sent or not. macOS, OpenBSD. */
    public long sndBufferBytes() {
        return value(TcpInfoLayout::sndBufferBytes);
    }

    /** The goodput measured last, bytes per second. Linux. */
    public long deliveryRate() {
        return value(TcpInfoLayout::deliveryRate);
    }

    /** Time with data in flight or to send, microseconds. Linux. */
    public long busyTime() {
        return micros(TcpInfoLayout::busyTime);
    }

    /** Part of {@link #busyTime} held up by the peer's window, microseconds. Linux. */
    public long rwndLimited() {
        return micros(TcpInfoLayout::rwndLimited);
    }

    /** Part of {@link #busyTime} held up by the send buffer, microseconds. Linux. */
    public long sndbufLimited() {
        return micros(TcpInfoLayout::sndbufLimited);
    }

    /** Segments that arrived, retransmissions included. Linux. */
    public long delivered() {
        return value(TcpInfoLayout::delivered);
    }

    /** Segments that arrived and were acknowledged with a congestion mark. Linux. */
    public long deliveredCe() {
        return value(TcpInfoLayout::deliveredCe);
    }

    /** Duplicates that the peer reported. Linux. */
    public long dsackDups() {
        return value(TcpInfoLayout::dsackDups);
    }

    /** Times that segments arrived out of order at the peer. Linux. */
    public long reordSeen() {
        return value(TcpInfoLayout::reordSeen);
    }

    /** Segments received out of order. */
    public long rcvOooPack() {
        return value(TcpInfoLayout::rcvOooPack);
    }

    /** Bytes received out of order. macOS. */
    public long rcvOooBytes() {
        return value(TcpInfoLayout::rcvOooBytes);
    }

    /** Times that the window announced was 0. BSD. */
    public long sndZeroWin() {
        return value(TcpInfoLayout::sndZeroWin);
    }

    /** Next sequence number to send. BSD. */
    public long sndNxt() {
        return value(TcpInfoLayout::sndNxt);
    }

    /** Next sequence number to receive. BSD. */
    public long rcvNxt() {
        return value(TcpInfoLayout::rcvNxt);
    }

    /** The state and the round-trip time, for a log. */
    @Override
    public String toString() {
        return "KQueueTcpInfo(" + stateName() + ", rtt " + rtt() + " us)";
    }
}
