// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopTaskQueueFactory;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultEventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.RejectedExecutionHandler;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Event loops on kqueue whose channels can be counted and iterated.
 *
 * <p>New code does as well with {@code new MultiThreadIoEventLoopGroup(KQueueIoHandler.newFactory())}; the constructors
 * here are those of Netty's event loop groups of the same kind.
 */
// EventLoopTaskQueueFactory: deprecated, and in the constructors of every event loop group of Netty 4.2 all the same.
@SuppressWarnings("deprecation")
public class KQueueEventLoopGroup extends MultiThreadIoEventLoopGroup {

    /** As many event loops as Netty's default says, twice the number of processors. */
    public KQueueEventLoopGroup() {
        this(0);
    }

    /** @param threads number of event loops; 0 for Netty's default */
    public KQueueEventLoopGroup(int threads) {
        this(threads, (ThreadFactory) null);
    }

    /** Netty's default number of event loops, on threads of {@code threadFactory}. */
    public KQueueEventLoopGroup(@Nullable ThreadFactory threadFactory) {
        this(0, threadFactory, 0);
    }

    /** Netty's default number of event loops, on threads of {@code executor}. */
    public KQueueEventLoopGroup(@Nullable Executor executor) {
        this(0, executor);
    }

    public KQueueEventLoopGroup(int threads, SelectStrategyFactory selectStrategyFactory) {
        this(threads, (ThreadFactory) null, selectStrategyFactory);
    }

    public KQueueEventLoopGroup(int threads, @Nullable ThreadFactory threadFactory) {
        this(threads, threadFactory, 0);
    }

    public KQueueEventLoopGroup(int threads, @Nullable Executor executor) {
        this(threads, executor, DefaultSelectStrategyFactory.INSTANCE);
    }

    public KQueueEventLoopGroup(
            int threads, @Nullable ThreadFactory threadFactory, SelectStrategyFactory selectStrategyFactory) {
        this(threads, threadFactory, 0, selectStrategyFactory);
    }

    /** @param maxEventsAtOnce most events of one turn; 0 for a number that suits most */
    public KQueueEventLoopGroup(int threads, @Nullable ThreadFactory threadFactory, int maxEventsAtOnce) {
        this(threads, threadFactory, maxEventsAtOnce, DefaultSelectStrategyFactory.INSTANCE);
    }

    /** @param maxEventsAtOnce most events of one turn; 0 for a number that suits most */
    public KQueueEventLoopGroup(
            int threads,
            @Nullable ThreadFactory threadFactory,
            int maxEventsAtOnce,
            SelectStrategyFactory selectStrategyFactory) {
        super(
                threads,
                threadFactory,
                KQueueIoHandler.newFactory(maxEventsAtOnce, selectStrategyFactory),
                RejectedExecutionHandlers.reject());
    }

    public KQueueEventLoopGroup(int threads, @Nullable Executor executor, SelectStrategyFactory selectStrategyFactory) {
        this(
                threads,
                executor,
                DefaultEventExecutorChooserFactory.INSTANCE,
                selectStrategyFactory,
                RejectedExecutionHandlers.reject());
    }

    public KQueueEventLoopGroup(
            int threads,
            @Nullable Executor executor,
            EventExecutorChooserFactory chooserFactory,
            SelectStrategyFactory selectStrategyFactory) {
        this(threads, executor, chooserFactory, selectStrategyFactory, RejectedExecutionHandlers.reject());
    }

    public KQueueEventLoopGroup(
            int threads,
            @Nullable Executor executor,
            EventExecutorChooserFactory chooserFactory,
            SelectStrategyFactory selectStrategyFactory,
            RejectedExecutionHandler rejectedExecutionHandler) {
        super(
                threads,
                executor,
                KQueueIoHandler.newFactory(0, selectStrategyFactory),
                chooserFactory,
                rejectedExecutionHandler);
    }

    public KQueueEventLoopGroup(
            int threads,
            @Nullable Executor executor,
            EventExecutorChooserFactory chooserFactory,
            SelectStrategyFactory selectStrategyFactory,
            RejectedExecutionHandler rejectedExecutionHandler,
            @Nullable EventLoopTaskQueueFactory queueFactory) {
        super(
                threads,
                executor,
                KQueueIoHandler.newFactory(0, selectStrategyFactory),
                chooserFactory,
                rejectedExecutionHandler,
                queueFactory);
    }

    /**
     * @param taskQueueFactory makes the queues of tasks
     * @param tailTaskQueueFactory makes the queues of tasks that run at the end of a turn
     */
    public KQueueEventLoopGroup(
            int threads,
            @Nullable Executor executor,
            EventExecutorChooserFactory chooserFactory,
            SelectStrategyFactory selectStrategyFactory,
            RejectedExecutionHandler rejectedExecutionHandler,
            @Nullable EventLoopTaskQueueFactory taskQueueFactory,
            @Nullable EventLoopTaskQueueFactory tailTaskQueueFactory) {
        super(
                threads,
                executor,
                KQueueIoHandler.newFactory(0, selectStrategyFactory),
                chooserFactory,
                rejectedExecutionHandler,
                taskQueueFactory,
                tailTaskQueueFactory);
    }

    /** What all event loops of this group have done until now. Any thread. */
    public KQueueMetrics metrics() {
        return KQueueMetrics.of(this);
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory ioHandlerFactory, Object... args) {
        RejectedExecutionHandler rejected = (RejectedExecutionHandler) args[0];
        EventLoopTaskQueueFactory tasks = args.length > 1 ? (EventLoopTaskQueueFactory) args[1] : null;
        EventLoopTaskQueueFactory tailTasks = args.length > 2 ? (EventLoopTaskQueueFactory) args[2] : null;
        return new KQueueEventLoop(this, executor, ioHandlerFactory, queue(tasks), queue(tailTasks), rejected);
    }

    private static Queue<Runnable> queue(@Nullable EventLoopTaskQueueFactory factory) {
        int capacity = KQueueEventLoop.MAX_PENDING_TASKS;
        return factory == null ? KQueueEventLoop.defaultQueue(capacity) : factory.newTaskQueue(capacity);
    }

    private static final class KQueueEventLoop extends SingleThreadIoEventLoop {

        static final int MAX_PENDING_TASKS = DEFAULT_MAX_PENDING_TASKS;

        KQueueEventLoop(
                KQueueEventLoopGroup parent,
                Executor executor,
                IoHandlerFactory ioHandlerFactory,
                Queue<Runnable> tasks,
                Queue<Runnable> tailTasks,
                RejectedExecutionHandler rejected) {
            super(parent, executor, ioHandlerFactory, tasks, tailTasks, rejected);
        }

        static Queue<Runnable> defaultQueue(int capacity) {
            return newTaskQueue0(capacity);
        }

        @Override
        public int registeredChannels() {
            return ((KQueueIoHandler) ioHandler()).channels().size();
        }

        @Override
        public Iterator<Channel> registeredChannelsIterator() {
            assert inEventLoop();
            return new ChannelsReadOnlyIterator<>(((KQueueIoHandler) ioHandler()).channels());
        }
    }
}
