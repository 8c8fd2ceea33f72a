// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.sys.Syscalls;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Knows whether the one event loop that makes these calls is in a wait without limit, and how many of them it has begun. */
final class WaitWatch implements InvocationHandler {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Syscalls target;
    private LongSupplier wakeups = () -> 0;
    private long triggers;
    private long begun;
    private boolean waiting;

    WaitWatch(Syscalls target) {
        this.target = target;
    }

    Syscalls syscalls() {
        return (Syscalls) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Syscalls.class}, this);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {

        boolean wait = isWait(method.getName(), arguments);
        if (!wait && isTrigger(method.getName())) {
            triggered();
        }
        if (wait) {
            change(true);
        }
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            if (wait) {
                change(false);
            }
        }
    }

    /** With room for events and no timespec. */
    private static boolean isWait(String name, Object[] arguments) {
        return name.equals("kevent") && (int) arguments[4] > 0 && (long) arguments[5] == 0
                || name.equals("epollPwait2") && (long) arguments[3] == 0;
    }

    /** Of the two wakers that are used here; the only one of their calls that a thread other than the event loop's makes. */
    private static boolean isTrigger(String name) {
        return (name.equals("kevent") || name.equals("write"))
                && !(Thread.currentThread() instanceof FastThreadLocalThread);
    }

    private synchronized void triggered() {
        triggers++;
    }

    /** From here on a wait counts only if no wakeup is on its way to it. */
    synchronized void countWakeups(LongSupplier received) {
        triggers = 0;
        wakeups = received;
    }

    private synchronized void change(boolean begins) {
        waiting = begins;
        if (begins) {
            begun++;
        }
        notifyAll();
    }

    synchronized long begun() {
        return begun;
    }

    /** Returns when the event loop is in a wait, and that is at least the {@code count}th. */
    synchronized void await(long count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!waiting || begun < count || wakeups.getAsLong() < triggers) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("the event loop has begun " + begun + " waits, not " + count
                        + (waiting ? "" : ", and is not waiting"));
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
