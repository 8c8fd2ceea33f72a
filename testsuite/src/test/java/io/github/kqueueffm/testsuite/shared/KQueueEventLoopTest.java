// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.github.kqueueffm.KQueueEventLoopGroup;
import io.github.kqueueffm.KQueueIoHandler;
import io.github.kqueueffm.KQueueServerSocketChannel;
import io.github.kqueueffm.KQueueSocketChannel;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.testsuite.transport.AbstractSingleThreadEventLoopTest;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;

/** Without the descriptor check: some tests of the suite leave their loops to end on their own, after two seconds. */
public class KQueueEventLoopTest extends AbstractSingleThreadEventLoopTest {

    /** Through {@link KQueueEventLoopGroup}, whose loops list their channels; those of a plain group do not. */
    @Override
    protected boolean supportsChannelIteration() {
        return true;
    }

    @Override
    protected EventLoopGroup newEventLoopGroup() {
        return new KQueueEventLoopGroup();
    }

    @Override
    protected EventLoopGroup newAutoScalingEventLoopGroup() {
        return new MultiThreadIoEventLoopGroup(
                SCALING_MAX_THREADS,
                new ThreadPerTaskExecutor(new DefaultThreadFactory("kqueue-auto-scaling")),
                AUTO_SCALING_CHOOSER_FACTORY,
                KQueueIoHandler.newFactory());
    }

    @Override
    protected Channel newChannel() {
        return new KQueueSocketChannel();
    }

    @Override
    protected Class<? extends ServerChannel> serverChannelClass() {
        return KQueueServerSocketChannel.class;
    }
}
