// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.socket.SocketOption;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * The configuration that all channels of this transport share. Beside the options with a name, any socket option can be
 * read and set by number, as an {@link IntegerUnixChannelOption} or a {@link RawUnixChannelOption}; and a {@link NioChannelOption}
 * of a JDK option works where the channel has an option of that meaning.
 *
 * <p>Setters and getters may be called from any thread. Those of socket options make a system call, and throw a {@link
 * ChannelException} with the reason as its cause if it fails; the cause is a {@link
 * java.nio.channels.ClosedChannelException} once the channel is closed.
 */
public class KQueueChannelConfig extends DefaultChannelConfig {

    private final SocketOptionNames names;

    private volatile boolean transportProvidesGuess;

    /** @param names of the socket options of this kind of channel */
    KQueueChannelConfig(AbstractKQueueChannel channel, SocketOptionNames names) {
        super(channel);
        this.names = names;
    }

    /** @param names of the socket options of this kind of channel */
    KQueueChannelConfig(AbstractKQueueChannel channel, RecvByteBufAllocator allocator, SocketOptionNames names) {
        super(channel, allocator);
        this.names = names;
    }

    final AbstractKQueueChannel kqueueChannel() {
        return (AbstractKQueueChannel) channel;
    }

    final NativeSocket socket() {
        return kqueueChannel().socket;
    }

    final Platform platform() {
        return socket().binding().platform();
    }

    int get(SocketOption option) {
        try {
            return socket().option(option);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    void set(SocketOption option, int value) {
        try {
            socket().setOption(option, value);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    /** Sets an option of which only level and number are known. */
    void setRaw(int level, int name, ByteBuffer value) {
        try {
            socket().setRawOption(level, name, value);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @SuppressWarnings("deprecation") // Kept for programs written for Netty's kqueue transport.
    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                getOptions(super.getOptions(), names.supported(platform())),
                KQueueChannelOption.RCV_ALLOC_TRANSPORT_PROVIDES_GUESS);
    }

    // Null for an option that there is none of, as every ChannelConfig of Netty answers.
    @SuppressWarnings({"unchecked", "deprecation", "NullAway"})
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == KQueueChannelOption.RCV_ALLOC_TRANSPORT_PROVIDES_GUESS) {
            return (T) Boolean.valueOf(getRcvAllocTransportProvidesGuess());
        }
        if (option instanceof NioChannelOption) {
            return (T) NioOptions.get(this, (NioChannelOption<T>) option);
        }
        try {
            if (option instanceof IntegerUnixChannelOption) {
                IntegerUnixChannelOption number = (IntegerUnixChannelOption) option;
                return (T) Integer.valueOf(socket().intOption(number.level(), number.optname()));
            }
            if (option instanceof RawUnixChannelOption) {
                RawUnixChannelOption raw = (RawUnixChannelOption) option;
                ByteBuffer value = ByteBuffer.allocate(raw.length());
                socket().rawOption(raw.level(), raw.optname(), value);
                return (T) value.flip();
            }
        } catch (IOException e) {
            throw new ChannelException(e);
        }
        SocketOption known = names.find(option);
        return known == null ? super.getOption(option) : (T) SocketOptionNames.toNetty(known, get(known));
    }

    @SuppressWarnings("deprecation")
    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option instanceof NioChannelOption) {
            return NioOptions.set(this, (NioChannelOption<T>) option, value);
        }
        if (option == KQueueChannelOption.RCV_ALLOC_TRANSPORT_PROVIDES_GUESS) {
            setRcvAllocTransportProvidesGuess((Boolean) value);
        } else if (option instanceof IntegerUnixChannelOption) {
            IntegerUnixChannelOption number = (IntegerUnixChannelOption) option;
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            setRaw(number.level(), number.optname(), bytes.putInt(0, (Integer) value));
        } else if (option instanceof RawUnixChannelOption) {
            RawUnixChannelOption raw = (RawUnixChannelOption) option;
            setRaw(raw.level(), raw.optname(), (ByteBuffer) value);
        } else {
            SocketOption known = names.find(option);
            if (known == null) {
                return super.setOption(option, value);
            }
            set(known, SocketOptionNames.fromNetty(known, value));
        }
        return true;
    }

    /**
     * Stored and not used.
     *
     * @deprecated the amount that a kevent tells is always made use of
     */
    @Deprecated
    public KQueueChannelConfig setRcvAllocTransportProvidesGuess(boolean transportProvidesGuess) {
        this.transportProvidesGuess = transportProvidesGuess;
        return this;
    }

    /**
     * What was stored.
     *
     * @deprecated the amount that a kevent tells is always made use of
     */
    @Deprecated
    public boolean getRcvAllocTransportProvidesGuess() {
        return transportProvidesGuess;
    }

    @Override
    public KQueueChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Override
    @Deprecated
    public KQueueChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public KQueueChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public KQueueChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException unless it makes handles of type {@link RecvByteBufAllocator.ExtendedHandle}: the read
     *     loop has to be able to tell it that there is no more
     */
    @Override
    public KQueueChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        if (!(allocator.newHandle() instanceof RecvByteBufAllocator.ExtendedHandle)) {
            throw new IllegalArgumentException(
                    allocator.getClass().getName() + " does not make handles of type ExtendedHandle");
        }
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public KQueueChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public KQueueChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    @Deprecated
    public KQueueChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Override
    @Deprecated
    public KQueueChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public KQueueChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public KQueueChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    protected final void autoReadCleared() {
        kqueueChannel().clearReadFilter();
    }
}
