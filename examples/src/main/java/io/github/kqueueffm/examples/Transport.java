// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.KQueueDatagramChannel;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerDomainSocketChannel;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The transports that the examples can run on. Each constant holds all that an application changes to move from one
 * to another: the factory of the event loops' I/O handler, and the channel classes that its bootstraps name.
 */
public enum Transport {
    KQUEUE(
            KQueueIoHandler::newFactory,
            KQueueServerSocketChannel.class,
            KQueueSocketChannel.class,
            KQueueDatagramChannel.class,
            KQueueServerDomainSocketChannel.class,
            DomainSocketAddress::new,
            KQueue::unavailabilityCause,
            KQueue::isTcpFastOpenServerSideAvailable),

    NIO(
            NioIoHandler::newFactory,
            NioServerSocketChannel.class,
            NioSocketChannel.class,
            NioDatagramChannel.class,
            NioServerDomainSocketChannel.class,
            UnixDomainSocketAddress::of,
            () -> null,
            () -> false),

    EPOLL(
            EpollIoHandler::newFactory,
            EpollServerSocketChannel.class,
            EpollSocketChannel.class,
            EpollDatagramChannel.class,
            EpollServerDomainSocketChannel.class,
            DomainSocketAddress::new,
            Epoll::unavailabilityCause,
            Epoll::isTcpFastOpenServerSideAvailable),

    IO_URING(
            IoUringIoHandler::newFactory,
            IoUringServerSocketChannel.class,
            IoUringSocketChannel.class,
            IoUringDatagramChannel.class,
            IoUringServerDomainSocketChannel.class,
            DomainSocketAddress::new,
            IoUring::unavailabilityCause,
            IoUring::isTcpFastOpenServerSideAvailable);

    // A supplier: making the factory of a transport that is not available throws.
    private final Supplier<IoHandlerFactory> ioHandlerFactory;
    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;
    private final Class<? extends DatagramChannel> datagramChannel;
    private final Class<? extends ServerChannel> unixServerChannel;
    private final Function<String, SocketAddress> unixAddress;
    private final Supplier<@Nullable Throwable> unavailabilityCause;
    private final BooleanSupplier fastOpenServer;

    Transport(
            Supplier<IoHandlerFactory> ioHandlerFactory,
            Class<? extends ServerSocketChannel> serverChannel,
            Class<? extends SocketChannel> channel,
            Class<? extends DatagramChannel> datagramChannel,
            Class<? extends ServerChannel> unixServerChannel,
            Function<String, SocketAddress> unixAddress,
            Supplier<@Nullable Throwable> unavailabilityCause,
            BooleanSupplier fastOpenServer) {
        this.ioHandlerFactory = ioHandlerFactory;
        this.serverChannel = serverChannel;
        this.channel = channel;
        this.datagramChannel = datagramChannel;
        this.unixServerChannel = unixServerChannel;
        this.unixAddress = unixAddress;
        this.unavailabilityCause = unavailabilityCause;
        this.fastOpenServer = fastOpenServer;
    }

    /**
     * Makes a group of event loops on this transport. The caller shuts it down.
     *
     * @param threads the number of event loops, at least 1
     * @throws ExampleFailure if this transport does not work here
     */
    public EventLoopGroup newGroup(int threads) {
        ensureAvailable();
        return new MultiThreadIoEventLoopGroup(threads, ioHandlerFactory.get());
    }

    /** @throws ExampleFailure if this transport does not work here */
    public void ensureAvailable() {
        Throwable cause = unavailabilityCause.get();
        if (cause != null) {
            throw new ExampleFailure("transport " + this + " is not available: " + ExampleFailure.describe(cause));
        }
    }

    /** The class for {@code ServerBootstrap.channel}. */
    public Class<? extends ServerSocketChannel> serverChannel() {
        return serverChannel;
    }

    /** The class for {@code Bootstrap.channel}. */
    public Class<? extends SocketChannel> channel() {
        return channel;
    }

    /** The class for {@code Bootstrap.channel} of a UDP socket. */
    public Class<? extends DatagramChannel> datagramChannel() {
        return datagramChannel;
    }

    /** The class for {@code ServerBootstrap.channel} of a UNIX socket. */
    public Class<? extends ServerChannel> unixServerChannel() {
        return unixServerChannel;
    }

    /** The address of a UNIX socket, of the type that {@link #unixServerChannel} takes. */
    public SocketAddress unixAddress(String path) {
        return unixAddress.apply(path);
    }

    /** Whether {@code ChannelOption.TCP_FASTOPEN} of a server has an effect here. */
    public boolean isFastOpenServer() {
        return fastOpenServer.getAsBoolean();
    }

    /** The name as it is typed on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
