// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.channel;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/** Shutting down one or both directions of a duplex channel. */
public final class Shutdown {

    private Shutdown() {}

    /** Runs {@code action}, which completes {@code promise}, on the event loop's thread. */
    public static ChannelFuture on(EventLoop eventLoop, ChannelPromise promise, Runnable action) {
        if (eventLoop.inEventLoop()) {
            action.run();
        } else {
            eventLoop.execute(action);
        }
        return promise;
    }

    /** Shuts down the output, then the input whatever came of it; fails with the first failure. */
    public static ChannelFuture both(DuplexChannel channel, ChannelPromise promise) {
        channel.shutdownOutput().addListener((ChannelFutureListener) output -> channel.shutdownInput()
                .addListener((ChannelFutureListener) input -> complete(promise, output.cause(), input.cause())));
        return promise;
    }

    private static void complete(ChannelPromise promise, @Nullable Throwable output, @Nullable Throwable input) {
        if (output != null) {
            if (input != null) {
                output.addSuppressed(input);
            }
            promise.setFailure(output);
        } else if (input != null) {
            promise.setFailure(input);
        } else {
            promise.setSuccess();
        }
    }
}
