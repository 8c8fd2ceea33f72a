// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.GatheringLimit;
import io.github.kqueueffm.internal.socket.KnownOptions;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a TCP connection. Any thread.
 *
 * <p>TCP_NODELAY is on by default. Setting an option to what the connection is known to have from its listening socket makes
 * no system call.
 */
public final class KQueueSocketChannelConfig extends KQueueChannelConfig implements SocketChannelConfig {

    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(KQueueSocketChannelConfig.class);

    private static final AtomicIntegerFieldUpdater<KQueueSocketChannelConfig> CHANGED =
            AtomicIntegerFieldUpdater.newUpdater(KQueueSocketChannelConfig.class, "changed");

    private static final int ALL = -1;

    private final GatheringLimit gatheringLimit;

    /** What the connection has from its listener, {@code null} for one that was not accepted. */
    private @Nullable KnownOptions inherited;

    /** The options that {@link #inherited} says nothing of any more ({@link KnownOptions#bit}). */
    private volatile int changed = ALL;

    /** The send buffer's size was set on this connection itself. */
    private volatile boolean ownSendBuffer;

    /** TCP_NODELAY is on since this connection was made, and nothing has changed it. */
    private volatile boolean noDelayFromStart;

    private volatile boolean allowHalfClosure;
    private volatile boolean tcpFastOpenConnect;

    KQueueSocketChannelConfig(KQueueSocketChannel channel) {
        super(channel, SocketOptionNames.CONNECTION);
        gatheringLimit = new GatheringLimit(platform());
    }

    /** Defaults of a socket that was made here. Once, before the channel is given to anybody. */
    void startAsClient() {
        noDelayFromStart = prefer(SocketOption.TCP_NODELAY, 1);
    }

    /**
     * Defaults of an accepted socket. Once, after accept(2) and before the channel is given to anybody.
     *
     * @param listener of the channel that accepted it
     */
    void startAsAccepted(KQueueServerSocketChannelConfig listener) {
        KnownOptions options = listener.childOptions();
        inherited = options;
        changed = ~options.known();
        prefer(SocketOption.TCP_NODELAY, options.isNoDelay() ? 1 : 0);
    }

    /** Sets a default, if the system lets it. */
    private boolean prefer(SocketOption option, int value) {
        try {
            set(option, value);
            return true;
        } catch (ChannelException e) {
            // Nobody has asked for it. macOS answers EINVAL when the peer has reset the connection already
            // (envoyproxy/envoy#1446),
            // which the first read or write will tell in the proper place.
            LOGGER.debug("{} cannot set {}", channel, option, e);
            return false;
        }
    }

    @Override
    void set(SocketOption option, int value) {
        if (isInherited(option, value) || isFromStart(option, value)) {
            return;
        }
        // Before the call: from then on the old value may be gone.
        forget(KnownOptions.bit(option));
        super.set(option, value);
        if (option == SocketOption.SO_SNDBUF) {
            ownSendBuffer = true;
            gatheringLimit.reset();
        }
    }

    @Override
    void setRaw(int level, int name, ByteBuffer value) {
        forget(ALL);
        super.setRaw(level, name, value);
        ownSendBuffer = true;
        gatheringLimit.reset();
    }

    /** Most clients ask for what they have by default, which need not cost a second call. A closed channel must say so. */
    private boolean isFromStart(SocketOption option, int value) {
        return noDelayFromStart && option == SocketOption.TCP_NODELAY && value == 1 && socket().isOpen();
    }

    private boolean isInherited(SocketOption option, int value) {
        KnownOptions known = inherited;
        // A closed channel must say so.
        if (known == null || (changed & KnownOptions.bit(option)) != 0 || !socket().isOpen()) {
            return false;
        }
        try {
            return known.has(option, value, socket());
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    private void forget(int bits) {
        CHANGED.accumulateAndGet(this, bits, (before, more) -> before | more);
        if ((bits & KnownOptions.bit(SocketOption.TCP_NODELAY)) != 0) {
            noDelayFromStart = false;
        }
    }

    /** How much to gather into one write, bytes. Event loop's thread. */
    long maxBytesPerGatheringWrite() throws IOException {
        return gatheringLimit.bytes(socket(), ownSendBuffer ? null : inherited);
    }

    /** Learns from a gathering write of {@code attempted} bytes of which the kernel took {@code written}. Event loop's thread. */
    void adjustMaxBytesPerGatheringWrite(long attempted, long written) {
        gatheringLimit.adjust(attempted, written);
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.ALLOW_HALF_CLOSURE, ChannelOption.TCP_FASTOPEN_CONNECT);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            return (T) Boolean.valueOf(isAllowHalfClosure());
        }
        if (option == ChannelOption.TCP_FASTOPEN_CONNECT) {
            return (T) Boolean.valueOf(isTcpFastOpenConnect());
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            setAllowHalfClosure((Boolean) value);
            return true;
        }
        if (option == ChannelOption.TCP_FASTOPEN_CONNECT) {
            setTcpFastOpenConnect((Boolean) value);
            return true;
        }
        return super.setOption(option, value);
    }

    @Override
    public int getReceiveBufferSize() {
        return get(SocketOption.SO_RCVBUF);
    }

    @Override
    public KQueueSocketChannelConfig setReceiveBufferSize(int receiveBufferSize) {
        set(SocketOption.SO_RCVBUF, receiveBufferSize);
        return this;
    }

