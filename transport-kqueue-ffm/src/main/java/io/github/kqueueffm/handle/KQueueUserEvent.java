// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.handle;

import io.github.kqueueffm.KQueueFilter;
import io.github.kqueueffm.KQueueIoEvent;
import io.github.kqueueffm.KQueueIoException;
import io.github.kqueueffm.KQueueIoOps;
import io.github.kqueueffm.KQueueNote;
import io.netty.channel.EventLoopGroup;
import io.netty.util.internal.ObjectUtil;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An event that this process fires by itself, with 24 flags (EVFILT_USER; an eventfd on Linux). Triggers that come before the
 * event loop asks the kernel are told at once. A kernel without EVFILT_USER (NetBSD before 10, OpenBSD before 7.8) is found by trying; the event
 * loop then does the same by a task.
 *
 * <p>Changes and triggers of one thread are taken in their order. What is asked for after {@link #close()} is dropped.
 */
public final class KQueueUserEvent extends KQueueHandle {

    /** The bits of the flags: 24. */
    public static final int FLAGS_MASK = 0xffffff;

    /** What a change does to the flags. */
    public enum Operation {
        /** NOTE_FFAND: keeps those that the change has as well. */
        AND {
            @Override
            int apply(int present, int operand) {
                return present & operand;
            }

            @Override
            KQueueNote note() {
                return KQueueNote.FFAND;
            }
        },
        /** NOTE_FFOR: adds those of the change. */
        OR {
            @Override
            int apply(int present, int operand) {
                return present | operand;
            }

            @Override
            KQueueNote note() {
                return KQueueNote.FFOR;
            }
        },
        /** NOTE_FFCOPY: puts those of the change in their place. */
        COPY {
            @Override
            int apply(int present, int operand) {
                return operand;
            }

            @Override
            KQueueNote note() {
                return KQueueNote.FFCOPY;
            }
        };

        abstract int apply(int present, int operand);

        abstract KQueueNote note();
    }

    private enum State {
        /** The kernel has not answered: changes are gathered here. */
        STARTING,
        /** The kernel has the event. */
        KERNEL,
        /** The kernel has no such filter. */
        EMULATED
    }

    private final KQueueUserEventListener listener;

    /** Made once: {@link #trigger()} allocates nothing. */
    private final Runnable triggerTask = this::runTrigger;

    private final Runnable tellTask = this::tellEmulated;
    private final KQueueIoOps triggerOps = KQueueIoOps.newOps(KQueueFilter.USER, 0, KQueueNote.TRIGGER.value());

    /** A plain trigger is on its way to the event loop's thread: another one would say the same. */
    private final AtomicBoolean triggering = new AtomicBoolean();

    private final int initialFlags;

    /** Event loop's thread, as the fields below. Not kept while the kernel has the event. */
    private int flags;

    private boolean triggered;
    private State state = State.STARTING;

    private KQueueUserEvent(EventLoopGroup loops, int flags, KQueueUserEventListener listener) {
        super(loops, KQueueFilter.USER, HandleIdents.next());
        initialFlags = checkFlags(flags);
        this.flags = flags;
        this.listener = ObjectUtil.checkNotNull(listener, "listener");
    }

    /**
     * An event without flags.
     *
     * @throws IllegalArgumentException when the event loop is not of this transport
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueUserEvent open(EventLoopGroup loops, KQueueUserEventListener listener) {
        return open(loops, 0, listener);
    }

    /**
     * An event.
     *
     * @param flags what its flags are at first
     * @throws IllegalArgumentException when the event loop is not of this transport, or {@code flags} has bits outside of
     *     {@link #FLAGS_MASK}
     * @throws java.util.concurrent.RejectedExecutionException when the event loop has ended
     */
    public static KQueueUserEvent open(EventLoopGroup loops, int flags, KQueueUserEventListener listener) {
        KQueueUserEvent event = new KQueueUserEvent(loops, flags, listener);
        event.register();
        return event;
    }

    /** Fires it. */
    public void trigger() {
        if (!isOpen()) {
            return;
        }
        if (eventLoop().inEventLoop()) {
            applyTrigger();
        } else if (triggering.compareAndSet(false, true)) {
            execute(triggerTask);
        }
    }

    /**
     * Changes its flags and fires it.
     *
     * @throws IllegalArgumentException when {@code operand} has bits outside of {@link #FLAGS_MASK}
     */
    public void trigger(Operation operation, int operand) {
        change(operation, operand, true);
    }

    /**
     * Changes its flags without firing it.
     *
     * @throws IllegalArgumentException when {@code operand} has bits outside of {@link #FLAGS_MASK}
     */
    public void update(Operation operation, int operand) {
        change(operation, operand, false);
    }

    private static int checkFlags(int flags) {
        if ((flags & ~FLAGS_MASK) != 0) {
            throw new IllegalArgumentException(
                    "a user event has 24 flags, and 0x" + Integer.toHexString(flags) + " has others");
        }
        return flags;
    }

    private void change(Operation operation, int operand, boolean fires) {
        ObjectUtil.checkNotNull(operation, "operation");
        checkFlags(operand);
        if (!isOpen()) {
            return;
        }
        if (eventLoop().inEventLoop()) {
            apply(operation, operand, fires);
        } else {
            // A plain trigger after this one must come after it, too.
            triggering.set(false);
            execute(() -> apply(operation, operand, fires));
        }
    }

    private void execute(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            if (!eventLoop().isShuttingDown()) {
                throw e;
            }
            // The event loop ends, and this event with it: as after close().
        }
    }

    private void runTrigger() {
        // Before: a trigger from here on is another one.
        triggering.set(false);
        applyTrigger();
    }

    private void applyTrigger() {
        if (state == State.KERNEL) {
            submit(triggerOps);
        } else {
            fire();
        }
    }

    private void apply(Operation operation, int operand, boolean fires) {
        if (state == State.KERNEL) {
            int trigger = fires ? KQueueNote.TRIGGER.value() : 0;
            // Flags 0: a change that carries EV_CLEAR takes back the trigger on FreeBSD, DragonFly and OpenBSD
            // (filt_usertouch).
            submit(KQueueIoOps.newOps(KQueueFilter.USER, 0, operation.note().value() | operand | trigger));
            return;
        }
        flags = operation.apply(flags, operand);
        if (fires) {
            fire();
        }
    }

    private void fire() {
        if (!triggered && state == State.EMULATED) {
            // In a turn of its own, as an event of the kernel would come.
            execute(tellTask);
        }
        triggered = true;
    }

    private void tellEmulated() {
        if (isOpen()) {
            triggered = false;
            try {
                listener.triggered(this, flags);
            } catch (Throwable t) {
                report(t);
            }
        }
    }

    @Override
    KQueueIoOps addition() {
        return KQueueIoOps.newOps(
                KQueueFilter.USER,
                KQueueIoOps.ADD | KQueueIoOps.ENABLE | KQueueIoOps.RECEIPT | KQueueIoOps.CLEAR,
                initialFlags);
    }

    @Override
    void accepted() {
        if (state != State.STARTING) {
            return;
        }
        state = State.KERNEL;
        // What came before the answer.
        boolean fires = triggered;
        triggered = false;
        if (flags != initialFlags) {
            apply(Operation.COPY, flags, fires);
        } else if (fires) {
            applyTrigger();
        }
    }

    @Override
    boolean isRepaired(KQueueIoException cause) {
        // The answer to a filter that there is not (observed on NetBSD 7). The registration stays, without a filter in
        // the
        // kernel: by it the event loop closes this handle when it ends.
        if (!cause.errnoName().equals("EINVAL")) {
            return false;
        }
        state = State.EMULATED;
        if (triggered) {
            execute(tellTask);
        }
        confirmed();
        return true;
    }

    @Override
    void deliver(KQueueIoEvent event) {
        listener.triggered(this, event.fflags() & FLAGS_MASK);
    }

    @Override
    boolean isLast(KQueueIoEvent event) {
        return false;
    }

    @Override
    void caught(Throwable cause) {
        listener.exceptionCaught(this, cause);
    }

    @Override
    public String toString() {
        return "KQueueUserEvent(0x" + Integer.toHexString(initialFlags) + ')';
    }
}
