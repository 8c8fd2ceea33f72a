// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.function.Supplier;

/**
 * A transport, as a user names it in a bootstrap.
 *
 * @param name for the names of tests and threads
 * @param endpoints where its sockets are
 * @param seesPeerCloseUnread whether a channel that does not read learns that its peer has closed; NIO's does not
 */
public record Transport(
        String name,
        Supplier<IoHandlerFactory> handler,
        Class<? extends DuplexChannel> socketChannel,
        Class<? extends ServerChannel> serverChannel,
        Endpoints endpoints,
        boolean seesPeerCloseUnread) {

    /** New loops; whoever asks shuts them down. */
    public EventLoopGroup newGroup(int threads, String threadName) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(threadName, true), handler.get());
    }

    @Override
    public String toString() {
        return name;
    }
}
