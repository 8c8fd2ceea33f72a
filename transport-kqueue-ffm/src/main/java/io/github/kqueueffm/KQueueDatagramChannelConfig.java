// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.socket.MulticastOptions;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.util.internal.ObjectUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a UDP channel. Any thread.
 *
 * <p>A channel for both IP versions has its multicast options twice. They are set for both where the system lets us; on the BSDs
 * and macOS for IPv6 alone, so use a channel of {@link io.netty.channel.socket.SocketProtocolFamily#INET} for IPv4 groups.
 */
public final class KQueueDatagramChannelConfig extends DatagramConfig implements DatagramChannelConfig {

    private final MulticastOptions multicast;

    KQueueDatagramChannelConfig(KQueueDatagramChannel channel, MulticastOptions multicast) {
        super(channel, SocketOptionNames.DATAGRAM);
        this.multicast = multicast;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                super.getOptions(),
                ChannelOption.IP_MULTICAST_LOOP_DISABLED,
                ChannelOption.IP_MULTICAST_ADDR,
                ChannelOption.IP_MULTICAST_IF,
                ChannelOption.IP_MULTICAST_TTL);
    }

    // Null for an interface that nobody has chosen.
    @SuppressWarnings({"unchecked", "NullAway"})
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == ChannelOption.IP_MULTICAST_LOOP_DISABLED) {
            return (T) Boolean.valueOf(isLoopbackModeDisabled());
        }
        if (option == ChannelOption.IP_MULTICAST_ADDR) {
            return (T) getInterface();
        }
        if (option == ChannelOption.IP_MULTICAST_IF) {
            return (T) getNetworkInterface();
        }
        if (option == ChannelOption.IP_MULTICAST_TTL) {
            return (T) Integer.valueOf(getTimeToLive());
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ChannelOption.IP_MULTICAST_LOOP_DISABLED) {
            setLoopbackModeDisabled((Boolean) value);
        } else if (option == ChannelOption.IP_MULTICAST_ADDR) {
            setInterface((InetAddress) value);
        } else if (option == ChannelOption.IP_MULTICAST_IF) {
            setNetworkInterface((NetworkInterface) value);
        } else if (option == ChannelOption.IP_MULTICAST_TTL) {
            setTimeToLive((Integer) value);
        } else {
            return super.setOption(option, value);
        }
        return true;
    }

    @Override
    public int getSendBufferSize() {
        return get(SocketOption.SO_SNDBUF);
    }

    @Override
    public KQueueDatagramChannelConfig setSendBufferSize(int sendBufferSize) {
        set(SocketOption.SO_SNDBUF, sendBufferSize);
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return get(SocketOption.SO_RCVBUF);
    }

    @Override
    public KQueueDatagramChannelConfig setReceiveBufferSize(int receiveBufferSize) {
        set(SocketOption.SO_RCVBUF, receiveBufferSize);
        return this;
    }

    @Override
    public int getTrafficClass() {
        return get(SocketOption.IP_TOS);
    }

    @Override
    public KQueueDatagramChannelConfig setTrafficClass(int trafficClass) {
        set(SocketOption.IP_TOS, trafficClass);
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return get(SocketOption.SO_REUSEADDR) != 0;
    }

    @Override
    public KQueueDatagramChannelConfig setReuseAddress(boolean reuseAddress) {
        set(SocketOption.SO_REUSEADDR, reuseAddress ? 1 : 0);
        return this;
    }

    /** Whether several sockets may be bound to this one's port. */
    public boolean isReusePort() {
        return get(SocketOption.SO_REUSEPORT) != 0;
    }

    /**
     * Lets several sockets be bound to this one's port, each with this option, set before the bind. Linux spreads what comes over
     * them; elsewhere one receives all of it, see {@link KQueueChannelOption#SO_REUSEPORT_LB}.
     */
    public KQueueDatagramChannelConfig setReusePort(boolean reusePort) {
        set(SocketOption.SO_REUSEPORT, reusePort ? 1 : 0);
        return this;
    }

    @Override
    public boolean isBroadcast() {
        return get(SocketOption.SO_BROADCAST) != 0;
    }

    @Override
    public KQueueDatagramChannelConfig setBroadcast(boolean broadcast) {
        set(SocketOption.SO_BROADCAST, broadcast ? 1 : 0);
        return this;
    }

    @Override
    public boolean isLoopbackModeDisabled() {
        try {
            return !multicast.isLoopback();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    public KQueueDatagramChannelConfig setLoopbackModeDisabled(boolean loopbackModeDisabled) {
        try {
            multicast.setLoopback(!loopbackModeDisabled);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
        return this;
    }

    /** Hops of multicast datagrams, not of others. */
    @Override
    public int getTimeToLive() {
        try {
            return multicast.timeToLive();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    /**
     * Hops of multicast datagrams, not of others.
     *
     * @param ttl 0, not beyond this host, to 255
     */
    @Override
    public KQueueDatagramChannelConfig setTimeToLive(int ttl) {
        try {
            multicast.setTimeToLive(ttl);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
        return this;
    }

    /** An address of the interface that multicast datagrams leave by, {@code null} as long as the system chooses one. */
    @Override
    public @Nullable InetAddress getInterface() {
        try {
            return multicast.interfaceAddress();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    /**
     * Sets the interface that multicast datagrams leave by.
     *
     * @param interfaceAddress an address of it; a wildcard leaves the choice to the system again
     */
    @Override
    public KQueueDatagramChannelConfig setInterface(InetAddress interfaceAddress) {
        ObjectUtil.checkNotNull(interfaceAddress, "interfaceAddress");
        try {
            multicast.setInterfaceAddress(interfaceAddress);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
        return this;
    }

    /** The interface that multicast datagrams leave by, {@code null} as long as the system chooses one. */
    @Override
    public @Nullable NetworkInterface getNetworkInterface() {
        try {
            return multicast.networkInterface();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    public KQueueDatagramChannelConfig setNetworkInterface(NetworkInterface networkInterface) {
        ObjectUtil.checkNotNull(networkInterface, "networkInterface");
        try {
            multicast.setNetworkInterface(networkInterface);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDatagramChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setMaxMessagesPerWrite(int maxMessagesPerWrite) {
        super.setMaxMessagesPerWrite(maxMessagesPerWrite);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDatagramChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDatagramChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public KQueueDatagramChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    @Deprecated
    public KQueueDatagramChannelConfig setRcvAllocTransportProvidesGuess(boolean transportProvidesGuess) {
        super.setRcvAllocTransportProvidesGuess(transportProvidesGuess);
        return this;
    }
}
