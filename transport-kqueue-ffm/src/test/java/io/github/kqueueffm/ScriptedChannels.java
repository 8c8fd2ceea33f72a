// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.KQueueEngine;
import io.github.kqueueffm.internal.engine.KqueueKernel;
import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.NativeSocket;
import io.github.kqueueffm.internal.sys.Binding;
import io.github.kqueueffm.testing.Call;
import io.github.kqueueffm.testing.FakeDatagramSocket;
import io.github.kqueueffm.testing.FakeListener;
import io.github.kqueueffm.testing.FakeSocket;
import io.github.kqueueffm.testing.SocketKernel;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * TCP channels on a kernel in memory that tells as much as a BSD kernel does. The test's thread is the event loop's, so nothing
 * happens outside {@link #turn}, and the kernel's log has every call.
 */
final class ScriptedChannels {

    private static final int MAX_EVENTS = 4096;

    final Platform platform;
    final SocketKernel kernel;
    final Binding binding;
    final ManualIoEventLoop loop;

    /** The loop's clock, which stands still unless it is told to go on. */
    final MockTicker ticker = Ticker.newMockTicker();

    ScriptedChannels(Platform platform) {
        this(new SocketKernel(platform));
    }

    ScriptedChannels(SocketKernel kernel) {
        this.kernel = kernel;
        platform = kernel.platform();
        binding = new Binding("scripted", platform, kernel);
        loop = new ManualIoEventLoop(
                null,
                Thread.currentThread(),
                executor -> new KQueueIoHandler(
                        executor,
                        DefaultSelectStrategyFactory.INSTANCE.newSelectStrategy(),
                        binding,
                        new KQueueEngine(kernel, platform, new KqueueKernel(kernel, platform), MAX_EVENTS, null)),
                ticker);
        kernel.clearLog();
    }

    /** One turn of the loop, which does not wait. */
    void turn() {
        loop.runNow();
    }

    /** The functions that were called since the log was cleared, in their order. */
    List<CFunction> calls() {
        return kernel.log().stream().map(Call::function).toList();
    }

    /** What the next turn calls. */
    List<CFunction> callsOfATurn() {
        kernel.clearLog();
        turn();
        return calls();
    }

    /** How this system accepts one connection: that it does not block and is closed on exec takes a call of its own on macOS. */
    List<CFunction> accepting() {
        return platform.symbol(CFunction.ACCEPT4) != null
                ? List.of(CFunction.ACCEPT4)
                : List.of(CFunction.ACCEPT, CFunction.FCNTL);
    }

    /** How it makes a socket of that kind. */
    List<CFunction> opening() {
        return Platform.has(platform.socket().SOCK_NONBLOCK())
                ? List.of(CFunction.SOCKET)
                : List.of(CFunction.SOCKET, CFunction.FCNTL, CFunction.FCNTL);
    }

    private NativeSocket newSocket() {
        try {
            return NativeSocket.newStream(binding, SocketProtocolFamily.INET);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A server on an address, whose connections get {@code child}; it asks for connections. */
    KQueueServerSocketChannel listen(String address, ServerBootstrap bootstrap, ChannelHandler child) {
        KQueueServerSocketChannel server = (KQueueServerSocketChannel) bootstrap
                .group(loop)
                .channelFactory(() -> new KQueueServerSocketChannel(newSocket(), false))
                .childOption(ChannelOption.ALLOCATOR, ALLOCATOR)
                .childHandler(child)
                .bind(new InetSocketAddress(address, 80))
                .channel();
        turn();
        turn();
        return server;
    }

    KQueueServerSocketChannel listen(ChannelHandler child) {
        return listen("127.0.0.1", new ServerBootstrap(), child);
    }

    /** A channel begins to connect. */
    ChannelFuture connect(ChannelHandler handler) {
        ChannelFuture attempt = new Bootstrap()
                .group(loop)
                .channelFactory(() -> new KQueueSocketChannel(newSocket(), false))
                .option(ChannelOption.ALLOCATOR, ALLOCATOR)
                .handler(handler)
                .connect(new InetSocketAddress("127.0.0.1", 80));
        turn();
        turn();
        return attempt;
    }

    /** A UDP channel that is bound and reads. */
    KQueueDatagramChannel bindDatagrams(ChannelHandler handler) {
        KQueueDatagramChannel channel = (KQueueDatagramChannel) new Bootstrap()
                .group(loop)
                .channelFactory(() -> new KQueueDatagramChannel(newDatagramSocket(), false))
                .option(ChannelOption.ALLOCATOR, ALLOCATOR)
                .handler(handler)
                .bind(new InetSocketAddress("127.0.0.1", 53))
                .channel();
        turn();
        turn();
        return channel;
    }

    private NativeSocket newDatagramSocket() {
        try {
            return NativeSocket.newDatagram(binding, SocketProtocolFamily.INET);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    FakeDatagramSocket fake(KQueueDatagramChannel channel) {
        return kernel.datagramsAt(channel.fd().intValue());
    }

    FakeListener fake(KQueueServerSocketChannel server) {
        return kernel.listenerAt(server.fd().intValue());
    }

    FakeSocket fake(KQueueSocketChannel channel) {
        return kernel.socketAt(channel.fd().intValue());
    }

    /** Buffers whose memory the kernel finds by asking for it, as it has none of its own that a true address could be of. */
    static final ByteBufAllocator ALLOCATOR = new AbstractByteBufAllocator(true) {
        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity) {
                @Override
                public boolean hasMemoryAddress() {
                    return false;
                }
            };
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    };
}
