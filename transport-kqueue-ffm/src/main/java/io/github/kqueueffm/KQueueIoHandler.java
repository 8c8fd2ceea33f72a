// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.engine.KQueueEngine;
import io.github.kqueueffm.internal.socket.LoopMemory;
import io.github.kqueueffm.internal.sys.Binding;
import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.IntSupplier;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.ObjectUtil;
import io.netty.util.internal.StringUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs an event loop on kqueue. One instance belongs to one event loop, which calls it from its thread, except for
 * {@link #wakeup()}, which any thread may call at any time.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(KQueueIoHandler.newFactory());
 * }</pre>
 *
 * <p>With nothing scheduled and nothing to do it waits without a timeout: an idle event loop uses no time at all.
 *
 * <p>What it does is counted ({@link #metrics()}), and told to JDK Flight Recorder while that records
 * ({@code io.github.kqueueffm.SlowTurn}, {@code io.github.kqueueffm.Error}).
 */
public final class KQueueIoHandler implements IoHandler {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(KQueueIoHandler.class);

    /** Most events of one turn when the caller leaves the number to us. */
    private static final int DEFAULT_MAX_EVENTS = 4096;

    private final ThreadAwareExecutor executor;
    private final SelectStrategy strategy;
    private final KQueueEngine engine;
    private final LoopMemory memory;
    private final ArrayDeque<KQueueIoRegistration> cancelled = new ArrayDeque<>();

    /**
     * With nothing scheduled, Netty's own event loop asks for a wait of one second, whatever the time is it is asked at; the
     * delay to a real deadline depends on that time. (A manual event loop says -1 for none, and its limits are meant.)
     */
    private final boolean hidesIdleness;

    /** Kept, as one made for each turn would be garbage of each turn. */
    private final IntSupplier collectNow = this::collectNow;

    private KQueueIoHandler(ThreadAwareExecutor executor, int maxEvents, SelectStrategy strategy) {
        this(
                executor,
                strategy,
                Availability.binding(),
                Availability.newEngine(maxEvents == 0 ? DEFAULT_MAX_EVENTS : maxEvents));
    }

    /**
     * On an engine of the caller's choice, which this handler owns from here on.
     *
     * @param binding that of the engine, and of the sockets of all channels
     */
    KQueueIoHandler(ThreadAwareExecutor executor, SelectStrategy strategy, Binding binding, KQueueEngine engine) {
        this.executor = ObjectUtil.checkNotNull(executor, "executor");
        this.strategy = ObjectUtil.checkNotNull(strategy, "strategy");
        hidesIdleness = executor instanceof SingleThreadIoEventLoop;
        memory = new LoopMemory(binding);
        this.engine = engine;
        EventLoopHandlers.add(executor, this);
    }

    /**
     * A factory of handlers.
     *
     * @throws UnsatisfiedLinkError when {@link KQueue#isAvailable()} is false
     */
    public static IoHandlerFactory newFactory() {
        return newFactory(0, DefaultSelectStrategyFactory.INSTANCE);
    }

    /**
     * A factory of handlers.
     *
     * @param maxEvents most events handled in one turn of the loop; 0 for a number that suits most
     * @param selectStrategyFactory decides between waiting and running tasks; BUSY_WAIT is taken for SELECT
     * @throws UnsatisfiedLinkError when {@link KQueue#isAvailable()} is false
     */
    public static IoHandlerFactory newFactory(int maxEvents, SelectStrategyFactory selectStrategyFactory) {
        KQueue.ensureAvailability();
        ObjectUtil.checkPositiveOrZero(maxEvents, "maxEvents");
        ObjectUtil.checkNotNull(selectStrategyFactory, "selectStrategyFactory");
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new KQueueIoHandler(executor, maxEvents, selectStrategyFactory.newSelectStrategy());
            }

            @Override
            public boolean isChangingThreadSupported() {
                // Nothing in here is tied to a thread: native memory is shared, and errno is kept for no longer than a
                // call.
                return true;
            }
        };
    }

    @Override
    public int run(IoHandlerContext context) {
        try {
            // Cancelled by tasks since the last turn: the wait that begins here may have no end.
            finishCancelled();
            engine.prepareTurn();
            boolean mayWait = context.canBlock();
            int decision = strategy.calculateStrategy(collectNow, !mayWait);
            if (decision == SelectStrategy.CONTINUE) {
                report(context, 0);
                return 0;
            }
            boolean ready = decision > 0;
            if (decision == SelectStrategy.SELECT || decision == SelectStrategy.BUSY_WAIT) {
                ready = engine.collect(mayWait ? deadline(context) : KQueueEngine.NOW);
            }
            return ready ? handOut(context) : report(context, 0);
        } catch (Error e) {
            throw e;
        } catch (Throwable t) {
            handleLoopException(t);
            return 0;
        } finally {
            finishCancelled();
        }
    }

    /** In the terms of {@link System#nanoTime}, which are not those of {@link IoHandlerContext#deadlineNanos}. */
    private long deadline(IoHandlerContext context) {
        if (context.deadlineNanos() == -1) {
            return KQueueEngine.NO_DEADLINE;
        }
        long now = System.nanoTime();
        long delay = context.delayNanos(now);
        if (hidesIdleness && delay > 0 && context.delayNanos(now - 1) == delay) {
            return KQueueEngine.NO_DEADLINE;
        }
        return now + delay;
    }

    private int collectNow() {
        return engine.collect(KQueueEngine.NOW) ? 1 : 0;
    }

    private int handOut(IoHandlerContext context) {
        if (!context.shouldReportActiveIoTime()) {
            return engine.handOut();
        }
        long start = System.nanoTime();
        int handled = engine.handOut();
        context.reportActiveIoTime(System.nanoTime() - start);
        return handled;
    }

    private static int report(IoHandlerContext context, long nanos) {
        if (context.shouldReportActiveIoTime()) {
            context.reportActiveIoTime(nanos);
        }
        return 0;
    }

    private static void handleLoopException(Throwable t) {
        logger.warn("An event loop failed in a turn and goes on in a second", t);
        try {
            // An error that stays would otherwise take the whole processor and fill the log.
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Registrations end for their handles only when no event of the turn can be on its way to them any more. */
    private void finishCancelled() {
        KQueueIoRegistration registration;
        while ((registration = cancelled.poll()) != null) {
            registration.handle().unregistered();
        }
    }

    void ended(KQueueIoRegistration registration) {
        cancelled.add(registration);
    }

    /**
     * What this event loop has done until now. Any thread, also after the event loop has ended. Who has the event loop but not
     * its handler asks {@link KQueueMetrics#of}.
     */
    public KQueueMetrics metrics() {
        return KQueueMetrics.of(engine.counters());
    }

    @Override
    public void wakeup() {
        if (!executor.isExecutorThread(Thread.currentThread())) {
            engine.wakeup();
        }
    }

    @Override
    public void prepareToDestroy() {
        // Events that are there already are told before their channels are closed.
        engine.prepareTurn();
        if (engine.collect(KQueueEngine.NOW)) {
            engine.handOut();
        }
        closeAll();
    }

    private void closeAll() {
        for (KQueueIoRegistration registration : registrations()) {
            registration.close();
        }
        finishCancelled();
    }

    @Override
    public void destroy() {
        // An event loop that is shut down without a quiet period may come here without prepareToDestroy() (4.2.20):
        // what is still registered would never be closed.
        closeAll();
        engine.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) {
        if (!(handle instanceof KQueueIoHandle)) {
            throw new IllegalArgumentException("an event loop of the kqueue transport takes handles of type "
                    + KQueueIoHandle.class.getName() + ", not " + StringUtil.simpleClassName(handle)
                    + ": use the channels of this transport with it");
        }
        KQueueIoHandle kqueueHandle = (KQueueIoHandle) handle;
        if (kqueueHandle.ident() == 0 && !(handle instanceof AbstractKQueueChannel.AbstractKQueueUnsafe)) {
            throw new IllegalArgumentException("ident 0 is the event loop's own");
        }
        KQueueIoRegistration registration = new KQueueIoRegistration(this, executor, engine, memory, kqueueHandle);
        handle.registered();
        return registration;
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return KQueueIoHandle.class.isAssignableFrom(handleType);
    }

    private List<KQueueIoRegistration> registrations() {
        List<KQueueIoRegistration> found = new ArrayList<>(engine.registrations());
        for (int slot = 0; slot < engine.slotExtent(); slot++) {
            KQueueIoRegistration registration = KQueueIoRegistration.of(engine.registrationAt(slot));
            if (registration != null) {
                found.add(registration);
            }
        }
        return found;
    }

    /** The channels registered here. Event loop's thread. */
    List<Channel> channels() {
        List<Channel> channels = new ArrayList<>(engine.registrations());
        for (KQueueIoRegistration registration : registrations()) {
            Channel channel = registration.channel();
            if (channel != null) {
                channels.add(channel);
            }
        }
        return channels;
    }
}
