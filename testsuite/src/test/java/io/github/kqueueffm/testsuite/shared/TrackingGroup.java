// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the open channels that were registered through it, accepted ones included. Many tests of the shared suite never
 * close their channels; what they leave is closed here, so that the descriptors that stay open after that are leaks of
 * the transport and not of the suite.
 */
final class TrackingGroup extends MultiThreadIoEventLoopGroup {

    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    /** Daemon threads, as the suite's own NIO group has, since nobody shuts these loops down. */
    TrackingGroup(int threads, String threadName, IoHandlerFactory factory) {
        super(threads, new DefaultThreadFactory(threadName, true), factory);
    }

    @Override
    public ChannelFuture register(Channel channel) {
        track(channel);
        return super.register(channel);
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        track(promise.channel());
        return super.register(promise);
    }

    private void track(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /**
     * Closes what is open, and what comes in meanwhile from the backlog of a listener. Then wakes the loops: one of NIO
     * gives a descriptor back when it next selects, and may otherwise wait for that for ever.
     */
    void closeChannels() throws InterruptedException {
        while (!open.isEmpty()) {
            List<Channel> channels = new ArrayList<>(open);
            for (Channel channel : channels) {
                channel.close();
            }
            for (Channel channel : channels) {
                channel.closeFuture().sync();
            }
        }
        for (EventExecutor loop : this) {
            loop.submit(() -> {}).sync();
        }
    }
}
