// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.AcceptFilterCodec;
import io.github.kqueueffm.internal.socket.KnownOptions;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a TCP server channel. Any thread.
 *
 * <p>It takes the options of connections as well: TCP_NODELAY, SO_KEEPALIVE, SO_SNDBUF, SO_LINGER, IP_TOS and the keep-alive
 * times. Accepted connections start with most of what the listening socket has (what exactly differs between systems), so
 * {@code bootstrap.option(SO_KEEPALIVE, true)} beside {@code bootstrap.childOption(SO_KEEPALIVE, true)} makes the second
 * one cost no system call.
 *
 * <p>TCP_NODELAY is on for accepted connections unless it is turned off here or for the connection.
 */
public class KQueueServerSocketChannelConfig extends KQueueServerChannelConfig {

    /** What was set before the socket listened, and still holds. Guarded by {@link #lock}. */
    private final Map<SocketOption, Integer> chosen = new EnumMap<>(SocketOption.class);

    /** An option was set by number, so that any may have changed. Guarded by {@link #lock}. */
    private boolean setByNumber;

    /** Set before the socket listens, which it has to for the kernel to take it. Guarded by {@link #lock}. */
    private @Nullable AcceptFilter pendingFilter;

    private final KnownOptions childOptions = new KnownOptions();

    KQueueServerSocketChannelConfig(KQueueServerSocketChannel channel) {
        super(channel, SocketOptionNames.LISTENER);
        setReuseAddress(true);
    }

    /** What accepted connections have from this channel; one object for all of them. */
    final KnownOptions childOptions() {
        return childOptions;
    }

    @Override
    final void prepareForAccept() throws IOException {
        synchronized (lock) {
            boolean asked = chosen.containsKey(SocketOption.TCP_NODELAY) || setByNumber;
            if (!asked && SocketOption.TCP_NODELAY.isInherited(platform())) {
                // Once here instead of once for each connection.
                socket().setOption(SocketOption.TCP_NODELAY, 1);
                chosen.put(SocketOption.TCP_NODELAY, 1);
            }
            childOptions.capture(socket(), chosen);
        }
    }

    @Override
    final void afterListen() throws IOException {
        synchronized (lock) {
            super.afterListen();
            if (pendingFilter != null) {
                apply(pendingFilter);
            }
        }
    }

    @Override
    final void set(SocketOption option, int value) {
        synchronized (lock) {
            chosen.remove(option);
            childOptions.forget(option);
            super.set(option, value);
            chosen.put(option, value);
            if (option == SocketOption.TCP_NODELAY) {
                childOptions.setNoDelay(value != 0);
            }
        }
    }

    @Override
    final void setRaw(int level, int name, ByteBuffer value) {
        synchronized (lock) {
            setByNumber = true;
            chosen.clear();
            childOptions.forgetAll();
            super.setRaw(level, name, value);
        }
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        Map<ChannelOption<?>, Object> options = super.getOptions();
        return AcceptFilterCodec.isSupported(platform())
                ? getOptions(options, KQueueChannelOption.SO_ACCEPTFILTER)
                : options;
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == KQueueChannelOption.SO_ACCEPTFILTER) {
            return (T) getAcceptFilter();
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == KQueueChannelOption.SO_ACCEPTFILTER) {
            setAcceptFilter((AcceptFilter) value);
            return true;
        }
        return super.setOption(option, value);
    }

    /** Whether other sockets may be bound to the same address, each taking some of its connections. */
    public boolean isReusePort() {
        return get(SocketOption.SO_REUSEPORT) != 0;
    }

    /**
     * Lets several sockets be bound to one address. Linux spreads connections over them; on the BSDs the last one gets them.
     */
    public KQueueServerSocketChannelConfig setReusePort(boolean reusePort) {
        set(SocketOption.SO_REUSEPORT, reusePort ? 1 : 0);
        return this;
    }

    /**
     * The kernel's filter, or the one to be set when the channel is bound.
     *
     * @return an empty one where there is none, and on platforms without accept filters
     */
    public AcceptFilter getAcceptFilter() {
        if (!AcceptFilterCodec.isSupported(platform())) {
            return AcceptFilter.PLATFORM_UNSUPPORTED;
        }
        synchronized (lock) {
            if (!isListening()) {
                return pendingFilter == null ? AcceptFilter.NONE : pendingFilter;
            }
        }
        try {
            AcceptFilter filter = new AcceptFilterCodec(platform()).get(socket());
            return filter == null ? AcceptFilter.NONE : filter;
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    /**
     * Sets the kernel's filter, at once or as soon as the channel is bound.
     *
     * @throws UnsupportedOperationException if the platform has no accept filters
     * @throws IllegalArgumentException if its name or arguments are too long
     */
    public KQueueServerSocketChannelConfig setAcceptFilter(AcceptFilter filter) {
        AcceptFilterCodec codec = new AcceptFilterCodec(platform());
        codec.check(filter);
        synchronized (lock) {
            pendingFilter = filter;
            if (isListening()) {
                try {
                    apply(filter);
                } catch (IOException e) {
                    throw new ChannelException(e);
                }
            }
        }
        return this;
    }

    private void apply(AcceptFilter filter) throws IOException {
        new AcceptFilterCodec(platform()).set(socket(), filter);
    }

    @Override
    public KQueueServerSocketChannelConfig setReuseAddress(boolean reuseAddress) {
        super.setReuseAddress(reuseAddress);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setReceiveBufferSize(int receiveBufferSize) {
        super.setReceiveBufferSize(receiveBufferSize);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setBacklog(int backlog) {
        super.setBacklog(backlog);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setTcpFastOpen(boolean fastOpen) {
        super.setTcpFastOpen(fastOpen);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        super.setPerformancePreferences(connectionTime, latency, bandwidth);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerSocketChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerSocketChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public KQueueServerSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerSocketChannelConfig setRcvAllocTransportProvidesGuess(boolean transportProvidesGuess) {
        super.setRcvAllocTransportProvidesGuess(transportProvidesGuess);
        return this;
    }
}
