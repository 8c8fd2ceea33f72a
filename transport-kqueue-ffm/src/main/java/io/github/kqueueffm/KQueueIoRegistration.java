// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.EventTarget;
import io.github.kqueueffm.internal.engine.KQueueEngine;
import io.github.kqueueffm.internal.engine.Registration;
import io.github.kqueueffm.internal.socket.LoopMemory;
import io.netty.channel.Channel;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.StringUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A handle on an event loop. Channels are told of events directly; other handles through
 * {@link KQueueIoHandle#handle}.
 */
final class KQueueIoRegistration implements IoRegistration {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(KQueueIoRegistration.class);

    private final KQueueIoHandler handler;
    private final ThreadAwareExecutor executor;
    private final KQueueEngine engine;
    private final LoopMemory memory;
    private final KQueueIoHandle handle;
    private final Registration knotes;
    private final AtomicBoolean ended = new AtomicBoolean();

    KQueueIoRegistration(
            KQueueIoHandler handler,
            ThreadAwareExecutor executor,
            KQueueEngine engine,
            LoopMemory memory,
            KQueueIoHandle handle) {
        this.handler = handler;
        this.executor = executor;
        this.engine = engine;
        this.memory = memory;
        this.handle = handle;
        if (handle instanceof AbstractKQueueChannel.AbstractKQueueUnsafe) {
            AbstractKQueueChannel.AbstractKQueueUnsafe channel = (AbstractKQueueChannel.AbstractKQueueUnsafe) handle;
            knotes = engine.register(handle.ident(), channel.readKind(), new ChannelTarget(this, channel));
        } else {
            knotes = engine.register(handle.ident(), HandleTarget.READ_KIND, new HandleTarget(this));
        }
    }

    /** The registration behind one of the engine's, null for none. */
    static @Nullable KQueueIoRegistration of(@Nullable Registration knotes) {
        return knotes == null ? null : ((Owned) knotes.target()).owner();
    }

    /** An event target that knows which registration it belongs to. */
    interface Owned extends EventTarget {
        KQueueIoRegistration owner();
    }

    KQueueIoHandle handle() {
        return handle;
    }

    Registration knotes() {
        return knotes;
    }

    /** The event loop's native arrays. Event loop's thread. */
    LoopMemory memory() {
        return memory;
    }

    @Nullable
    Channel channel() {
        return handle instanceof AbstractKQueueChannel.AbstractKQueueUnsafe
                ? ((AbstractKQueueChannel.AbstractKQueueUnsafe) handle).channel()
                : null;
    }

    /** This registration itself, for the channels of this package: the event loop hands them a wrapper of it. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> T attachment() {
        return (T) this;
    }

    @Override
    public long submit(IoOps ops) {
        if (!(ops instanceof KQueueIoOps)) {
            throw new IllegalArgumentException("a handle of the kqueue transport takes " + KQueueIoOps.class.getName()
                    + ", not " + StringUtil.simpleClassName(ops));
        }
        if (!isValid()) {
            return -1;
        }
        KQueueIoOps change = (KQueueIoOps) ops;
        if (executor.isExecutorThread(Thread.currentThread())) {
            submit(change);
        } else {
            executor.execute(() -> submit(change));
        }
        return 0;
    }

    private void submit(KQueueIoOps ops) {
        int filter = ops.filter().number(Availability.binding().platform().kqueue());
        engine.submit(knotes, filter, ops.flags(), ops.fflags(), ops.data());
    }

    @Override
    public boolean isValid() {
        return !ended.get();
    }

    @Override
    public boolean cancel() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        if (executor.isExecutorThread(Thread.currentThread())) {
            end();
        } else {
            executor.execute(this::end);
        }
        return true;
    }

    private void end() {
        knotes.cancel();
        handler.ended(this);
    }

    /** Closes the handle because its event loop ends. */
    void close() {
        try {
            // First, so that a channel's descriptor is closed and its filters need no deleting.
            handle.close();
        } catch (Exception e) {
            logger.warn("A handle failed to close with its event loop", e);
        }
        cancel();
    }
}
