// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import io.github.kqueueffm.KQueue;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The transports that the examples can run on. Each constant holds all that an application changes to move from one
 * to another: the factory of the event loops' I/O handler, and the two channel classes that its bootstraps name.
 */
public enum Transport {
    KQUEUE(
            KQueueIoHandler::newFactory,
            KQueueServerSocketChannel.class,
            KQueueSocketChannel.class,
            KQueue::unavailabilityCause),

    NIO(NioIoHandler::newFactory, NioServerSocketChannel.class, NioSocketChannel.class, () -> null),

    EPOLL(
            EpollIoHandler::newFactory,
            EpollServerSocketChannel.class,
            EpollSocketChannel.class,
            Epoll::unavailabilityCause),

    IO_URING(
            IoUringIoHandler::newFactory,
            IoUringServerSocketChannel.class,
            IoUringSocketChannel.class,
            IoUring::unavailabilityCause);

    // A supplier: making the factory of a transport that is not available throws.
    private final Supplier<IoHandlerFactory> ioHandlerFactory;
    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;
    private final Supplier<@Nullable Throwable> unavailabilityCause;

    Transport(
            Supplier<IoHandlerFactory> ioHandlerFactory,
            Class<? extends ServerSocketChannel> serverChannel,
            Class<? extends SocketChannel> channel,
            Supplier<@Nullable Throwable> unavailabilityCause) {
        this.ioHandlerFactory = ioHandlerFactory;
        this.serverChannel = serverChannel;
        this.channel = channel;
        this.unavailabilityCause = unavailabilityCause;
    }

    /**
     * Makes a group of event loops on this transport. The caller shuts it down.
     *
     * @param threads the number of event loops, at least 1
     * @throws ExampleFailure if this transport does not work here
     */
    public EventLoopGroup newGroup(int threads) {
        Throwable cause = unavailabilityCause.get();
        if (cause != null) {
            throw new ExampleFailure("transport " + this + " is not available: " + ExampleFailure.describe(cause));
        }
        return new MultiThreadIoEventLoopGroup(threads, ioHandlerFactory.get());
    }

    /** The class for {@code ServerBootstrap.channel}. */
    public Class<? extends ServerSocketChannel> serverChannel() {
        return serverChannel;
    }

    /** The class for {@code Bootstrap.channel}. */
    public Class<? extends SocketChannel> channel() {
        return channel;
    }

    /** The name as it is typed on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
