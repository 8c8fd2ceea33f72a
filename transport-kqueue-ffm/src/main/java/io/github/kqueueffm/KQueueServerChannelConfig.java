// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.Errno;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.NetUtil;
import io.netty.util.internal.ObjectUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.util.Map;

/** The configuration of a channel that accepts connections. Any thread. */
public class KQueueServerChannelConfig extends KQueueChannelConfig implements ServerSocketChannelConfig {

    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(KQueueServerChannelConfig.class);

    private volatile int backlog = NetUtil.SOMAXCONN;
    private volatile int tcpFastOpen;

    /** Guards the options that are kept until the socket listens. */
    final Object lock = new Object();

    private boolean listening;

    KQueueServerChannelConfig(AbstractKQueueChannel channel) {
        this(channel, SocketOptionNames.SERVER);
    }

    KQueueServerChannelConfig(AbstractKQueueChannel channel, SocketOptionNames names) {
        super(channel, new ServerChannelRecvByteBufAllocator(), names);
    }

    /** To be called right before listen(2). */
    void prepareForAccept() throws IOException {}

    /** To be called right after listen(2). */
    void afterListen() throws IOException {
        synchronized (lock) {
            listening = true;
            if (tcpFastOpen != 0) {
                setFastOpenOfListener();
            }
        }
    }

    private void setFastOpenOfListener() throws IOException {
        try {
            socket().setOption(SocketOption.TCP_FASTOPEN, kernelFastOpen(tcpFastOpen));
        } catch (KQueueIoException e) {
            Errno errno = platform().errno();
            // An administrator has turned it off: EPERM on FreeBSD, ENOTSUP on macOS (EOPNOTSUPP in its kernel). Linux
            // accepts connections without in that case, and so it is here.
            if (e.errno() != errno.EPERM() && e.errno() != errno.ENOTSUP() && e.errno() != errno.EOPNOTSUPP()) {
                throw e;
            }
            LOGGER.debug("{} listens without TCP Fast Open", channel, e);
        }
    }

    private int kernelFastOpen(int value) {
        return platform().traits().fastOpenTakesQueueLength() ? value : Math.min(value, 1);
    }

    /** Whether {@link #afterListen} was called. The caller holds {@link #lock}. */
    final boolean isListening() {
        return listening;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        Map<ChannelOption<?>, Object> options = getOptions(super.getOptions(), ChannelOption.SO_BACKLOG);
        return SocketOption.TCP_FASTOPEN.isSupported(platform())
                ? getOptions(options, ChannelOption.TCP_FASTOPEN)
                : options;
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == ChannelOption.SO_BACKLOG) {
            return (T) Integer.valueOf(getBacklog());
        }
        if (option == ChannelOption.TCP_FASTOPEN) {
            return (T) Integer.valueOf(tcpFastOpen);
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ChannelOption.SO_BACKLOG) {
            setBacklog((Integer) value);
        } else if (option == ChannelOption.TCP_FASTOPEN) {
            if (!SocketOption.TCP_FASTOPEN.isSupported(platform())) {
                // Unknown, as it is to NIO everywhere: a bootstrap that sets it for the systems that have it binds here
                // too.
                return false;
            }
            setTcpFastOpenValue((Integer) value);
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    @Override
    public boolean isReuseAddress() {
        return get(SocketOption.SO_REUSEADDR) != 0;
    }

    @Override
    public KQueueServerChannelConfig setReuseAddress(boolean reuseAddress) {
        set(SocketOption.SO_REUSEADDR, reuseAddress ? 1 : 0);
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return get(SocketOption.SO_RCVBUF);
    }

    @Override
    public KQueueServerChannelConfig setReceiveBufferSize(int receiveBufferSize) {
        set(SocketOption.SO_RCVBUF, receiveBufferSize);
        return this;
    }

    @Override
    public int getBacklog() {
        return backlog;
    }

    /**
     * {@inheritDoc}
     *
     * @param backlog takes effect with the next bind; the kernel has a limit of its own
     */
    @Override
    public KQueueServerChannelConfig setBacklog(int backlog) {
        this.backlog = ObjectUtil.checkPositiveOrZero(backlog, "backlog");
        return this;
    }

    /** Whether connections that carry data in their first segment are accepted (TCP Fast Open). */
    public boolean isTcpFastOpen() {
        return tcpFastOpen != 0;
    }

    /**
     * Accepts data in the first segment of a connection, from clients that have been here before (TCP Fast Open, RFC 7413).
     * Where the system has it turned off ({@link KQueue#isTcpFastOpenServerSideAvailable}) connections are accepted without.
     * Such data may be delivered twice, RFC 7413, section 2.1.
     *
     * @throws UnsupportedOperationException if the platform has no TCP Fast Open
     */
    public KQueueServerChannelConfig setTcpFastOpen(boolean fastOpen) {
        // On Linux the value is the number of such connections that may wait to be finished.
        setTcpFastOpenValue(fastOpen ? Math.max(backlog, 1) : 0);
        return this;
    }

    private void setTcpFastOpenValue(int value) {
        ObjectUtil.checkPositiveOrZero(value, "value");
        Platform platform = platform();
        if (!SocketOption.TCP_FASTOPEN.isSupported(platform)) {
            throw new UnsupportedOperationException("TCP_FASTOPEN is not available on " + platform.id());
        }
        synchronized (lock) {
            tcpFastOpen = value;
            // macOS takes it from listening sockets only.
            if (listening) {
                set(SocketOption.TCP_FASTOPEN, kernelFastOpen(value));
            }
        }
    }

    /** Does nothing: no socket has such a thing. */
    @Override
    public KQueueServerChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }

    @Override
    public KQueueServerChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public KQueueServerChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public KQueueServerChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public KQueueServerChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public KQueueServerChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public KQueueServerChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public KQueueServerChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public KQueueServerChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    @Deprecated
    public KQueueServerChannelConfig setRcvAllocTransportProvidesGuess(boolean transportProvidesGuess) {
        super.setRcvAllocTransportProvidesGuess(transportProvidesGuess);
        return this;
    }
}
