// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.channel.GatherBudget;
import io.github.kqueueffm.internal.socket.GatheringLimit;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.channel.unix.DomainSocketChannelConfig;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.internal.ObjectUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** The configuration of a connection of the UNIX domain. Any thread. */
public final class KQueueDomainSocketChannelConfig extends KQueueChannelConfig
        implements DomainSocketChannelConfig, DuplexChannelConfig {

    private final GatheringLimit gatheringLimit;

    private volatile DomainSocketReadMode readMode = DomainSocketReadMode.BYTES;
    private volatile boolean allowHalfClosure;

    KQueueDomainSocketChannelConfig(KQueueDomainSocketChannel channel) {
        super(channel, SocketOptionNames.UNIX);
        gatheringLimit = new GatheringLimit(platform());
    }

    GatherBudget gatherBudget() {
        return new GatherBudget() {
            @Override
            public long maxBytesPerGatheringWrite() throws IOException {
                return gatheringLimit.bytes(socket(), null);
            }

            @Override
            public void gathered(long attempted, long written) {
                gatheringLimit.adjust(attempted, written);
            }
        };
    }

    @Override
    void set(SocketOption option, int value) {
        super.set(option, value);
        gatheringLimit.reset();
    }

    @Override
    void setRaw(int level, int name, ByteBuffer value) {
        super.setRaw(level, name, value);
        gatheringLimit.reset();
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                super.getOptions(), UnixChannelOption.DOMAIN_SOCKET_READ_MODE, ChannelOption.ALLOW_HALF_CLOSURE);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == UnixChannelOption.DOMAIN_SOCKET_READ_MODE) {
            return (T) getReadMode();
        }
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            return (T) Boolean.valueOf(isAllowHalfClosure());
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == UnixChannelOption.DOMAIN_SOCKET_READ_MODE) {
            setReadMode((DomainSocketReadMode) value);
        } else if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            setAllowHalfClosure((Boolean) value);
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    @Override
    public DomainSocketReadMode getReadMode() {
        return readMode;
    }

    /**
     * {@inheritDoc}
     *
     * @param mode takes effect with the next read, also from a handler that was just given a message: what follows that one in
     *     the stream is read in the new mode
     */
    @Override
    public KQueueDomainSocketChannelConfig setReadMode(DomainSocketReadMode mode) {
        readMode = ObjectUtil.checkNotNull(mode, "mode");
        return this;
    }

    /** Bytes. */
    public int getSendBufferSize() {
        return get(SocketOption.SO_SNDBUF);
    }

    /** Bytes; Linux doubles it (socket(7)). */
    public KQueueDomainSocketChannelConfig setSendBufferSize(int sendBufferSize) {
        set(SocketOption.SO_SNDBUF, sendBufferSize);
        return this;
    }

    /** Bytes. */
    public int getReceiveBufferSize() {
        return get(SocketOption.SO_RCVBUF);
    }

    /** Bytes; Linux doubles it, and makes no use of it for sockets of the UNIX domain (unix(7)). */
    public KQueueDomainSocketChannelConfig setReceiveBufferSize(int receiveBufferSize) {
        set(SocketOption.SO_RCVBUF, receiveBufferSize);
        return this;
    }

    @Override
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public KQueueDomainSocketChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
        this.allowHalfClosure = allowHalfClosure;
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDomainSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDomainSocketChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDomainSocketChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public KQueueDomainSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDomainSocketChannelConfig setRcvAllocTransportProvidesGuess(boolean transportProvidesGuess) {
        super.setRcvAllocTransportProvidesGuess(transportProvidesGuess);
        return this;
    }
}