    @Override
    public int getSendBufferSize() {
        return get(SocketOption.SO_SNDBUF);
    }

    @Override
    public KQueueSocketChannelConfig setSendBufferSize(int sendBufferSize) {
        set(SocketOption.SO_SNDBUF, sendBufferSize);
        return this;
    }

    @Override
    public int getSoLinger() {
        return get(SocketOption.SO_LINGER);
    }

    @Override
    public KQueueSocketChannelConfig setSoLinger(int soLinger) {
        set(SocketOption.SO_LINGER, soLinger);
        return this;
    }

    @Override
    public int getTrafficClass() {
        return get(SocketOption.IP_TOS);
    }

    @Override
    public KQueueSocketChannelConfig setTrafficClass(int trafficClass) {
        set(SocketOption.IP_TOS, trafficClass);
        return this;
    }

    @Override
    public boolean isKeepAlive() {
        return get(SocketOption.SO_KEEPALIVE) != 0;
    }

    @Override
    public KQueueSocketChannelConfig setKeepAlive(boolean keepAlive) {
        set(SocketOption.SO_KEEPALIVE, keepAlive ? 1 : 0);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return get(SocketOption.SO_REUSEADDR) != 0;
    }

    @Override
    public KQueueSocketChannelConfig setReuseAddress(boolean reuseAddress) {
        set(SocketOption.SO_REUSEADDR, reuseAddress ? 1 : 0);
        return this;
    }

    @Override
    public boolean isTcpNoDelay() {
        return get(SocketOption.TCP_NODELAY) != 0;
    }

    @Override
    public KQueueSocketChannelConfig setTcpNoDelay(boolean tcpNoDelay) {
        set(SocketOption.TCP_NODELAY, tcpNoDelay ? 1 : 0);
        return this;
    }

    /** Bytes of room in the send buffer at which the socket counts as writable. */
    public int getSndLowAt() {
        return get(SocketOption.SO_SNDLOWAT);
    }

    /** Bytes. Linux refuses to set it, with ENOPROTOOPT. */
    public KQueueSocketChannelConfig setSndLowAt(int sndLowAt) {
        set(SocketOption.SO_SNDLOWAT, sndLowAt);
        return this;
    }

    /** Whether partial segments are held back. */
    public boolean isTcpNoPush() {
        return get(SocketOption.TCP_NOPUSH) != 0;
    }

    /** Holds partial segments back, until it is turned off again. */
    public KQueueSocketChannelConfig setTcpNoPush(boolean tcpNoPush) {
        set(SocketOption.TCP_NOPUSH, tcpNoPush ? 1 : 0);
        return this;
    }

    /** Seconds of silence before the first keep-alive probe. */
    public int getTcpKeepIdle() {
        return get(SocketOption.TCP_KEEPIDLE);
    }

    /** Seconds of silence before the first keep-alive probe; at least 1. */
    public KQueueSocketChannelConfig setTcpKeepIdle(int seconds) {
        set(SocketOption.TCP_KEEPIDLE, seconds);
        return this;
    }

    /** Seconds between keep-alive probes. */
    public int getTcpKeepInterval() {
        return get(SocketOption.TCP_KEEPINTVL);
    }

    /** Seconds between keep-alive probes; at least 1. */
    public KQueueSocketChannelConfig setTcpKeepInterval(int seconds) {
        set(SocketOption.TCP_KEEPINTVL, seconds);
        return this;
    }

    /** Number of unanswered keep-alive probes after which the connection is given up. */
    public int getTcpKeepCount() {
        return get(SocketOption.TCP_KEEPCNT);
    }

    /** Number of unanswered keep-alive probes after which the connection is given up; at least 1. */
    public KQueueSocketChannelConfig setTcpKeepCount(int probes) {
        set(SocketOption.TCP_KEEPCNT, probes);
        return this;
    }

    @Override
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public KQueueSocketChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
        this.allowHalfClosure = allowHalfClosure;
        return this;
    }

    /** Whether {@link #setTcpFastOpenConnect} was asked for. */
    public boolean isTcpFastOpenConnect() {
        return tcpFastOpenConnect;
    }

    /**
     * Asks for data that is written before the connect, and not flushed, to go with its first segment (TCP Fast Open, RFC
     * 7413): the first message, if it is a buffer in one piece, as far as the kernel takes it. The rest follows once the
     * connection is there, which flushes all that was written before; writes fail if the connect fails. The server may get
     * such data twice. A wish: where the system has no client side of TCP Fast Open ({@link
     * KQueue#isTcpFastOpenClientSideAvailable}), and for the first connection to a server, the data just follows.
     */
    public KQueueSocketChannelConfig setTcpFastOpenConnect(boolean fastOpenConnect) {
        tcpFastOpenConnect = fastOpenConnect;
        return this;
    }

    /** Does nothing: no socket has such a thing. */
    @Override
    public KQueueSocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public KQueueSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    @Deprecated
    public KQueueSocketChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public KQueueSocketChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public KQueueSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    @Deprecated
    public KQueueSocketChannelConfig setRcvAllocTransportProvidesGuess(boolean transportProvidesGuess) {
        super.setRcvAllocTransportProvidesGuess(transportProvidesGuess);
        return this;
    }
}
