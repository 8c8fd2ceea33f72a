// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.KQueueIoHandle;
import io.github.kqueueffm.KQueueIoOps;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.ObjectUtil;
import io.netty.util.internal.StringUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One filter of a kqueue on one event loop, for as long as it is open. It belongs to the event loop that it was made for and
 * cannot move to another one; a second one for the same thing, on the same or another event loop, is a handle of its own.
 *
 * <p>Registering takes a turn of the event loop: {@link #registerFuture()} tells of its end, and nothing that happens before
 * that is told. A handle whose registration fails is closed, and its listener's {@code exceptionCaught} is called.
 *
 * <p>A handle closes by {@link #close()}, with its event loop, and when there is nothing left that it could tell: a one-shot
 * one after its event, that of a process after its end. The future of {@link #closeFuture()} is done when descriptors are closed,
 * and dispositions of signals restored.
 *
 * <p>Methods may be called from any thread.
 */
public abstract class KQueueHandle {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(KQueueHandle.class);

    /** Errnos of a system that does not have what was asked for; ENOSYS where the C library or the kernel is too old. */
    private static final Set<String> NOT_THERE = Set.of("ENOTSUP", "EOPNOTSUPP", "ENOSYS");

    private final IoEventLoop eventLoop;
    private final KQueueFilter filter;
    private final int ident;
    private final Promise<Void> registered;
    private final Promise<Void> closed;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** Event loop's thread, as are the fields below. */
    private @Nullable IoRegistration registration;

    private @Nullable ClaimedIdent claim;
    private boolean ended;

    KQueueHandle(EventLoopGroup loops, KQueueFilter filter, int ident) {
        EventLoop loop = ObjectUtil.checkNotNull(loops, "loops").next();
        if (!(loop instanceof IoEventLoop) || !((IoEventLoop) loop).isCompatible(KQueueIoHandle.class)) {
            throw new IllegalArgumentException(StringUtil.simpleClassName(loop)
                    + " is not an event loop of the kqueue transport: make the group with KQueueIoHandler.newFactory(), or"
                    + " take a KQueueEventLoopGroup");
        }
        eventLoop = (IoEventLoop) loop;
        this.filter = filter;
        this.ident = ident;
        registered = eventLoop.newPromise();
        closed = eventLoop.newPromise();
    }

    /** On whose thread the listener is called. */
    public final IoEventLoop eventLoop() {
        return eventLoop;
    }

    /**
     * Done when the kernel has taken the registration, from when on what happens is told; failed when it has not, with what the
     * listener's {@code exceptionCaught} is told; cancelled when the handle was closed before.
     */
    public final Future<Void> registerFuture() {
        return registered;
    }

    /** Whether the listener can still be told anything. */
    public final boolean isOpen() {
        return open.get();
    }

    /**
     * Ends this handle. What has happened and was not told yet is dropped. A call of the listener that is under way in the event
     * loop's thread goes on; after this has returned none begins. Closing again does nothing.
     *
     * @return {@link #closeFuture()}
     */
    public final Future<Void> close() {
        if (open.compareAndSet(true, false)) {
            if (eventLoop.inEventLoop()) {
                end();
            } else {
                try {
                    eventLoop.execute(this::end);
                } catch (RejectedExecutionException e) {
                    // The event loop ends, and all that is registered on it ends with it.
                    logger.trace("{} is closed by its event loop", this, e);
                }
            }
        }
        return closed;
    }

    /** Done when nothing is left of this handle. Never fails. */
    public final Future<Void> closeFuture() {
        return closed;
    }

    /** To be called once, when the object is complete. */
    final void register() {
        try {
            // Also in the event loop's thread: whoever made the handle has it before its listener is called.
            eventLoop.execute(this::registerNow);
        } catch (RejectedExecutionException e) {
            open.set(false);
            release();
            throw e;
        }
    }

    private void registerNow() {
        if (!open.get()) {
            // Closed before. Where that was done on this thread it is over, elsewhere its task follows.
            return;
        }
        try {
            claim = ClaimedIdent.claim(this, filter, ident);
            Future<IoRegistration> future = eventLoop.register(new Registered());
            if (!future.isSuccess()) {
                // On the event loop's thread it is done when it is returned.
                throw new IllegalStateException("the event loop takes no handle", future.cause());
            }
            registration = future.getNow();
            submit(addition());
        } catch (Throwable t) {
            fail(t);
        }
    }

    /** Sends a change. Event loop's thread. */
    final void submit(KQueueIoOps ops) {
        IoRegistration present = registration;
        if (present != null) {
            present.submit(ops);
        }
    }

    /** The registration failed. Event loop's thread. */
    final void fail(Throwable cause) {
        boolean told = open.compareAndSet(true, false);
        registered.tryFailure(cause);
        end();
        if (told) {
            report(cause);
        }
    }

    /** Event loop's thread. */
    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        open.set(false);
        IoRegistration present = registration;
        registration = null;
        try {
            if (present != null) {
                // First: a descriptor must not be closed before its knote is gone, nor may a signal that is still
                // watched get
                // its old disposition back.
                present.cancel();
            }
        } catch (RuntimeException e) {
            logger.warn("{} could not be taken out of its kqueue", this, e);
        } finally {
            if (claim != null) {
                claim.release();
            }
            release();
            registered.cancel(false);
            closed.trySuccess(null);
        }
    }

    /** Tells the listener of a failure, whatever it does then. Event loop's thread. */
    final void report(Throwable cause) {
        try {
            caught(cause);
        } catch (Throwable t) {
            logger.warn("exceptionCaught of the listener of {} has thrown; it was told of {}", this, cause, t);
        }
    }

    private void handle(KQueueIoEvent event) {
        if (!open.get()) {
            return;
        }
        if ((event.flags() & KQueueIoEvent.ERROR) != 0) {
            answered(event.cause());
            return;
        }
        // A kernel that has something to tell has taken the registration.
        confirmed();
        boolean last = isLast(event);
        try {
            deliver(event);
        } catch (Throwable t) {
            // An event loop must not end, nor wait a second, because of a listener.
            report(t);
        }
        if (last) {
            end();
        }
    }

    private void answered(@Nullable KQueueIoException cause) {
        if (cause == null) {
            confirmed();
        } else if (registered.isDone()) {
            report(cause);
        } else if (!isRepaired(cause)) {
            fail(
                    NOT_THERE.contains(cause.errnoName())
                            ? new UnsupportedOperationException(unsupported(), cause)
                            : cause);
        }
    }

    /** Event loop's thread. */
    final void confirmed() {
        if (registered.trySuccess(null)) {
            accepted();
        }
    }

    /** The change that adds the filter; with {@link KQueueIoOps#RECEIPT}. Event loop's thread. */
    abstract KQueueIoOps addition();

    /** Tells the listener of an event. Event loop's thread. */
    abstract void deliver(KQueueIoEvent event);

    /** Tells the listener of a failure. Event loop's thread. */
    abstract void caught(Throwable cause);

    /** Whether nothing can follow on an event: the kernel has removed the filter with it. */
    abstract boolean isLast(KQueueIoEvent event);

    /** The kernel has taken the registration. Event loop's thread. */
    void accepted() {}

    /** Whether a registration that was refused was made in another way. Event loop's thread. */
    boolean isRepaired(KQueueIoException cause) {
        return false;
    }

    /** What to say when the system does not have what the registration asks for. */
    String unsupported() {
        return "this system does not have what it takes for " + this;
    }

    /** Gives back what the handle holds besides its registration. Called once; any thread. */
    void release() {}

    /** What the event loop sees. */
    private final class Registered implements KQueueIoHandle {

        @Override
        public int ident() {
            return ident;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            KQueueHandle.this.handle((KQueueIoEvent) event);
        }

        /** The event loop ends. */
        @Override
        public void close() {
            end();
        }
    }
}
