// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connect that is under way: its promise, its time limit, its cancellation. Event loop's thread. */
final class ConnectAttempt implements ChannelFutureListener, Runnable {

    private final AbstractKQueueChannel channel;
    private final ChannelPromise promise;
    private final SocketAddress remoteAddress;
    private @Nullable Future<?> timeout;
    private int timeoutMillis;

    ConnectAttempt(AbstractKQueueChannel channel, ChannelPromise promise, SocketAddress remoteAddress) {
        this.channel = channel;
        this.promise = promise;
        this.remoteAddress = remoteAddress;
    }

    SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** @param millis 0 for no limit */
    void startTimeout(int millis) {
        timeoutMillis = millis;
        if (millis > 0) {
            timeout = channel.eventLoop().schedule(this, millis, TimeUnit.MILLISECONDS);
        }
        promise.addListener(this);
    }

    void stopTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    /** The time limit. */
    @Override
    public void run() {
        ConnectTimeoutException cause =
                new ConnectTimeoutException("connection timed out after " + timeoutMillis + " ms: " + remoteAddress);
        if (promise.tryFailure(cause)) {
            unsafe().forget(this);
            unsafe().closeNow();
        }
    }

    /** The promise is done. */
    @Override
    public void operationComplete(ChannelFuture future) {
        if (future.isCancelled()) {
            stopTimeout();
            unsafe().forget(this);
            unsafe().closeNow();
        }
    }

    void succeed(boolean wasActive) {
        // A listener of the promise may close the channel, and yet channelActive is owed.
        boolean active = channel.isActive();
        boolean told = promise.trySuccess();
        if (!wasActive && active) {
            channel.pipeline().fireChannelActive();
        }
        if (!told) {
            // Cancelled in the meantime.
            unsafe().closeNow();
        }
    }

    /** The channel is closed from elsewhere. */
    void abandon() {
        stopTimeout();
        promise.tryFailure(new ClosedChannelException());
    }

    void fail(Throwable cause) {
        stopTimeout();
        promise.tryFailure(cause);
        unsafe().closeAfterFailure();
    }

    private AbstractKQueueChannel.AbstractKQueueUnsafe unsafe() {
        return (AbstractKQueueChannel.AbstractKQueueUnsafe) channel.unsafe();
    }
}
